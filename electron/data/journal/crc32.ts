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
  let crc = -1;
  let index = start;
  for (; index + lanes <= end; index += lanes) {
    crc ^= (bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8) | ((bytes[index + 2] ?? 0) << 16) | ((bytes[index + 3] ?? 0) << 24);
    crc = (tables[1792 + (crc & 0xff)] ?? 0) ^ (tables[1536 + ((crc >>> 8) & 0xff)] ?? 0) ^ (tables[1280 + ((crc >>> 16) & 0xff)] ?? 0) ^ (tables[1024 + (crc >>> 24)] ?? 0)
      ^ (tables[768 + (bytes[index + 4] ?? 0)] ?? 0) ^ (tables[512 + (bytes[index + 5] ?? 0)] ?? 0) ^ (tables[256 + (bytes[index + 6] ?? 0)] ?? 0) ^ (tables[bytes[index + 7] ?? 0] ?? 0);
  }
  for (; index < end; index++) crc = (crc >>> 8) ^ (tables[(crc ^ (bytes[index] ?? 0)) & 0xff] ?? 0);
  return (crc ^ -1) >>> 0;
}
