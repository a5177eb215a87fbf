// Blosc chunks (Blosc 1, README_CHUNK_FORMAT): blocks of a size of their own, each compressed by itself, their bytes or bits shuffled before.
import { RemoteProtocolError } from '../ca/protocol/errors';
import { unshuffleBits } from './bitshuffle';
import { decodeBlosclz } from './blosclz';
import { checkRoom, densest } from './checkRoom';
import { inflateInto } from './inflate';
import { decodeLz4Into } from './lz4';
import { decodeSnappy } from './snappy';
import { decodeZstd } from './zstd/decodeZstd';

const headerSize = 16;
const version = 2;
const flags = { shuffled: 0x01, stored: 0x02, bitShuffled: 0x04, reserved: 0x08, whole: 0x10 } as const;
/** By the number in the flags' upper three bits. */
const compressors = [
  { name: 'blosclz', decode: decodeBlosclz }, { name: 'lz4', decode: decodeLz4Into }, { name: 'snappy', decode: decodeSnappy },
  { name: 'zlib', decode: inflateInto }, { name: 'zstd', decode: decodeZstd },
] as const;
/** A block is split into the bytes of its elements where these are few and the parts not too small. */
const mostParts = 16;
const smallestPart = 128;

/** Bytes of a chunk that holds `size` of them. Errors: `RemoteProtocolError` where it doesn't, or where its compressor is not supported, by name. */
export function decodeBlosc(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length < headerSize) throw cut();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [format, bits, elementSize, whole, blockSize, end] = [view.getUint8(0), view.getUint8(2), view.getUint8(3), view.getUint32(4, true), view.getUint32(8, true), view.getUint32(12, true)];
  if (format !== version || bits & flags.reserved) throw new RemoteProtocolError(`A picture is compressed by blosc in format ${format}, which is not supported here: format ${version} is.`);
  if (whole !== size) throw new RemoteProtocolError(`A Blosc chunk holds ${whole} bytes, not the ${size} that were announced.`);
  if (end > bytes.length) throw cut();
  if (bits & flags.stored) {
    if (end !== headerSize + size) throw broken();
    return Uint8Array.from(bytes.subarray(headerSize, end));
  }
  if (size === 0) return new Uint8Array(0);
  const compressor = compressors[bits >> 5];
  if (!compressor) throw new RemoteProtocolError(`A picture is compressed by blosc with compressor ${bits >> 5}, which is not supported here: ${compressors.map(({ name }) => name).join(', ')} are.`);
  if (blockSize === 0 || blockSize > size || elementSize === 0) throw broken();
  const blocks = Math.ceil(size / blockSize);
  if (headerSize + 4 * blocks > end) throw cut();
  checkRoom(size, end, densest[compressor.name]);

  const out = new Uint8Array(size);
  const shuffled = (bits & flags.shuffled) !== 0 && elementSize > 1;
  const bitShuffled = !shuffled && (bits & flags.bitShuffled) !== 0;
  const scratch = shuffled || bitShuffled ? new Uint8Array(blockSize) : null;
  /** Bytes of blocks: those that lie upon each other would be read again and again. */
  let left = end - headerSize - 4 * blocks;
  for (let block = 0; block < blocks; block += 1) {
    const part = out.subarray(block * blockSize, Math.min((block + 1) * blockSize, size));
    const target = scratch ? scratch.subarray(0, part.length) : part;
    const isSplit = (bits & flags.whole) === 0 && elementSize <= mostParts && blockSize / elementSize >= smallestPart && part.length === blockSize;
    let at = view.getUint32(headerSize + 4 * block, true);
    const parts = isSplit ? elementSize : 1;
    const length = Math.floor(part.length / parts);
    if (length * parts !== part.length) throw broken();
    for (let i = 0; i < parts; i += 1) {
      if (at < headerSize || at + 4 > end) throw cut();
      const compressed = view.getUint32(at, true);
      at += 4;
      if (compressed > end - at) throw cut();
      left -= 4 + compressed;
      if (left < 0) throw broken();
      const from = bytes.subarray(at, at + compressed);
      const to = target.subarray(i * length, (i + 1) * length);
      // What would not become smaller comes as it is.
      if (compressed === length) to.set(from);
      else if (compressor.decode(from, to) !== length) throw broken();
      at += compressed;
    }
    if (shuffled) unshuffleBytes(target, part, elementSize);
    else if (bitShuffled) unshuffleBlock(target, part, elementSize);
  }
  return out;
}

/** First the first bytes of all elements, then the second ones; what is left over comes as it is. */
function unshuffleBytes(from: Uint8Array, to: Uint8Array, elementSize: number): void {
  const count = Math.floor(to.length / elementSize);
  for (let byte = 0; byte < elementSize; byte += 1) {
    const row = byte * count;
    for (let element = 0, at = byte; element < count; element += 1, at += elementSize) to[at] = from[row + element] as number;
  }
  to.set(from.subarray(count * elementSize), count * elementSize);
}

/** A block of elements that 8 does not divide was not shuffled. */
function unshuffleBlock(from: Uint8Array, to: Uint8Array, elementSize: number): void {
  const count = Math.floor(to.length / elementSize);
  const done = count % 8 === 0 ? count * elementSize : 0;
  if (done > 0) unshuffleBits(from, to, count, elementSize);
  to.set(from.subarray(done), done);
}

const cut = (): RemoteProtocolError => new RemoteProtocolError('A Blosc chunk is cut short.');
const broken = (): RemoteProtocolError => new RemoteProtocolError('A Blosc chunk has blocks that don\'t hold what they should.');
