// How much a peer's compressed bytes can hold, whatever it says that they do. Pure.
import { RemoteProtocolError } from '../ca/protocol/errors';

/** Bytes that one byte of a format holds at the most, by its own rules: what it repeats is as long as its longest length says. */
export const densest = { lz4: 255, blosclz: 255, snappy: 22, zlib: 1032, zstd: 2 ** 15 } as const;

/** Before room is made for `size` bytes out of so few. Errors: `RemoteProtocolError` where these cannot hold them. */
export function checkRoom(size: number, compressed: number, most: number): void {
  if (size > compressed * most) throw new RemoteProtocolError(`A picture of ${size} bytes cannot be in ${compressed} compressed ones.`);
}
