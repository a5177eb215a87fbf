// Reads one message's payload in its byte order; never beyond its end. Specification: "Data encoding", sizes and strings.
import { RemoteProtocolError } from '../../ca/protocol/errors';

const tooShort = 'A message ends before the value that it announces.';
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Structures that a message may hold beyond one per byte: those that hold nothing, and those within each other. */
const spareObjects = 65_536;
const empty = new Uint8Array(0);
const emptyView = new DataView(empty.buffer);

export class WireReader {
  bytes: Uint8Array = empty;
  /** Over `bytes`, with the same offsets. */
  view: DataView = emptyView;
  at = 0;
  end = 0;
  littleEndian = false;
  /** The bytes belong to this message alone: arrays may be swapped in place and handed out as views. */
  owned = false;
  /** Bytes before the next large payload that would have aligned the array in the one before. */
  lead = 0;
  /** Objects that may still be made of this message. */
  private objectsLeft = 0;

  /** Takes `bytes` from `start` to `end` as the payload; the reader may be used again and again. */
  reset(bytes: Uint8Array, view: DataView, start: number, end: number, littleEndian: boolean, owned: boolean): this {
    this.bytes = bytes;
    this.view = view;
    this.at = start;
    this.end = end;
    this.littleEndian = littleEndian;
    this.owned = owned;
    this.objectsLeft = end - start + spareObjects;
    return this;
  }

  /** A reader of its own over `bytes`. */
  static of(bytes: Uint8Array, littleEndian: boolean): WireReader {
    return new WireReader().reset(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length, littleEndian, false);
  }

  get remaining(): number { return this.end - this.at; }

  /** Claims `size` bytes and returns the offset of the first. Throws RemoteProtocolError where the message is too short. */
  take(size: number): number {
    const at = this.at;
    if (size > this.end - at) throw new RemoteProtocolError(tooShort);
    this.at = at + size;
    return at;
  }

  /** Says that an object is made. Throws RemoteProtocolError for more of them than the message can mean: empty structures take no bytes. */
  makeObject(): void {
    this.objectsLeft -= 1;
    if (this.objectsLeft < 0) throw new RemoteProtocolError('A message holds more structures than its size can mean.');
  }

  u8(): number { return this.bytes[this.take(1)] as number; }
  i8(): number { return this.view.getInt8(this.take(1)); }
  u16(): number { return this.view.getUint16(this.take(2), this.littleEndian); }
  i16(): number { return this.view.getInt16(this.take(2), this.littleEndian); }
  u32(): number { return this.view.getUint32(this.take(4), this.littleEndian); }
  i32(): number { return this.view.getInt32(this.take(4), this.littleEndian); }
  f32(): number { return this.view.getFloat32(this.take(4), this.littleEndian); }
  f64(): number { return this.view.getFloat64(this.take(8), this.littleEndian); }

  /** A number where it is exact, else a bigint. */
  i64(): number | bigint {
    const at = this.take(8);
    const high = this.view.getInt32(this.littleEndian ? at + 4 : at, this.littleEndian);
    if (high >= -0x200000 && high < 0x200000) return joined(high, this.view.getUint32(this.littleEndian ? at : at + 4, this.littleEndian));
    return this.view.getBigInt64(at, this.littleEndian);
  }

  /** A number where it is exact, else a bigint. */
  u64(): number | bigint {
    const at = this.take(8);
    const high = this.view.getUint32(this.littleEndian ? at + 4 : at, this.littleEndian);
    if (high < 0x200000) return joined(high, this.view.getUint32(this.littleEndian ? at : at + 4, this.littleEndian));
    return this.view.getBigUint64(at, this.littleEndian);
  }

  /** One byte, or 254 and an i32; 255 is null, given as -1. */
  sizeOrNull(): number {
    const first = this.u8();
    if (first < 254) return first;
    if (first === 255) return -1;
    const size = this.i32();
    // 2^31 - 1 announces a 64-bit size: nothing that fits into a message here.
    if (size < 0 || size === 0x7fffffff) throw new RemoteProtocolError(`A message announces a size of ${size}, which no message can hold.`);
    return size;
  }

  /** A size that may not be null. */
  size(): number {
    const size = this.sizeOrNull();
    if (size < 0) throw new RemoteProtocolError('A message says null where a size must be.');
    return size;
  }

  /** A count of elements of at least `least` bytes each, checked against what the message still holds. */
  count(least: number): number {
    const count = this.size();
    if (count * least > this.end - this.at) throw new RemoteProtocolError(tooShort);
    return count;
  }

  /** A null string is an empty one: there are no null strings. UTF-8, or Latin-1 where it is none. */
  string(): string {
    const length = this.sizeOrNull();
    if (length <= 0) return '';
    const start = this.take(length);
    return text(this.bytes, start, start + length);
  }

  /** A copy of the next `size` bytes. */
  copy(size: number): Uint8Array {
    const start = this.take(size);
    // Not `slice`: of a Buffer that is a view.
    return new Uint8Array(this.bytes.subarray(start, start + size));
  }
}

function joined(high: number, low: number): number | bigint {
  const value = high * 0x1_0000_0000 + low;
  return value >= Number.MIN_SAFE_INTEGER ? value : BigInt(high) * 0x1_0000_0000n + BigInt(low);
}

function text(bytes: Uint8Array, start: number, stop: number): string {
  if (stop - start <= 24) {
    let ascii = '';
    let at = start;
    for (; at < stop; at += 1) {
      const byte = bytes[at] as number;
      if (byte >= 0x80) break;
      ascii += String.fromCharCode(byte);
    }
    if (at === stop) return ascii;
  }
  try {
    return strictUtf8.decode(bytes.subarray(start, stop));
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, stop - start).toString('latin1');
  }
}
