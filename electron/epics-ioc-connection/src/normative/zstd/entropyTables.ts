// The tables of Zstandard's two codes (RFC 8878, 4.1 and 4.2): FSE, whose states give a symbol and the way to the next state, and Huffman. Pure.
import { BackwardBits, ForwardBits } from './bitReaders';
import { brokenZstd } from './brokenZstd';

const log2 = (number: number): number => 31 - Math.clz32(number);

export class FseTable {
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly bases: Uint16Array;

  /** `probabilities` by symbol, of 2^log in all; -1 is less than one. */
  constructor(readonly log: number, probabilities: ArrayLike<number>) {
    const size = 1 << log;
    this.symbols = new Uint8Array(size);
    this.bits = new Uint8Array(size);
    this.bases = new Uint16Array(size);
    const next = Array.from(probabilities, (probability) => (probability === -1 ? 1 : probability));
    let end = size;
    for (let symbol = 0; symbol < probabilities.length; symbol += 1) if (probabilities[symbol] === -1) this.symbols[end -= 1] = symbol;
    const step = (size >> 1) + (size >> 3) + 3;
    let place = 0;
    for (let symbol = 0; symbol < probabilities.length; symbol += 1) {
      for (let left = probabilities[symbol] as number; left > 0; left -= 1) {
        this.symbols[place] = symbol;
        do place = (place + step) & (size - 1); while (place >= end && end > 0);
      }
    }
    for (let state = 0; state < size; state += 1) {
      const symbol = this.symbols[state] as number;
      const number = next[symbol] as number;
      next[symbol] = number + 1;
      const bits = log - log2(number);
      this.bits[state] = bits;
      this.bases[state] = (number << bits) - size;
    }
  }

  /** One symbol, whatever the bits. */
  static always(symbol: number): FseTable {
    const table = new FseTable(0, []);
    table.symbols[0] = symbol;
    table.bits[0] = 0;
    table.bases[0] = 0;
    return table;
  }

  /** From its description; returns the bytes that it took too. Errors: `RemoteProtocolError`. */
  static read(bytes: Uint8Array, largestLog: number, mostSymbols: number): { readonly table: FseTable; readonly used: number } {
    const bits = new ForwardBits(bytes);
    const log = bits.take(4) + 5;
    if (log > largestLog) throw brokenZstd('has a table larger than it may be');
    const probabilities: number[] = [];
    let left = 1 << log;
    while (left > 0) {
      if (probabilities.length >= mostSymbols) throw brokenZstd('has a table of too many symbols');
      // 0 to left + 1, the lower ones in one bit less.
      const width = log2(left + 1) + 1;
      const short = 2 ** width - 2 - left;
      const half = 2 ** (width - 1);
      let value = bits.take(width);
      if ((value & (half - 1)) < short) {
        bits.giveBack();
        value &= half - 1;
      } else if (value >= half) value -= short;
      const probability = value - 1;
      left -= Math.abs(probability);
      probabilities.push(probability);
      if (probability !== 0) continue;
      for (let more = 3; more === 3;) {
        more = bits.take(2);
        for (let i = 0; i < more; i += 1) probabilities.push(0);
      }
    }
    if (left < 0 || probabilities.length > mostSymbols) throw brokenZstd('has a table that does not add up');
    return { table: new FseTable(log, probabilities), used: bits.used };
  }
}

const longestCode = 11;
const weightLog = 6;
const mostWeights = 255;

export class HuffmanCode {
  readonly symbols: Uint8Array;
  readonly lengths: Uint8Array;

  private constructor(readonly longest: number, weights: readonly number[]) {
    this.symbols = new Uint8Array(1 << longest);
    this.lengths = new Uint8Array(1 << longest);
    let place = 0;
    for (let weight = 1; weight <= longest; weight += 1) {
      weights.forEach((each, symbol) => {
        if (each !== weight) return;
        const end = place + 2 ** (weight - 1);
        this.symbols.fill(symbol, place, end);
        this.lengths.fill(longest + 1 - weight, place, end);
        place = end;
      });
    }
  }

  /** From its description; returns the bytes that it took too. Errors: `RemoteProtocolError`. */
  static read(bytes: Uint8Array): { readonly code: HuffmanCode; readonly used: number } {
    const [size] = bytes;
    if (size === undefined) throw brokenZstd('is cut short');
    const plain = size >= 128;
    const used = 1 + (plain ? (size - 127 + 1) >> 1 : size);
    if (used > bytes.length) throw brokenZstd('is cut short');
    const described = bytes.subarray(1, used);
    const weights = plain ? Array.from({ length: size - 127 }, (_, i) => ((described[i >> 1] as number) >> (i % 2 === 0 ? 4 : 0)) & 15) : weightsOf(described);
    const sum = weights.reduce((total, weight) => total + (weight > 0 ? 2 ** (weight - 1) : 0), 0);
    const longest = sum > 0 ? log2(sum) + 1 : 0;
    const last = 2 ** longest - sum;
    if (longest < 1 || longest > longestCode || (last & (last - 1)) !== 0) throw brokenZstd('has a Huffman code that does not add up');
    return { code: new HuffmanCode(longest, [...weights, log2(last) + 1]), used };
  }

  /** Errors: `RemoteProtocolError` where the bits are not those of so many symbols. */
  decode(bytes: Uint8Array, out: Uint8Array): void {
    const bits = new BackwardBits(bytes);
    const { symbols, lengths, longest } = this;
    for (let i = 0; i < out.length; i += 1) {
      const next = bits.peek(longest);
      out[i] = symbols[next] as number;
      bits.left -= lengths[next] as number;
      if (bits.left < 0) break;
    }
    if (bits.left !== 0) throw brokenZstd('has literals of another number than it says');
  }
}

/** Weights in an FSE code, by two states in turn, until the bits are used up. */
function weightsOf(bytes: Uint8Array): number[] {
  const { table, used } = FseTable.read(bytes, weightLog, longestCode + 1);
  const bits = new BackwardBits(bytes.subarray(used));
  const weights: number[] = [];
  const states = [bits.take(table.log), bits.take(table.log)];
  for (let turn = 0; ; turn = 1 - turn) {
    const state = states[turn] as number;
    weights.push(table.symbols[state] as number);
    states[turn] = (table.bases[state] as number) + bits.take(table.bits[state] as number);
    if (bits.left < 0) {
      weights.push(table.symbols[states[1 - turn] as number] as number);
      break;
    }
    if (weights.length >= mostWeights) break;
  }
  if (weights.length > mostWeights) throw brokenZstd('has a Huffman code of too many symbols');
  return weights;
}
