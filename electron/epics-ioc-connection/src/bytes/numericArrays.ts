// Big-endian arrays on the wire <-> native typed arrays, by the platform's own byte swap.
import type { NumericArray } from '../value';

export type ElementType = 'SHORT' | 'FLOAT' | 'ENUM' | 'CHAR' | 'LONG' | 'DOUBLE';

const constructors = {
  SHORT: Int16Array, FLOAT: Float32Array, ENUM: Uint16Array, CHAR: Uint8Array, LONG: Int32Array, DOUBLE: Float64Array,
} as const;

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Turns the bytes round in place, `elementSize` bytes at a time (1, 2, 4 or 8). Nothing to do on a big-endian machine. */
export function swapInPlace(bytes: Uint8Array, elementSize: number): void {
  if (!littleEndian || elementSize === 1) return;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (elementSize === 2) buffer.swap16();
  else if (elementSize === 4) buffer.swap32();
  else buffer.swap64();
}

/**
 * Reads `count` big-endian elements at `start`. With `owned` the bytes may be swapped where they are and a view of them
 * is handed out (no copy); else, or where they are not aligned, a copy is made. `turnedTo`: offset in `bytes` up to which that
 * was done before, of owned bytes alone.
 */
export function readArray(type: ElementType, bytes: Uint8Array, start: number, count: number, owned: boolean, turnedTo = 0): NumericArray {
  const make = constructors[type];
  const size = make.BYTES_PER_ELEMENT;
  const at = bytes.byteOffset + start;
  if (owned && at % size === 0) {
    const end = start + count * size;
    if (turnedTo < end) swapInPlace(bytes.subarray(Math.max(start, turnedTo), end), size);
    return new make(bytes.buffer as ArrayBuffer, at, count);
  }
  const copy = new Uint8Array(count * size);
  copy.set(bytes.subarray(start, start + count * size));
  swapInPlace(copy, size);
  return new make(copy.buffer);
}

/** Writes `count` elements of `values` at `start`, converted to `type` as typed arrays convert (missing ones are 0). */
export function writeArray(type: ElementType, target: Uint8Array, start: number, count: number, values: ArrayLike<number>): void {
  const make = constructors[type];
  const size = make.BYTES_PER_ELEMENT;
  let native: NumericArray;
  if (values instanceof make) native = values.length > count ? values.subarray(0, count) : values;
  else {
    native = new make(Math.min(count, values.length));
    for (let i = 0; i < native.length; i += 1) native[i] = values[i] as number;
  }
  const region = target.subarray(start, start + native.length * size);
  region.set(new Uint8Array(native.buffer, native.byteOffset, native.byteLength));
  swapInPlace(region, size);
}
