// Samples of a JPEG picture's components to its pixels: the smaller components stretched, YCbCr made RGB (ITU-T T.871). Pure.
import { blockEdge } from './frame';
import type { Component, Frame } from './frame';

/** Bytes from a pixel to the next one in its row, from a row to the next one, and from red to green to blue. */
export interface Layout { readonly pixel: number; readonly row: number; readonly channel: number }

/** The samples of one row of the picture; good until the next call. */
type RowReader = (y: number) => Uint8ClampedArray | Uint8Array;

/** What a colour difference adds to a colour, by its sample: rounded, or for green, to which both add, in parts of `one`. */
const one = 1 << 16;
const middle = 128;
const differences = Array.from({ length: 256 }, (_, sample) => sample - middle);
const redOfRed = Int16Array.from(differences, (difference) => Math.round(1.402 * difference));
const blueOfBlue = Int16Array.from(differences, (difference) => Math.round(1.772 * difference));
const greenOfRed = Int32Array.from(differences, (difference) => Math.round(-0.714136286 * difference * one) + one / 2);
const greenOfBlue = Int32Array.from(differences, (difference) => Math.round(-0.344136286 * difference * one));

/** `ycc`: luminance and two colour differences; else red, green and blue as they are. */
export function writePixels(frame: Frame, ycc: boolean, { pixel, row, channel }: Layout, data: Uint8Array): void {
  const { width, height, components } = frame;
  const out = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
  const rows = components.map((component) => rowReader(component, frame));
  const [alone, two, three] = rows as [RowReader, RowReader?, RowReader?];
  for (let y = 0; y < height; y += 1) {
    const first = alone(y);
    if (!two || !three) {
      out.set(first.subarray(0, width), y * width);
      continue;
    }
    const [second, third] = [two(y), three(y)];
    let at = y * row;
    if (ycc) {
      for (let x = 0; x < width; x += 1, at += pixel) {
        const luminance = first[x] as number;
        const blue = second[x] as number;
        const red = third[x] as number;
        out[at] = luminance + (redOfRed[red] as number);
        out[at + channel] = luminance + (((greenOfBlue[blue] as number) + (greenOfRed[red] as number)) >> 16);
        out[at + 2 * channel] = luminance + (blueOfBlue[blue] as number);
      }
    } else {
      for (let x = 0; x < width; x += 1, at += pixel) {
        out[at] = first[x] as number;
        out[at + channel] = second[x] as number;
        out[at + 2 * channel] = third[x] as number;
      }
    }
  }
}

/** Half as many samples are stretched by a triangle, three parts of the nearer one and one of the other; anything else by repeating. */
function rowReader(component: Component, { width, mostAcross, mostDown }: Frame): RowReader {
  const { plane, blocksInRow, across, down, height } = component;
  const stride = blocksInRow * blockEdge;
  const rowAt = (y: number): Uint8ClampedArray => plane.subarray(y * stride, (y + 1) * stride);
  if (across === mostAcross && down === mostDown) return rowAt;
  const stretched = new Uint8Array(Math.max(width + 1, 2 * component.width));
  const halfWide = across * 2 === mostAcross && component.width > 2;
  const halfHigh = down * 2 === mostDown && (halfWide || across === mostAcross);
  /** Four times the samples of a row between two of the component's. */
  const mixed = new Int16Array(component.width);
  const mix = (y: number): void => {
    const near = y >> 1;
    const far = Math.min(Math.max(y % 2 === 0 ? near - 1 : near + 1, 0), height - 1);
    for (let x = 0, at = near * stride, other = far * stride; x < component.width; x += 1) mixed[x] = 3 * (plane[at + x] as number) + (plane[other + x] as number);
  };
  if (halfHigh && !halfWide) return (y) => {
    mix(y);
    // What is half is rounded up in one row and down in the next one.
    const rounding = 1 + (y % 2);
    for (let x = 0; x < component.width; x += 1) stretched[x] = ((mixed[x] as number) + rounding) >> 2;
    return stretched;
  };
  if (halfHigh) return (y) => {
    mix(y);
    stretch(mixed, component.width, stretched, 8, 7, 4);
    return stretched;
  };
  const repeated = (y: number): Uint8ClampedArray => rowAt(Math.floor((y * down) / mostDown));
  if (halfWide) return (y) => {
    stretch(repeated(y), component.width, stretched, 1, 2, 2);
    return stretched;
  };
  if (across === mostAcross) return repeated;
  return (y) => {
    const samples = repeated(y);
    for (let x = 0; x < width; x += 1) stretched[x] = samples[Math.floor((x * across) / mostAcross)] as number;
    return stretched;
  };
}

/** Two for each sample; `early` and `late`: how they are rounded, so that what is half goes up once and down once. */
function stretch(samples: Uint8ClampedArray | Int16Array, count: number, out: Uint8Array, early: number, late: number, bits: number): void {
  const last = count - 1;
  for (let x = 0; x <= last; x += 1) {
    const part = 3 * (samples[x] as number);
    out[2 * x] = (part + (samples[x === 0 ? 0 : x - 1] as number) + early) >> bits;
    out[2 * x + 1] = (part + (samples[x === last ? x : x + 1] as number) + late) >> bits;
  }
}
