// The two ways in which Zstandard reads bits (RFC 8878, 4.1): tables from the first byte on, everything else from the last byte back. Pure.
import { brokenZstd } from './brokenZstd';

/** So many bits can be taken from four bytes, wherever they begin. */
const atOnce = 24;

/** Bits at a place of little-endian bytes; what is beyond them is zero. */
function bitsAt(bytes: Uint8Array, place: number, count: number): number {
  const at = place >> 3;
  const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
  return (word >>> (place & 7)) & ((1 << count) - 1);
}

export class ForwardBits {
  private place = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** At most 16 bits. Errors: `RemoteProtocolError` beyond the end. */
  take(count: number): number {
    const found = bitsAt(this.bytes, this.place, count);
    this.place += count;
    if (this.place > 8 * this.bytes.length) throw brokenZstd('is cut short');
    return found;
  }

  /** The last one was not meant. */
  giveBack(): void { this.place -= 1; }

  /** Bytes that were used, the last one whole. */
  get used(): number { return (this.place + 7) >> 3; }
}

export class BackwardBits {
  /** Bits that are left; below zero, so many were taken that are not there. */
  left: number;

  /** Errors: `RemoteProtocolError` where the last byte does not say which bit is the first. */
  constructor(private readonly bytes: Uint8Array) {
    const last = bytes[bytes.length - 1];
    if (!last) throw brokenZstd('has bits without a beginning');
    this.left = 8 * bytes.length - 8 + 31 - Math.clz32(last);
  }

  take(count: number): number {
    if (count > atOnce) return this.take(count - atOnce) * 2 ** atOnce + this.take(atOnce);
    this.left -= count;
    return this.left >= 0 ? bitsAt(this.bytes, this.left, count) : this.beyond(count);
  }

  /** The next bits, without taking them. */
  peek(count: number): number {
    const start = this.left - count;
    if (start >= 0) return bitsAt(this.bytes, start, count);
    return this.left > 0 ? bitsAt(this.bytes, 0, this.left) << -start : 0;
  }

  /** Zeros stand for what is before the first bit. */
  private beyond(count: number): number {
    const there = this.left + count;
    return there > 0 ? bitsAt(this.bytes, 0, there) << -this.left : 0;
  }
}
