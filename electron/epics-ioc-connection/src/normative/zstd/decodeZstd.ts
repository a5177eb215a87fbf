// Zstandard frames (RFC 8878) without a dictionary, as Blosc has them: blocks of literals and of copies of what came before. Pure.
import { repeatBytes } from '../repeatBytes';
import { BackwardBits } from './bitReaders';
import { brokenZstd } from './brokenZstd';
import { FseTable, HuffmanCode } from './entropyTables';

const magic = [0x28, 0xb5, 0x2f, 0xfd];
const largestBlock = 1 << 17;

/** One of the three numbers of a sequence: the bits that follow its code, the numbers that each code begins with, and its usual table. */
interface Kind { readonly extra: readonly number[]; readonly bases: readonly number[]; readonly largestLog: number; readonly usual: FseTable }

function kindOf(first: number, extra: readonly number[], largestLog: number, log: number, probabilities: readonly number[]): Kind {
  let base = first;
  const bases = extra.map((bits) => { const begin = base; base += 2 ** bits; return begin; });
  return { extra, bases, largestLog, usual: new FseTable(log, probabilities) };
}

const times = (count: number, value: number): number[] => Array.from({ length: count }, () => value);
const literalLengths = kindOf(0, [...times(16, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], 9,
  6, [4, 3, ...times(11, 2), 1, 1, 1, ...times(9, 2), 3, 2, ...times(5, 1), ...times(4, -1)]);
const matchLengths = kindOf(3, [...times(32, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], 9, 6, [1, 4, 3, ...times(6, 2), ...times(37, 1), ...times(7, -1)]);
const offsets = kindOf(1, Array.from({ length: 32 }, (_, code) => code), 8, 5, [...times(6, 1), 2, 2, 2, ...times(15, 1), ...times(5, -1)]);

/** Returns how many bytes were written. Errors: `RemoteProtocolError` for bytes that are no frames, or hold more than `out` has room for. */
export function decodeZstd(bytes: Uint8Array, out: Uint8Array): number {
  let [at, to] = [0, 0];
  while (at < bytes.length) {
    const frame = new Frame(bytes, at, out, to);
    frame.decode();
    [at, to] = [frame.at, frame.to];
  }
  return to;
}

class Frame {
  private code: HuffmanCode | null = null;
  private readonly tables: [FseTable | null, FseTable | null, FseTable | null] = [null, null, null];
  /** The distances of the last copies. */
  private recent: [number, number, number] = [1, 4, 8];
  private readonly start: number;

  constructor(private readonly bytes: Uint8Array, public at: number, private readonly out: Uint8Array, public to: number) { this.start = to; }

  decode(): void {
    if (magic.some((byte, i) => this.bytes[this.at + i] !== byte)) throw brokenZstd('does not begin as one');
    this.at += magic.length;
    const about = this.byte();
    const single = (about & 0x20) !== 0;
    if (about & 0x08) throw brokenZstd('is of a kind that is not known');
    const sizeBytes = [single ? 1 : 0, 2, 4, 8][about >> 6] as number;
    const dictionaryBytes = [0, 1, 2, 4][about & 3] as number;
    if (!single) this.byte();
    if (this.number(dictionaryBytes) !== 0) throw brokenZstd('needs a dictionary, which is not supported here');
    // Said again by what announced it.
    this.number(sizeBytes);
    for (let last = false; !last;) {
      const header = this.number(3);
      last = (header & 1) !== 0;
      this.block((header >> 1) & 3, header >> 3);
    }
    // A checksum, which is not looked at.
    if (about & 0x04) this.number(4);
  }

  private block(type: number, size: number): void {
    const { out } = this;
    if (type === 3 || size > largestBlock) throw brokenZstd('has a block of no known kind');
    if (type === 2) return this.sequences(this.take(size));
    const end = this.to + size;
    if (end > out.length) throw tooMuch(out.length);
    if (type === 0) out.set(this.take(size), this.to);
    else out.fill(this.byte(), this.to, end);
    this.to = end;
    return undefined;
  }

  /** A block of literals with sequences: so many of the literals, then a copy. */
  private sequences(block: Uint8Array): void {
    const { literals, used } = this.literals(block);
    const rest = block.subarray(used);
    let at = 1;
    let count = rest[0] ?? 0;
    if (count === 255) [count, at] = [(rest[1] ?? 0) + ((rest[2] ?? 0) << 8) + 0x7f00, 3];
    else if (count >= 128) [count, at] = [((count - 128) << 8) + (rest[1] ?? 0), 2];
    let from = 0;
    if (count > 0) {
      const modes = rest[at] ?? 0;
      at += 1;
      [literalLengths, offsets, matchLengths].forEach((kind, i) => { at += this.table(i, (modes >> (6 - 2 * i)) & 3, kind, rest.subarray(at)); });
      from = this.copy(literals, count, new BackwardBits(rest.subarray(at)));
    } else if (rest.length !== 1) throw brokenZstd('has a block with something after its end');
    this.literal(literals, from, literals.length - from);
  }

  /** Returns the bytes that the table's description took. */
  private table(index: number, mode: number, kind: Kind, bytes: Uint8Array): number {
    const { tables } = this;
    if (mode === 0) tables[index] = kind.usual;
    if (mode === 1) {
      const [symbol] = bytes;
      if (symbol === undefined || symbol >= kind.extra.length) throw brokenZstd('has a code that there is not');
      tables[index] = FseTable.always(symbol);
      return 1;
    }
    if (mode === 2) {
      const { table, used } = FseTable.read(bytes, kind.largestLog, kind.extra.length);
      tables[index] = table;
      return used;
    }
    if (mode === 3 && !tables[index]) throw brokenZstd('repeats a table that it has not had');
    return 0;
  }

  /** Returns how many literals were used. */
  private copy(literals: Uint8Array, count: number, bits: BackwardBits): number {
    const [lengths, distances, matches] = this.tables as [FseTable, FseTable, FseTable];
    let [length, distance, match] = [bits.take(lengths.log), bits.take(distances.log), bits.take(matches.log)];
    let from = 0;
    for (let left = count; left > 0; left -= 1) {
      const offset = numberOf(offsets, distances.symbols[distance] as number, bits);
      const size = numberOf(matchLengths, matches.symbols[match] as number, bits);
      const before = numberOf(literalLengths, lengths.symbols[length] as number, bits);
      if (left > 1) {
        length = (lengths.bases[length] as number) + bits.take(lengths.bits[length] as number);
        match = (matches.bases[match] as number) + bits.take(matches.bits[match] as number);
        distance = (distances.bases[distance] as number) + bits.take(distances.bits[distance] as number);
      }
      if (bits.left < 0) throw brokenZstd('is cut short');
      if (from + before > literals.length) throw brokenZstd('has sequences of more literals than there are');
      this.literal(literals, from, before);
      from += before;
      this.match(this.distance(offset, before), size);
    }
    if (bits.left !== 0) throw brokenZstd('has bits after its last sequence');
    return from;
  }

  /** 1 to 3 name a distance of before; without literals before it, the one after that. */
  private distance(offset: number, literals: number): number {
    const [one, two, three] = this.recent;
    if (offset > 3) {
      this.recent = [offset - 3, one, two];
      return offset - 3;
    }
    const which = offset + (literals === 0 ? 1 : 0);
    if (which === 1) return one;
    const chosen = which === 2 ? two : which === 3 ? three : one - 1;
    this.recent = which === 2 ? [two, one, three] : [chosen, one, two];
    return chosen;
  }

  private literal(literals: Uint8Array, from: number, count: number): void {
    if (this.to + count > this.out.length) throw tooMuch(this.out.length);
    this.out.set(literals.subarray(from, from + count), this.to);
    this.to += count;
  }

  private match(distance: number, size: number): void {
    const { out, to } = this;
    if (distance < 1 || distance > to - this.start) throw brokenZstd('refers to bytes before its start');
    if (to + size > out.length) throw tooMuch(out.length);
    repeatBytes(out, to, distance, size);
    this.to = to + size;
  }

  private literals(block: Uint8Array): { readonly literals: Uint8Array; readonly used: number } {
    const type = (block[0] ?? 0) & 3;
    const format = ((block[0] ?? 0) >> 2) & 3;
    const low = (block[0] ?? 0) + (block[1] ?? 0) * 2 ** 8 + (block[2] ?? 0) * 2 ** 16;
    if (type < 2) {
      const [head, size] = format === 1 ? [2, (low >> 4) & 0xfff] : format === 3 ? [3, low >> 4] : [1, (low >> 3) & 31];
      const used = head + (type === 0 ? size : 1);
      if (used > block.length || size > largestBlock) throw brokenZstd('is cut short');
      return { literals: type === 0 ? block.subarray(head, used) : new Uint8Array(size).fill(block[head] as number), used };
    }
    const [head, width] = format < 2 ? [3, 10] : format === 2 ? [4, 14] : [5, 18];
    const whole = low + (block[3] ?? 0) * 2 ** 24 + (block[4] ?? 0) * 2 ** 32;
    const size = Math.floor(whole / 16) % 2 ** width;
    const used = head + (Math.floor(whole / 2 ** (4 + width)) % 2 ** width);
    if (used > block.length || size > largestBlock) throw brokenZstd('is cut short');
    let streams = block.subarray(head, used);
    if (type === 2) {
      const described = HuffmanCode.read(streams);
      this.code = described.code;
      streams = streams.subarray(described.used);
    }
    if (!this.code) throw brokenZstd('repeats a Huffman code that it has not had');
    const literals = new Uint8Array(size);
    if (format === 0) this.code.decode(streams, literals);
    else this.fourStreams(this.code, streams, literals);
    return { literals, used };
  }

  private fourStreams(code: HuffmanCode, streams: Uint8Array, literals: Uint8Array): void {
    const part = (literals.length + 3) >> 2;
    let at = 6;
    for (let i = 0; i < 4; i += 1) {
      const end = i < 3 ? at + ((streams[2 * i] ?? 0) | ((streams[2 * i + 1] ?? 0) << 8)) : streams.length;
      if (end > streams.length || 3 * part > literals.length) throw brokenZstd('is cut short');
      code.decode(streams.subarray(at, end), literals.subarray(i * part, i < 3 ? (i + 1) * part : literals.length));
      at = end;
    }
  }

  private byte(): number { return this.number(1); }

  /** Little-endian. */
  private number(size: number): number {
    return this.take(size).reduceRight((number, byte) => number * 256 + byte, 0);
  }

  private take(size: number): Uint8Array {
    if (size > this.bytes.length - this.at) throw brokenZstd('is cut short');
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }
}

function numberOf({ bases, extra }: Kind, code: number, bits: BackwardBits): number {
  const width = extra[code];
  if (width === undefined) throw brokenZstd('has a code that there is not');
  return (bases[code] as number) + bits.take(width);
}

const tooMuch = (size: number): Error => brokenZstd(`holds more than the ${size} bytes that were announced`);
