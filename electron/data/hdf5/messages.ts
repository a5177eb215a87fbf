// Messages of HDF5's object headers (file format specification 3.0, IV.A.2): what a dataset or a group is made of. PURE.
import type { ArrayType } from '../arrays/arrayRecord';

export interface Message { readonly type: number; readonly body: Buffer }

const undefinedAddress = Buffer.alloc(8, 0xff);
export const u8 = (...values: number[]): Buffer => Buffer.from(values);
export function u16(value: number): Buffer { const bytes = Buffer.alloc(2); bytes.writeUInt16LE(value); return bytes; }
export function u32(value: number): Buffer { const bytes = Buffer.alloc(4); bytes.writeUInt32LE(value); return bytes; }
export function u64(value: number): Buffer { const bytes = Buffer.alloc(8); bytes.writeBigUInt64LE(BigInt(value)); return bytes; }

/** Of a type: bytes of an element, and the datatype message's body. */
export interface Datatype { readonly size: number; readonly body: Buffer }

function whole(size: number, signed: boolean): Datatype {
  return { size, body: Buffer.concat([u8(0x10, signed ? 8 : 0, 0, 0), u32(size), u16(0), u16(8 * size)]) };
}

const integers: Readonly<Record<string, Datatype>> = { '|u1': whole(1, false), '<i2': whole(2, true), '<u2': whole(2, false), '<i4': whole(4, true) };
/** IEEE: position of the sign; exponent and mantissa: first bit and bits; bias. */
const single = Buffer.concat([u8(0x11, 0x20, 31, 0), u32(4), u16(0), u16(32), u8(23, 8, 0, 23), u32(127)]);
const double = Buffer.concat([u8(0x11, 0x20, 63, 0), u32(8), u16(0), u16(64), u8(52, 11, 0, 52), u32(1023)]);

export function numberType(type: ArrayType): Datatype {
  return integers[type] ?? (type === '<f4' ? { size: 4, body: single } : { size: 8, body: double });
}

/** UTF-8 of any length: an element is its length, and its place in a global heap. */
export const textType: Datatype = { size: 16, body: Buffer.concat([u8(0x19, 1, 1, 0), u32(16), whole(1, false).body]) };

/** null: a scalar. */
function dataspace(shape: readonly number[] | null): Buffer {
  return Buffer.concat([u8(2, shape?.length ?? 0, 0, shape ? 1 : 0), ...(shape ?? []).map(u64)]);
}

export const spaceMessage = (shape: readonly number[] | null): Message => ({ type: 0x01, body: dataspace(shape) });
export const typeMessage = ({ body }: Datatype): Message => ({ type: 0x03, body });
/** The default: zero. `chunked`: room is made chunk by chunk. */
export const fillMessage = (chunked: boolean): Message => ({ type: 0x05, body: u8(3, (chunked ? 3 : 2) | (2 << 2)) });
export const contiguousMessage = (address: number, size: number): Message => ({ type: 0x08, body: Buffer.concat([u8(3, 1), u64(address), u64(size)]) });
/** `tree`: address of the chunks' index. */
export function chunkedMessage(tree: number, chunk: readonly number[], size: number): Message {
  return { type: 0x08, body: Buffer.concat([u8(3, 2, chunk.length + 1), u64(tree), ...chunk.map(u32), u32(size)]) };
}
/** Shuffle where an element has several bytes, then deflate. */
export function filterMessage(size: number, level: number): Message {
  const filter = (id: number, value: number): Buffer => Buffer.concat([u16(id), u16(1), u16(1), u32(value)]);
  const filters = [...(size > 1 ? [filter(2, size)] : []), filter(1, level)];
  return { type: 0x0b, body: Buffer.concat([u8(2, filters.length), ...filters]) };
}

export function attributeMessage(name: string, { body }: Datatype, shape: readonly number[] | null, data: Buffer): Message {
  const text = Buffer.from(`${name}\0`, 'utf8');
  const space = dataspace(shape);
  return { type: 0x0c, body: Buffer.concat([u8(3, 0), u16(text.length), u16(body.length), u16(space.length), u8(1), text, body, space, data]) };
}

/** A hard link of a group to an object at this address. */
export function linkMessage(name: string, address: number): Message {
  const text = Buffer.from(name, 'utf8');
  const long = text.length > 255;
  return { type: 0x06, body: Buffer.concat([u8(1, 0x10 | (long ? 1 : 0), 1), long ? u16(text.length) : u8(text.length), text, u64(address)]) };
}

/** A group whose links are in its header. */
export const groupMessages: readonly Message[] = [
  { type: 0x02, body: Buffer.concat([u8(0, 0), undefinedAddress, undefinedAddress]) }, { type: 0x0a, body: u8(0, 0) },
];
/** How many links lead to the object. */
export const linkCountMessage = (count: number): Message => ({ type: 0x16, body: Buffer.concat([u8(0), u32(count)]) });
