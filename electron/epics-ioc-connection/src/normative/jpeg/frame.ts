// The frame of a JPEG picture (ITU-T T.81, B.2.2): its size and its components, and the room that they take. Pure.
import { brokenJpeg } from './brokenJpeg';

export const blockEdge = 8;
export const blockSize = blockEdge * blockEdge;
const mostSampling = 4;

/** SOF markers that this decoder has not, by their number. */
const others: Readonly<Record<number, string>> = {
  0xc3: 'lossless', 0xc5: 'hierarchical', 0xc6: 'hierarchical', 0xc7: 'hierarchical', 0xc9: 'arithmetic coding', 0xca: 'arithmetic coding', 0xcb: 'lossless',
  0xcd: 'hierarchical', 0xce: 'hierarchical', 0xcf: 'hierarchical', 0xf7: 'JPEG-LS',
};

export interface Component {
  readonly id: number;
  /** Samples across and down to one of the smallest component. */
  readonly across: number;
  readonly down: number;
  readonly quantisation: number;
  /** Samples that belong to the picture. */
  readonly width: number;
  readonly height: number;
  /** Blocks that hold those, and blocks of whole units, as scans of several components have them. */
  readonly blocksWide: number;
  readonly blocksHigh: number;
  readonly blocksInRow: number;
  readonly rows: number;
  /** Samples, `8 blocksInRow` a row. */
  readonly plane: Uint8ClampedArray;
  /** Progressive: what is known so far of each block, in natural order. */
  readonly coefficients: Int16Array | null;
  /** By place in the zigzag: the lowest bit that is known of that coefficient; -1: nothing yet. */
  readonly known: Int8Array;
  /** What the quantisation table was when its first scan came. */
  scales: Float64Array | null;
  /** Of the blocks of a scan: the mean of the one before. */
  mean: number;
}

export interface Frame {
  readonly progressive: boolean;
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
  /** Units of whole blocks of all components. */
  readonly unitsWide: number;
  readonly unitsHigh: number;
  readonly mostAcross: number;
  readonly mostDown: number;
}

export const isFrame = (marker: number): boolean => marker === 0xc0 || marker === 0xc1 || marker === 0xc2 || others[marker] !== undefined;

interface Limits {
  /** Bytes of the whole picture. */
  readonly largest: number;
  /** Of the compressed picture: each block takes a bit of it at least. */
  readonly bytes: number;
}

/** Errors: `RemoteProtocolError` for a frame that is none, that this decoder has not, or that is beyond `limits`; then no room was made. */
export function readFrame(marker: number, segment: Uint8Array, limits: Limits): Frame {
  const other = others[marker];
  if (other !== undefined) throw brokenJpeg(`is of a kind that is not supported here: ${other}`);
  const [precision, height, width, count] = [segment[0] ?? 0, word(segment, 1), word(segment, 3), segment[5] ?? 0];
  if (segment.length !== 6 + 3 * count) throw brokenJpeg('has a broken frame');
  if (precision !== 8) throw brokenJpeg(`has samples of ${precision} bits, which are not supported here: 8 bits are`);
  if (width === 0 || height === 0) throw brokenJpeg(`does not say its ${width === 0 ? 'width' : 'height'}`);
  if (count !== 1 && count !== 3) throw brokenJpeg(`has ${count} components, which are not supported here: 1 (grey) and 3 (colour) are`);
  const given = Array.from({ length: count }, (_, i) => {
    const sampling = segment[7 + 3 * i] as number;
    return { id: segment[6 + 3 * i] as number, across: sampling >> 4, down: sampling & 15, quantisation: segment[8 + 3 * i] as number };
  });
  if (given.some(({ across, down }) => across < 1 || across > mostSampling || down < 1 || down > mostSampling)) throw brokenJpeg('has a component of impossible sampling');
  if (new Set(given.map(({ id }) => id)).size !== count) throw brokenJpeg('has two components of one name');
  if (width * height * count > limits.largest) throw brokenJpeg(`of ${width} x ${height} holds more than the ${limits.largest} bytes that were announced`);

  const [mostAcross, mostDown] = [Math.max(...given.map(({ across }) => across)), Math.max(...given.map(({ down }) => down))];
  const [unitsWide, unitsHigh] = [Math.ceil(width / (blockEdge * mostAcross)), Math.ceil(height / (blockEdge * mostDown))];
  const blocks = given.reduce((sum, { across, down }) => sum + unitsWide * unitsHigh * across * down, 0);
  if (blocks > 8 * limits.bytes) throw brokenJpeg(`of ${width} x ${height} cannot be in ${limits.bytes} bytes`);
  const progressive = marker === 0xc2;
  const components = given.map((component): Component => {
    const [wide, high] = [Math.ceil((width * component.across) / mostAcross), Math.ceil((height * component.down) / mostDown)];
    const [blocksInRow, rows] = [unitsWide * component.across, unitsHigh * component.down];
    return {
      ...component, width: wide, height: high, blocksWide: Math.ceil(wide / blockEdge), blocksHigh: Math.ceil(high / blockEdge), blocksInRow, rows,
      plane: new Uint8ClampedArray(blocksInRow * rows * blockSize), coefficients: progressive ? new Int16Array(blocksInRow * rows * blockSize) : null,
      known: new Int8Array(blockSize).fill(-1), scales: null, mean: 0,
    };
  });
  return { progressive, width, height, components, unitsWide, unitsHigh, mostAcross, mostDown };
}

export function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
