// The blocks of a scan: sequential ones become samples at once, progressive ones are added to what is known (ITU-T T.81, F.2.2, G.1.2). Pure.
import { brokenJpeg } from './brokenJpeg';
import type { EntropyReader } from './entropyReader';
import { blockEdge, blockSize } from './frame';
import type { Component } from './frame';
import type { HuffmanTable } from './huffmanTable';
import { flatBlock, inverseDct, zigzag } from './inverseDct';
import type { Scan, ScanComponent } from './scanHead';

export interface BlockReader {
  /** `block`: its place among the component's. */
  read(block: number): void;
  /** An interval begins. */
  restart(): void;
}

/** A symbol of 15 zeros and no bits: 16 zeros. */
const longRun = 15;
const mostBitsOfMean = 15;

/** The place of a block's first sample. */
function corner({ blocksInRow }: Component, block: number): number {
  return Math.floor(block / blocksInRow) * blocksInRow * blockSize + (block % blocksInRow) * blockEdge;
}

function readMean(reader: EntropyReader, component: Component, table: HuffmanTable): number {
  const size = reader.symbol(table);
  if (size > mostBitsOfMean) throw brokenJpeg('has a mean of impossible size');
  if (size > 0) component.mean += reader.signed(size);
  return component.mean;
}

export function sequentialBlock(reader: EntropyReader, { component, means, details }: ScanComponent): BlockReader {
  const coefficients = new Int16Array(blockSize);
  const { plane, blocksInRow } = component;
  const [stride, scales, table, others] = [blocksInRow * blockEdge, component.scales as Float64Array, means as HuffmanTable, details as HuffmanTable];
  return {
    restart: () => undefined,
    read(block) {
      coefficients[0] = readMean(reader, component, table);
      let flat = true;
      for (let place = 1; place < blockSize; place += 1) {
        const symbol = reader.symbol(others);
        const size = symbol & 15;
        place += symbol >> 4;
        if (size === 0) {
          if (symbol >> 4 !== longRun) break;
          continue;
        }
        if (place >= blockSize) throw brokenJpeg('has a block of more than 64 coefficients');
        coefficients[zigzag[place] as number] = reader.signed(size);
        flat = false;
      }
      const to = corner(component, block);
      if (flat) return flatBlock(coefficients[0] as number, scales, plane, to, stride);
      inverseDct(coefficients, 0, scales, plane, to, stride);
      coefficients.fill(0);
      return undefined;
    },
  };
}

export function progressiveBlock(reader: EntropyReader, { component, means, details }: ScanComponent, { first, last, before, bit }: Scan): BlockReader {
  const coefficients = component.coefficients as Int16Array;
  if (first === 0) {
    const table = means as HuffmanTable;
    return {
      restart: () => undefined,
      read: before === 0
        ? (block) => { coefficients[block * blockSize] = readMean(reader, component, table) << bit; }
        : (block) => { if (reader.take(1) === 1) coefficients[block * blockSize] = (coefficients[block * blockSize] as number) | (1 << bit); },
    };
  }
  const table = details as HuffmanTable;
  return before === 0 ? new FirstDetails(reader, table, coefficients, first, last, bit) : new FinerDetails(reader, table, coefficients, first, last, bit);
}

/** Coefficients that nothing was known of. */
class FirstDetails implements BlockReader {
  /** Blocks to come that have none. */
  private empty = 0;

  constructor(
    private readonly reader: EntropyReader, private readonly table: HuffmanTable, private readonly coefficients: Int16Array,
    private readonly first: number, private readonly last: number, private readonly bit: number,
  ) {}

  restart(): void { this.empty = 0; }

  read(block: number): void {
    if (this.empty > 0) {
      this.empty -= 1;
      return;
    }
    const { reader, table, last, bit } = this;
    for (let place = this.first; place <= last; place += 1) {
      const symbol = reader.symbol(table);
      const size = symbol & 15;
      const run = symbol >> 4;
      if (size === 0 && run !== longRun) {
        this.empty = (1 << run) - 1 + reader.take(run);
        return;
      }
      place += run;
      if (size === 0) continue;
      if (place > last) throw brokenJpeg('has a block of more coefficients than its scan');
      this.coefficients[block * blockSize + (zigzag[place] as number)] = reader.signed(size) << bit;
    }
  }
}

/** One bit more of coefficients: of those that are not zero so far one bit each, and those that it makes so. */
class FinerDetails implements BlockReader {
  private empty = 0;
  private readonly step: number;

  constructor(
    private readonly reader: EntropyReader, private readonly table: HuffmanTable, private readonly coefficients: Int16Array,
    private readonly first: number, private readonly last: number, bit: number,
  ) { this.step = 1 << bit; }

  restart(): void { this.empty = 0; }

  read(block: number): void {
    const { reader, table, last, step } = this;
    const from = block * blockSize;
    let place = this.first;
    while (this.empty === 0 && place <= last) {
      const symbol = reader.symbol(table);
      const size = symbol & 15;
      const run = symbol >> 4;
      if (size === 0 && run !== longRun) {
        this.empty = (1 << run) + reader.take(run);
        break;
      }
      if (size > 1) throw brokenJpeg('has a new coefficient of more than one bit in a finer scan');
      const value = size === 0 ? 0 : reader.take(1) === 1 ? step : -step;
      place = this.pass(from, place, run);
      if (value !== 0) {
        if (place > last) throw brokenJpeg('has a block of more coefficients than its scan');
        this.coefficients[from + (zigzag[place] as number)] = value;
      }
      place += 1;
    }
    if (this.empty === 0) return;
    this.pass(from, place, blockSize);
    this.empty -= 1;
  }

  /** Refines what is not zero, up to the zero after so many. Returns its place, or one after the last. */
  private pass(from: number, start: number, zeros: number): number {
    const { reader, coefficients, last, step } = this;
    let left = zeros;
    for (let place = start; place <= last; place += 1) {
      const at = from + (zigzag[place] as number);
      const value = coefficients[at] as number;
      if (value === 0) {
        if (left === 0) return place;
        left -= 1;
      } else if (reader.take(1) === 1) coefficients[at] = value > 0 ? value + step : value - step;
    }
    return last + 1;
  }
}

/** All blocks of a progressive component become its samples. */
export function finishComponent(component: Component): void {
  const { coefficients, plane, blocksInRow, rows, scales } = component;
  if (!coefficients || !scales) return;
  const stride = blocksInRow * blockEdge;
  for (let block = 0; block < blocksInRow * rows; block += 1) inverseDct(coefficients, block * blockSize, scales, plane, corner(component, block), stride);
}
