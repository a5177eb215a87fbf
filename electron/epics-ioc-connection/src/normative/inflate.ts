// zlib arrays, by Node's zlib.
import { inflateSync } from 'node:zlib';
import { RemoteProtocolError } from '../ca/protocol/errors';

/** Errors: `RemoteProtocolError` for bytes that are none, or that hold another number of bytes than `size`. */
export function inflate(bytes: Uint8Array, size: number): Uint8Array {
  let found: Uint8Array;
  try {
    found = inflateSync(bytes, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    throw new RemoteProtocolError(`A zlib array cannot be read: ${(error as Error).message}.`);
  }
  if (found.length !== size) throw new RemoteProtocolError(`A zlib array holds ${found.length} bytes, not the ${size} that were announced.`);
  // A copy, so that it starts where any element may start.
  return Uint8Array.from(found);
}

/** Returns how many bytes were written. */
export function inflateInto(bytes: Uint8Array, out: Uint8Array): number {
  out.set(inflate(bytes, out.length));
  return out.length;
}
