// CRC-32 as of zlib (ISO 3309): Node's own where it has one, which Node 16 has not. Eight bytes a turn, as images go through it too.
import * as zlib from 'node:zlib';

/** Absent before Node 20.15. */
const native = (zlib as { crc32?: (bytes: Uint8Array) => number }).crc32;
/** Bytes below which a call out of JavaScript is slower. */
const worthIt = 4096;
const lanes = 8;
/** Table n: what a byte does to the checksum when n more bytes follow it within the same turn. */
const tables = new Int32Array(lanes * 256);
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  tables[byte] = value;
}
for (let index = 256; index < tables.length; index++) {
  const before = tables[index - 256] ?? 0;
  tables[index] = (before >>> 8) ^ (tables[before & 0xff] ?? 0);
}

export function crc32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  return native && end - start >= worthIt ? native(bytes.subarray(start, end)) : ownCrc32(bytes, start, end);
}

export function ownCrc32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const at = (index: number): number => bytes[index] ?? 0;
  const of = (lane: number, byte: number): number => tables[lane * 256 + byte] ?? 0;
  let crc = -1;
  let index = start;
  for (; index + lanes <= end; index += lanes) {
    const low = crc ^ (at(index) | (at(index + 1) << 8) | (at(index + 2) << 16) | (at(index + 3) << 24));
    crc = of(7, low & 0xff) ^ of(6, (low >>> 8) & 0xff) ^ of(5, (low >>> 16) & 0xff) ^ of(4, low >>> 24)
      ^ of(3, at(index + 4)) ^ of(2, at(index + 5)) ^ of(1, at(index + 6)) ^ of(0, at(index + 7));
  }
  for (; index < end; index++) crc = (crc >>> 8) ^ of(0, (crc ^ at(index)) & 0xff);
  return (crc ^ -1) >>> 0;
}
