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
    unshuffle(part, out.subarray(done * elementSize, (done + length) * elementSize), length, elementSize);
    done += length;
  }
  // What is left of a count that 8 does not divide comes as it is.
  const rest = (count - shuffled) * elementSize;
  if (bytes.length - at < rest) throw cut();
  if (bytes.length - at > rest) throw new RemoteProtocolError(`A bitshuffle array holds more than the ${out.length} bytes that were announced.`);
  out.set(bytes.subarray(at, at + rest), shuffled * elementSize);
  return out;
}

/** Bit `b` of byte `k` of all elements is one row of `length / 8` bytes, row number `8 k + b`. */
function unshuffle(rows: Uint8Array, out: Uint8Array, length: number, elementSize: number): void {
  const rowBytes = length / 8;
  for (let byte = 0; byte < elementSize; byte += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const row = (8 * byte + bit) * rowBytes;
      for (let group = 0; group < rowBytes; group += 1) {
        const bits = rows[row + group] as number;
        if (bits === 0) continue;
        const first = group * 8 * elementSize + byte;
        for (let element = 0; element < 8; element += 1) {
          if ((bits >> element) & 1) out[first + element * elementSize] = (out[first + element * elementSize] as number) | (1 << bit);
        }
      }
    }
  }
}

const cut = (): RemoteProtocolError => new RemoteProtocolError('A bitshuffle array is cut short.');
