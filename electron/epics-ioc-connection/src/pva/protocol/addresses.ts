// Addresses on the wire: 16 bytes, an IPv4 address as the last four behind ::ffff. All zero: no address.
import type { WireReader } from './wireReader';
import type { WireWriter } from './wireWriter';

/** Dotted IPv4 text; null for the zero address; an IPv6 address as eight groups. */
export function readAddress(reader: WireReader): string | null {
  const start = reader.take(16);
  const bytes = reader.bytes.subarray(start, start + 16);
  if (bytes.every((byte) => byte === 0)) return null;
  const tail = bytes.subarray(12).join('.');
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0);
  if (mapped && (bytes[10] === 0xff && bytes[11] === 0xff || bytes[10] === 0 && bytes[11] === 0)) return tail === '0.0.0.0' ? null : tail;
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((((bytes[i] as number) << 8) | (bytes[i + 1] as number)).toString(16));
  return groups.join(':');
}

/** `address`: dotted IPv4, or null for the zero address. */
export function writeAddress(writer: WireWriter, address: string | null): void {
  const at = writer.claim(16);
  if (address === null) return;
  writer.bytes[at + 10] = 0xff;
  writer.bytes[at + 11] = 0xff;
  address.split('.').forEach((part, i) => { writer.bytes[at + 12 + i] = Number(part); });
}
