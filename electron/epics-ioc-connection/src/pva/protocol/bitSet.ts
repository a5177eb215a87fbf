// Which fields of a structure are meant: bit 0 is the whole structure, then its fields depth first (specification: "BitSet").
import type { WireReader } from './wireReader';
import type { WireWriter } from './wireWriter';

export class BitSet {
  /** 32 bits a word, the lowest bits first. */
  private words: number[] = [];

  static of(...bits: readonly number[]): BitSet {
    const set = new BitSet();
    for (const bit of bits) set.add(bit);
    return set;
  }

  add(bit: number): this {
    const word = bit >>> 5;
    while (this.words.length <= word) this.words.push(0);
    this.words[word] = (this.words[word] as number) | (1 << (bit & 31));
    return this;
  }

  has(bit: number): boolean {
    return (((this.words[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
  }

  /** The first bit that is set at `from` or after; Infinity where there is none. */
  next(from: number): number {
    const { words } = this;
    let index = from >>> 5;
    if (index >= words.length) return Infinity;
    let word = (words[index] as number) & (-1 << (from & 31));
    while (word === 0) {
      index += 1;
      if (index >= words.length) return Infinity;
      word = words[index] as number;
    }
    return index * 32 + 31 - Math.clz32(word & -word);
  }

  get isEmpty(): boolean { return this.next(0) === Infinity; }

  or(other: BitSet): this {
    for (let i = 0; i < other.words.length; i += 1) this.words[i] = (this.words[i] ?? 0) | (other.words[i] as number);
    return this;
  }

  clear(): void { this.words.length = 0; }

  clone(): BitSet { return new BitSet().or(this); }

  /** Every bit that is set, in order. */
  toArray(): number[] {
    const bits: number[] = [];
    for (let bit = this.next(0); bit < Infinity; bit = this.next(bit + 1)) bits.push(bit);
    return bits;
  }

  /** Whole groups of 8 bytes are 64-bit words in the message's byte order; the rest are single bytes, the lowest first. */
  static read(reader: WireReader): BitSet {
    const size = reader.count(1);
    const set = new BitSet();
    const start = reader.take(size);
    const whole = reader.littleEndian ? 0 : size - (size % 8);
    for (let i = 0; i < size; i += 1) {
      const byte = reader.bytes[start + (i < whole ? (i - (i % 8)) + 7 - (i % 8) : i)] as number;
      const word = i >> 2;
      if ((i & 3) === 0) set.words.push(byte);
      else set.words[word] = (set.words[word] as number) | (byte << ((i & 3) * 8));
    }
    return set;
  }

  /** A set of 32 bits at most, as a number whose sign bit is the highest of them; null where a higher one is set. The reader is then behind the whole set. */
  static readLowest(reader: WireReader): number | null {
    const size = reader.count(1);
    const start = reader.take(size);
    const { bytes } = reader;
    const turned = !reader.littleEndian && size >= 8;
    let bits = 0;
    for (let i = Math.min(size, 4) - 1; i >= 0; i -= 1) bits = (bits << 8) | (bytes[start + (turned ? 7 - i : i)] as number);
    for (let i = 4; i < size; i += 1) if (bytes[start + (turned && i < 8 ? 7 - i : i)] !== 0) return null;
    return bits;
  }

  write(writer: WireWriter): void {
    let size = this.words.length * 4;
    while (size > 0 && this.byte(size - 1) === 0) size -= 1;
    writer.size(size);
    const start = writer.claim(size);
    const whole = writer.littleEndian ? 0 : size - (size % 8);
    for (let i = 0; i < size; i += 1) writer.bytes[start + (i < whole ? (i - (i % 8)) + 7 - (i % 8) : i)] = this.byte(i);
  }

  private byte(index: number): number {
    return ((this.words[index >> 2] ?? 0) >>> ((index & 3) * 8)) & 255;
  }
}
