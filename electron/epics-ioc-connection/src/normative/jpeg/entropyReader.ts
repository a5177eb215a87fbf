// The bits of a JPEG scan (ITU-T T.81, annex F.2.2): without the zeros stuffed after 0xFF, up to the next marker. Pure.
import { brokenJpeg, cutJpeg } from './brokenJpeg';
import { longestCode, quickBits } from './huffmanTable';
import type { HuffmanTable } from './huffmanTable';

const quickMask = (1 << quickBits) - 1;
const firstRestart = 0xd0;
const restarts = 8;

export class EntropyReader {
  private bits = 0;
  /** Bits in `bits`, the next one highest. */
  private held = 0;
  /** Of those, zeros that stand for what is not there: lent, so that a code can be looked up whole. */
  private lent = 0;
  private restarted = 0;

  constructor(private readonly bytes: Uint8Array, private at: number) {}

  /** Where the scan's bits end: at a marker, or at the end. */
  get end(): number { return this.at; }

  /** Errors: `RemoteProtocolError` for a code that the table has not. */
  symbol(table: HuffmanTable): number {
    if (this.held < longestCode) this.fill();
    const found = table.quick[(this.bits >>> (this.held - quickBits)) & quickMask] as number;
    if (found === 0) return this.longSymbol(table);
    this.held -= found >> 8;
    return found & 255;
  }

  private longSymbol({ last, shift, symbols }: HuffmanTable): number {
    for (let length = quickBits + 1; length <= longestCode; length += 1) {
      const code = (this.bits >>> (this.held - length)) & ((1 << length) - 1);
      if (code > (last[length] as number)) continue;
      this.held -= length;
      return symbols[code + (shift[length] as number)] as number;
    }
    throw brokenJpeg('has a code that its Huffman tables have not');
  }

  /** The next `count` bits, at most 16. */
  take(count: number): number {
    if (this.held < count) this.fill();
    this.held -= count;
    return (this.bits >>> this.held) & ((1 << count) - 1);
  }

  /** A number of `size` bits, where the lower half of them means the negative ones. */
  signed(size: number): number {
    const bits = this.take(size);
    return bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
  }

  /** After each block. Errors: `RemoteProtocolError` where bits were taken that are not there. */
  check(): void {
    if (this.held < this.lent) throw cutJpeg();
  }

  /** The next interval begins, at its marker. Errors: `RemoteProtocolError` where that is not the one that is due. */
  restart(): void {
    const { bytes } = this;
    while (bytes[this.at] === 0xff && bytes[this.at + 1] === 0xff) this.at += 1;
    if (this.at >= bytes.length) throw cutJpeg();
    if (bytes[this.at] !== 0xff || bytes[this.at + 1] !== firstRestart + this.restarted) throw brokenJpeg('has no restart marker where one is due');
    this.at += 2;
    this.restarted = (this.restarted + 1) % restarts;
    this.held = 0;
    this.lent = 0;
  }

  private fill(): void {
    const { bytes } = this;
    let { at, bits, held } = this;
    for (; held <= 24; held += 8) {
      const byte = at < bytes.length ? bytes[at] as number : 0xff;
      if (byte !== 0xff) at += 1;
      else if (bytes[at + 1] === 0) at += 2;
      else {
        this.lent += 8;
        bits <<= 8;
        continue;
      }
      bits = (bits << 8) | byte;
    }
    this.at = at;
    this.bits = bits;
    this.held = held;
  }
}
