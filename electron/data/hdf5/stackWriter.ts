// Writes a dataset chunk by chunk, shuffled and deflated; several chunks are compressed at once, and no more than those are in memory.
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { writeChunkTree, type Chunk } from './chunkTree';
import type { Hdf5Writer } from './hdf5Writer';
import { chunkedMessage, fillMessage, filterMessage, spaceMessage, typeMessage, type Datatype, type Message } from './messages';

const compress = promisify(deflate);
/** zlib's: images are noise for the most part, on which more effort gains little. */
const level = 1;
/** Chunks under way: the threads that Node has for it. */
const atOnce = 4;

/** All first bytes of the elements, then all second ones...: HDF5's filter 2. */
export function shuffled(bytes: Uint8Array, size: number): Uint8Array {
  if (size === 1) return bytes;
  const count = bytes.length / size;
  const out = new Uint8Array(bytes.length);
  if (size === 2 && bytes.byteOffset % 2 === 0) {
    const words = new Uint16Array(bytes.buffer, bytes.byteOffset, count);
    for (let index = 0; index < count; index++) {
      const value = words[index] ?? 0;
      out[index] = value;
      out[count + index] = value >> 8;
    }
    return out;
  }
  for (let part = 0; part < size; part++) {
    for (let from = part, to = part * count, end = to + count; to < end; from += size, to++) out[to] = bytes[from] ?? 0;
  }
  return out;
}

export class StackWriter {
  readonly #chunks: Chunk[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #failure: unknown = null;
  #next = 0;

  /** `shape` of the whole, `together`: how many along the first axis make a chunk. */
  constructor(private readonly file: Hdf5Writer, private readonly type: Datatype, private readonly shape: readonly number[], private readonly together: number) {}

  /** The next chunk, whole also where it is the last one; waits while too many are under way. Errors: the disk's, of this one or of one before. */
  async add(bytes: Uint8Array): Promise<void> {
    const index = this.#next++;
    const work = this.#write(bytes, index).catch((error: unknown) => { this.#failure ??= error; }).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
    if (this.#underWay.size >= atOnce) await Promise.race(this.#underWay);
    if (this.#failure !== null) throw this.#failure;
  }

  async #write(bytes: Uint8Array, index: number): Promise<void> {
    const packed = await compress(shuffled(bytes, this.type.size), { level });
    const address = await this.file.put(packed);
    this.#chunks[index] = { address, size: packed.length, offset: this.shape.map((_, axis) => (axis === 0 ? index * this.together : 0)) };
  }

  /** The dataset's address, when all its chunks are written. Errors: the disk's. */
  async finish(more: readonly Message[], links = 1): Promise<number> {
    await Promise.all(this.#underWay);
    if (this.#failure !== null) throw this.#failure;
    const { file, type, shape } = this;
    const extent = [this.together, ...shape.slice(1)];
    const tree = await writeChunkTree(this.#chunks, [...extent, type.size], (size) => file.allocate(size), (bytes, address) => file.write(bytes, address));
    return file.object([spaceMessage(shape), typeMessage(type), fillMessage(true), filterMessage(type.size, level), chunkedMessage(tree, extent, type.size), ...more], links);
  }
}
