// BloscLZ (after FastLZ): literals and copies of what came before, the kind and a length in the first three bits. Pure.
import { RemoteProtocolError } from '../ca/protocol/errors';
import { repeatBytes } from './repeatBytes';

const shortestMatch = 3;
/** A length in three bits that says: more follows, added up to the first byte that is not 255. */
const longMatch = 7;
/** A distance in 13 bits, all of them ones, says: 16 bits follow, and count from here. */
const farDistance = 8191;

/** Returns how many bytes were written. Errors: `RemoteProtocolError` for bytes that are no such block, or hold more than `out` has room for. */
export function decodeBlosclz(block: Uint8Array, out: Uint8Array): number {
  let at = 0;
  let to = 0;
  const next = (): number => {
    const byte = block[at];
    if (byte === undefined) throw cut();
    at += 1;
    return byte;
  };
  while (at < block.length) {
    // The first can only be literals: its upper bits say which compressor it was.
    const control = at === 0 ? next() & 31 : next();
    if (control < 32) {
      const length = control + 1;
      if (at + length > block.length) throw cut();
      if (to + length > out.length) throw tooMuch(out.length);
      out.set(block.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    let length = control >> 5;
    if (length === longMatch) {
      let more: number;
      do length += more = next(); while (more === 255);
    }
    length += shortestMatch - 1;
    let distance = ((control & 31) << 8) + next();
    if (distance === farDistance) distance += (next() << 8) + next();
    distance += 1;
    if (distance > to) throw new RemoteProtocolError('A BloscLZ block refers to bytes before its start.');
    if (to + length > out.length) throw tooMuch(out.length);
    repeatBytes(out, to, distance, length);
    to += length;
  }
  return to;
}

const cut = (): RemoteProtocolError => new RemoteProtocolError('A BloscLZ block is cut short.');
const tooMuch = (size: number): RemoteProtocolError => new RemoteProtocolError(`A BloscLZ block holds more than the ${size} bytes that were announced.`);
