// One record of a run's arrays file: a header that says what follows, then the values, little-endian, the last axis fastest.
//   0 "ESARRAY1"   8 bytes of the header, padding included (u32)   12 CRC-32 of the values (u32)   16 bytes of the values (u64)
//   24 numpy's type, e.g. "<u2" (4)   28 rank n (u32)   32 shape (n times u64)   32 + 8 n CRC-32 of all before it (u32)
// Header and values are each padded with zeros to a multiple of 8 bytes.
import type { NumericArray } from '@shared/pv';
import { crc32 } from '../journal/crc32';

const magic = 'ESARRAY1';
const makers = {
  '|u1': Uint8Array, '<i2': Int16Array, '<u2': Uint16Array, '<i4': Int32Array, '<f4': Float32Array, '<f8': Float64Array,
} as const;
/** As numpy writes types. */
export type ArrayType = keyof typeof makers;

/** Where an array is and what it is like. `offset`: bytes from the file's beginning to its values. */
export interface ArrayPlace { readonly offset: number; readonly dtype: ArrayType; readonly shape: readonly number[] }

export function isArrayType(text: unknown): text is ArrayType {
  return typeof text === 'string' && text in makers;
}

export function typeOf(values: NumericArray): ArrayType {
  const found = (Object.keys(makers) as ArrayType[]).find((type) => values instanceof makers[type]);
  if (!found) throw new TypeError('no array of numbers');
  return found;
}

export const bytesOf = (type: ArrayType): number => makers[type].BYTES_PER_ELEMENT;
export const elementsOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
const padded = (length: number): number => Math.ceil(length / 8) * 8;
export const headerLength = (rank: number): number => padded(32 + 8 * rank + 4);

/** Bytes from the beginning of an array's record to the beginning of the next one. */
export function recordLength({ dtype, shape }: Pick<ArrayPlace, 'dtype' | 'shape'>): number {
  return headerLength(shape.length) + padded(elementsOf(shape) * bytesOf(dtype));
}

export function numbersOf(type: ArrayType, values: ArrayLike<number>): NumericArray {
  return makers[type].from(values);
}

/** `bytes` at a multiple of the type's size. */
export function viewAs(type: ArrayType, { buffer, byteOffset, byteLength }: Uint8Array): NumericArray {
  return new makers[type](buffer as ArrayBuffer, byteOffset, byteLength / bytesOf(type));
}

function header(dtype: ArrayType, shape: readonly number[], length: number, checksum: number): Buffer {
  const bytes = Buffer.alloc(headerLength(shape.length));
  bytes.write(magic, 'latin1');
  bytes.writeUInt32LE(bytes.length, 8);
  bytes.writeUInt32LE(checksum, 12);
  bytes.writeBigUInt64LE(BigInt(length), 16);
  bytes.write(dtype, 24, 'latin1');
  bytes.writeUInt32LE(shape.length, 28);
  shape.forEach((size, axis) => bytes.writeBigUInt64LE(BigInt(size), 32 + 8 * axis));
  const end = 32 + 8 * shape.length;
  bytes.writeUInt32LE(crc32(bytes, 0, end), end);
  return bytes;
}

/** A record of its own; the values are copied. */
export function encodeArray(values: NumericArray, shape: readonly number[]): Buffer {
  const dtype = typeOf(values);
  const plain = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const record = Buffer.alloc(recordLength({ dtype, shape }));
  record.set(header(dtype, shape, plain.length, crc32(plain)));
  record.set(plain, headerLength(shape.length));
  return record;
}

/** The values, in the record's own memory; null where it is not the whole record of such an array. */
export function decodeArray(record: Uint8Array, { dtype, shape }: Pick<ArrayPlace, 'dtype' | 'shape'>): Uint8Array | null {
  const begin = headerLength(shape.length);
  const length = elementsOf(shape) * bytesOf(dtype);
  if (record.length < begin + length) return null;
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  const checksum = bytes.readUInt32LE(12);
  // A header of exactly these bytes: its own checksum included.
  if (header(dtype, shape, length, checksum).compare(bytes, 0, begin) !== 0) return null;
  const values = record.subarray(begin, begin + length);
  return crc32(values) === checksum ? values : null;
}
