// The head of a JPEG scan (ITU-T T.81, B.2.3, G.1.1): which components, coefficients and bits of them it brings. Pure.
import { brokenJpeg } from './brokenJpeg';
import { blockSize } from './frame';
import type { Component, Frame } from './frame';
import type { HuffmanTable } from './huffmanTable';
import { scaleTable } from './inverseDct';

/** What DQT, DHT and DRI segments have said so far. */
export interface Tables {
  readonly quantisation: (readonly number[] | undefined)[];
  readonly means: (HuffmanTable | undefined)[];
  readonly details: (HuffmanTable | undefined)[];
  /** Units from one restart marker to the next; 0: none. */
  restartInterval: number;
}

export interface ScanComponent { readonly component: Component; readonly means: HuffmanTable | undefined; readonly details: HuffmanTable | undefined }

export interface Scan {
  readonly components: readonly ScanComponent[];
  /** Places in the zigzag. */
  readonly first: number;
  readonly last: number;
  /** The lowest bit of the coefficients that was known before, 0: none was; and the one that this scan brings. */
  readonly before: number;
  readonly bit: number;
}

const mostBlocksOfUnit = 10;
const highestBit = 13;

/** Errors: `RemoteProtocolError` for a scan that is none, or that brings what is known. */
export function readScan(segment: Uint8Array, frame: Frame, tables: Tables): Scan {
  const count = segment[0] ?? 0;
  if (count < 1 || count > frame.components.length || segment.length !== 4 + 2 * count) throw brokenJpeg('has a broken scan');
  const components = Array.from({ length: count }, (_, i): ScanComponent => {
    const component = frame.components.find(({ id }) => id === segment[1 + 2 * i]);
    if (!component) throw brokenJpeg('has a scan of a component that it has not');
    const chosen = segment[2 + 2 * i] as number;
    return { component, means: tables.means[chosen >> 4], details: tables.details[chosen & 15] };
  });
  const [first, last, bits] = [segment[1 + 2 * count] as number, segment[2 + 2 * count] as number, segment[3 + 2 * count] as number];
  const scan: Scan = frame.progressive ? { components, first, last, before: bits >> 4, bit: bits & 15 } : { components, first: 0, last: blockSize - 1, before: 0, bit: 0 };
  if (frame.progressive && (first > last || last >= blockSize || (first === 0) !== (last === 0) || (first > 0 && count > 1) || scan.bit > highestBit)) throw brokenJpeg('has a scan of impossible coefficients');
  if (new Set(components.map(({ component }) => component)).size !== count) throw brokenJpeg('has a component twice in a scan');
  if (count > 1 && components.reduce((sum, { component: { across, down } }) => sum + across * down, 0) > mostBlocksOfUnit) throw brokenJpeg('has more than 10 blocks in a unit');
  for (const each of components) begin(each, scan, frame, tables);
  return scan;
}

/** Each bit of each coefficient comes once, from the highest down: so no picture takes longer than its size. */
function begin({ component, means, details }: ScanComponent, { first, last, before, bit }: Scan, { progressive }: Frame, tables: Tables): void {
  const { known } = component;
  if (first > 0 && known[0] === -1) throw brokenJpeg('has details of a component before its means');
  for (let place = first; place <= last; place += 1) {
    const expected = known[place] as number;
    if (before === 0 ? expected !== -1 : expected !== before || bit !== before - 1) throw brokenJpeg('has a scan out of order');
    known[place] = bit;
  }
  if (first === 0 && before === 0 && !means) throw brokenJpeg('has a scan without its Huffman table');
  if ((!progressive || first > 0) && !details) throw brokenJpeg('has a scan without its Huffman table');
  component.mean = 0;
  if (component.scales) return;
  const table = tables.quantisation[component.quantisation];
  if (!table) throw brokenJpeg('has a component without its quantisation table');
  component.scales = scaleTable(table);
}
