// LZ4 blocks without a frame (LZ4 block format description): literals and copies of what came before; and those of HDF5's LZ4 filter. Pure.
import { RemoteProtocolError } from '../ca/protocol/errors';
import { repeatBytes } from './repeatBytes';

const shortestMatch = 4;

/** Bytes of a block that holds exactly `size` of them. Errors: `RemoteProtocolError` where it holds more, less, or refers to before its start. */
export function decodeLz4(block: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  const end = decodeLz4Into(block, out);
  if (end !== size) throw new RemoteProtocolError(`An LZ4 block holds ${end} bytes, not the ${size} that were announced.`);
  return out;
}

/** Returns how many bytes were written. */
export function decodeLz4Into(block: Uint8Array, out: Uint8Array): number {
  let at = 0;
  let to = 0;
  /** 15 means that bytes follow which are added up, to the first that is not 255. */
  const long = (short: number): number => {
    let length = short;
    if (short !== 15) return length;
    for (;;) {
      const more = block[at];
      if (more === undefined) throw cut();
      at += 1;
      length += more;
      if (more !== 255) return length;
    }
  };
  while (at < block.length) {
    const token = block[at] as number;
    at += 1;
    const literals = long(token >> 4);
    if (at + literals > block.length) throw cut();
    if (to + literals > out.length) throw tooMuch(out.length);
    out.set(block.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    // The last sequence has literals alone.
    if (at === block.length) break;
    const low = block[at];
    const high = block[at + 1];
    if (low === undefined || high === undefined) throw cut();
    at += 2;
    const distance = low | (high << 8);
    const length = long(token & 15) + shortestMatch;
    if (distance === 0 || distance > to) throw new RemoteProtocolError('An LZ4 block refers to bytes before its start.');
    if (to + length > out.length) throw tooMuch(out.length);
    repeatBytes(out, to, distance, length);
    to += length;
  }
  return to;
}

/** As HDF5's LZ4 filter has it ("lz4hdf5"): the size of all, the size of a block, and the blocks, each with its own size before it. */
export function decodeLz4Hdf5(bytes: Uint8Array, size: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 12) throw cut();
  const [whole, blockSize] = [view.getUint32(0) * 2 ** 32 + view.getUint32(4), view.getUint32(8)];
  if (whole !== size || (blockSize === 0 && size > 0)) throw new RemoteProtocolError(`An LZ4 array holds ${whole} bytes in blocks of ${blockSize}, not the ${size} that were announced.`);
  const out = new Uint8Array(size);
  let at = 12;
  for (let to = 0; to < size; to += blockSize) {
    if (at + 4 > bytes.length) throw cut();
    const length = view.getUint32(at);
    at += 4;
    if (length > bytes.length - at) throw cut();
    const part = out.subarray(to, Math.min(to + blockSize, size));
    const block = bytes.subarray(at, at + length);
    // A block that would not become smaller comes as it is.
    if (length === part.length) part.set(block);
    else if (decodeLz4Into(block, part) !== part.length) throw new RemoteProtocolError('An LZ4 block holds less than it should.');
    at += length;
  }
  return out;
}

const cut = (): RemoteProtocolError => new RemoteProtocolError('An LZ4 block is cut short.');
const tooMuch = (size: number): RemoteProtocolError => new RemoteProtocolError(`An LZ4 block holds more than the ${size} bytes that were announced.`);
