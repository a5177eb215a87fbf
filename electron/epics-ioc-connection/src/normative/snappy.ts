// Snappy blocks (Snappy format description): their size, then literals and copies of what came before. Pure.
import { RemoteProtocolError } from '../ca/protocol/errors';
import { repeatBytes } from './repeatBytes';

/** Bytes that say a literal's length where its tag has no room for it; by the tag's upper bits, from this on. */
const longLiteral = 60;

/** Returns how many bytes were written. Errors: `RemoteProtocolError` for bytes that are no such block, or hold another number of bytes than `out`. */
export function decodeSnappy(block: Uint8Array, out: Uint8Array): number {
  let at = 0;
  let to = 0;
  const next = (bytes = 1): number => {
    if (at + bytes > block.length) throw cut();
    let number = 0;
    for (let i = 0; i < bytes; i += 1) number += (block[at + i] as number) * 2 ** (8 * i);
    at += bytes;
    return number;
  };
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = next();
    size += (byte & 127) * 2 ** shift;
    if (byte < 128) break;
    if (shift > 28) throw new RemoteProtocolError('A Snappy block has an impossible size.');
  }
  if (size !== out.length) throw new RemoteProtocolError(`A Snappy block holds ${size} bytes, not the ${out.length} that were announced.`);
  while (at < block.length) {
    const tag = next();
    if ((tag & 3) === 0) {
      const short = tag >> 2;
      const length = (short < longLiteral ? short : next(short - longLiteral + 1)) + 1;
      if (at + length > block.length) throw cut();
      if (to + length > size) throw tooMuch(size);
      out.set(block.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    const near = (tag & 3) === 1;
    const length = near ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const distance = near ? ((tag >> 5) << 8) + next() : next((tag & 3) === 2 ? 2 : 4);
    if (distance === 0 || distance > to) throw new RemoteProtocolError('A Snappy block refers to bytes before its start.');
    if (to + length > size) throw tooMuch(size);
    repeatBytes(out, to, distance, length);
    to += length;
  }
  return to;
}

const cut = (): RemoteProtocolError => new RemoteProtocolError('A Snappy block is cut short.');
const tooMuch = (size: number): RemoteProtocolError => new RemoteProtocolError(`A Snappy block holds more than the ${size} bytes that were announced.`);
