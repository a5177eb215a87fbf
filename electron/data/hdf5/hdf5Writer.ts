// Writes an HDF5 file from front to back (file format specification 3.0): objects first, what leads to them after them, the superblock last,
// so that what is not whole is no HDF5 file. Own, because h5wasm has no shuffle, deflates slowly, and goes on where a disk is full.
import type { promises } from 'node:fs';
import { lookup3 } from './lookup3';
import { contiguousMessage, fillMessage, linkCountMessage, spaceMessage, textType, typeMessage, u16, u32, u64, u8, type Datatype, type Message } from './messages';

const superblockSize = 48;
/** Bytes of a collection of texts; a longer text has one of its own. */
const collectionSize = 65_536;
const mostInCollection = 60_000;
const padded = (length: number): number => Math.ceil(length / 8) * 8;

interface Collection { readonly address: number; readonly bytes: Buffer; used: number; count: number }

export class Hdf5Writer {
  #end = superblockSize;
  #heap: Collection | null = null;

  /** An empty file, open for writing. */
  constructor(private readonly file: promises.FileHandle) {}

  /** Room for so many bytes; its address. */
  allocate(size: number): number {
    const address = padded(this.#end);
    this.#end = address + size;
    return address;
  }

  /** Errors: the disk's. */
  async write(bytes: Uint8Array, address: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.file.write(bytes, done, bytes.length - done, address + done);
      if (bytesWritten === 0) throw Object.assign(new Error('the disk takes no more'), { code: 'ENOSPC' });
      done += bytesWritten;
    }
  }

  async put(bytes: Uint8Array): Promise<number> {
    const address = this.allocate(bytes.length);
    await this.write(bytes, address);
    return address;
  }

  /** Elements of `textType` for these texts. */
  async texts(values: readonly string[]): Promise<Buffer> {
    const elements = Buffer.alloc(values.length * textType.size);
    for (const [index, value] of values.entries()) {
      const bytes = Buffer.from(value, 'utf8');
      // A text without a byte is no place at all.
      if (bytes.length === 0) continue;
      const { address, number } = await this.#keep(bytes);
      const at = index * textType.size;
      elements.writeUInt32LE(bytes.length, at);
      elements.writeBigUInt64LE(BigInt(address), at + 4);
      elements.writeUInt32LE(number, at + 12);
    }
    return elements;
  }

  /** In the global heap (III.E). */
  async #keep(text: Buffer): Promise<{ address: number; number: number }> {
    const size = 16 + padded(text.length);
    const room = this.#heap ? this.#heap.bytes.length - this.#heap.used : 0;
    if (!this.#heap || room < size + 16 || this.#heap.count >= mostInCollection) {
      await this.#closeHeap();
      const bytes = Buffer.alloc(Math.max(collectionSize, 16 + size + 16));
      Buffer.concat([Buffer.from('GCOL', 'latin1'), u8(1, 0, 0, 0), u64(bytes.length)]).copy(bytes);
      this.#heap = { address: this.allocate(bytes.length), bytes, used: 16, count: 0 };
    }
    const heap = this.#heap;
    heap.count += 1;
    Buffer.concat([u16(heap.count), u16(1), u32(0), u64(text.length), text]).copy(heap.bytes, heap.used);
    heap.used += size;
    return { address: heap.address, number: heap.count };
  }

  async #closeHeap(): Promise<void> {
    const heap = this.#heap;
    if (!heap) return;
    // Object 0 is the room that is left.
    heap.bytes.writeBigUInt64LE(BigInt(heap.bytes.length - heap.used), heap.used + 8);
    await this.write(heap.bytes, heap.address);
    this.#heap = null;
  }

  /** `links`: how many lead to it. Returns its address. */
  object(messages: readonly Message[], links = 1): Promise<number> {
    const all = links > 1 ? [...messages, linkCountMessage(links)] : messages;
    const body = Buffer.concat(all.flatMap((message) => {
      if (message.body.length > 65_535) throw new Error('a name or an attribute is longer than HDF5 allows');
      return [u8(message.type), u16(message.body.length), u8(0), message.body];
    }));
    return this.put(checked(Buffer.concat([Buffer.from('OHDR', 'latin1'), u8(2, 2), u32(body.length), body])));
  }

  /** Data in one piece. `shape` null: a scalar. */
  async dataset(type: Datatype, shape: readonly number[] | null, data: Uint8Array, more: readonly Message[], links = 1): Promise<number> {
    const address = await this.put(data);
    return this.object([spaceMessage(shape), typeMessage(type), fillMessage(false), contiguousMessage(address, data.length), ...more], links);
  }

  /** To be called last. `root`: address of the root group. */
  async finish(root: number): Promise<void> {
    await this.#closeHeap();
    const start = Buffer.concat([Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), u8(2, 8, 8, 0), u64(0), Buffer.alloc(8, 0xff), u64(this.#end), u64(root)]);
    // A file ends where it says that it does.
    await this.file.truncate(this.#end);
    await this.write(checked(start), 0);
  }
}

function checked(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, u32(lookup3(bytes))]);
}
