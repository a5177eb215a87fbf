// Bitshuffle with LZ4 ("bslz4", as areaDetector's NDPluginCodec sends it: without the header of the HDF5 filter). Pure.
// Blocks of some thousand bytes; in each the lowest bits of all elements come first, then the next ones, then LZ4. Each has its size before it.
import { RemoteProtocolError } from '../ca/protocol/errors';
import { decodeLz4Into } from './lz4';

/** Bytes that a block has about, and the fewest and the common divisor of its elements (bitshuffle: bshuf_default_block_size). */
const targetBlock = 8192;
const leastBlock = 128;
const multiple = 8;

/** `count` elements of `elementSize` bytes, as they were before. Errors: `RemoteProtocolError` where the bytes don't hold them. */
export function decodeBslz4(bytes: Uint8Array, count: number, elementSize: number): Uint8Array {
  const out = new Uint8Array(count * elementSize);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const blockLength = Math.max(Math.floor(targetBlock / elementSize / multiple) * multiple, leastBlock);
  const scratch = new Uint8Array(blockLength * elementSize);
  const shuffled = count - (count % multiple);
  let at = 0;
  for (let done = 0; done < shuffled;) {
    const length = Math.min(blockLength, shuffled - done);
    if (at + 4 > bytes.length) throw cut();
    const size = view.getUint32(at);
    at += 4;
    if (size > bytes.length - at) throw cut();
    const part = scratch.subarray(0, length * elementSize);
    if (decodeLz4Into(bytes.subarray(at, at + size), part) !== part.length) throw new RemoteProtocolError('A bitshuffle block holds less than it should.');
    at += size;
    unshuffleBits(part, out.subarray(done * elementSize, (done + length) * elementSize), length, elementSize);
    done += length;
  }
  // What is left of a count that 8 does not divide comes as it is.
  const rest = (count - shuffled) * elementSize;
  if (bytes.length - at < rest) throw cut();
  if (bytes.length - at > rest) throw new RemoteProtocolError(`A bitshuffle array holds more than the ${out.length} bytes that were announced.`);
  out.set(bytes.subarray(at, at + rest), shuffled * elementSize);
  return out;
}

/**
 * Bit `b` of byte `k` of all elements is one row of `length / 8` bytes, row number `8 k + b`. Eight bytes, one of each row of a byte,
 * are that byte of eight elements: a square of bits that is turned over, four rows in a word.
 */
export function unshuffleBits(rows: Uint8Array, out: Uint8Array, length: number, elementSize: number): void {
  const row = length / 8;
  for (let byte = 0; byte < elementSize; byte += 1) {
    const first = 8 * byte * row;
    for (let group = 0; group < row; group += 1) {
      const at = first + group;
      let low = (rows[at] as number) | ((rows[at + row] as number) << 8) | ((rows[at + 2 * row] as number) << 16) | ((rows[at + 3 * row] as number) << 24);
      let high = (rows[at + 4 * row] as number) | ((rows[at + 5 * row] as number) << 8) | ((rows[at + 6 * row] as number) << 16) | ((rows[at + 7 * row] as number) << 24);
      if ((low | high) === 0) continue;
      // Squares of 1, 2 and 4 bits change places, each across the diagonal.
      let moved = (low ^ (low >>> 7)) & 0x00aa00aa;
      low ^= moved ^ (moved << 7);
      moved = (high ^ (high >>> 7)) & 0x00aa00aa;
      high ^= moved ^ (moved << 7);
      moved = (low ^ (low >>> 14)) & 0x0000cccc;
      low ^= moved ^ (moved << 14);
      moved = (high ^ (high >>> 14)) & 0x0000cccc;
      high ^= moved ^ (moved << 14);
      const early = (low & 0x0f0f0f0f) | ((high & 0x0f0f0f0f) << 4);
      const late = ((low >>> 4) & 0x0f0f0f0f) | (high & 0xf0f0f0f0);
      const to = group * 8 * elementSize + byte;
      out[to] = early;
      out[to + elementSize] = early >>> 8;
      out[to + 2 * elementSize] = early >>> 16;
      out[to + 3 * elementSize] = early >>> 24;
      out[to + 4 * elementSize] = late;
      out[to + 5 * elementSize] = late >>> 8;
      out[to + 6 * elementSize] = late >>> 16;
      out[to + 7 * elementSize] = late >>> 24;
    }
  }
}

const cut = (): RemoteProtocolError => new RemoteProtocolError('A bitshuffle array is cut short.');
