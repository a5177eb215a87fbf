// The index of a dataset's chunks: a version 1 B-tree (file format specification 3.0, III.A.1), made from its leaves up. PURE.
import { u16, u32, u64, u8 } from './messages';

/** Bytes in the file after the filters. `offset`: of its first element, an axis each. */
export interface Chunk { readonly address: number; readonly size: number; readonly offset: readonly number[] }

/** Children of a node: twice the default of the superblock. */
const most = 64;
const nowhere = Buffer.alloc(8, 0xff);

interface Node { readonly first: Chunk; readonly address: number }

const key = ({ size, offset }: Pick<Chunk, 'size' | 'offset'>): Buffer => Buffer.concat([u32(size), u32(0), ...offset.map(u64), u64(0)]);

/** `write` puts a node somewhere and tells where. `chunks` in the order of their offsets, at least one; `extent` of one, bytes of an element last. Returns the root's address. */
export async function writeChunkTree(chunks: readonly Chunk[], extent: readonly number[], allocate: (size: number) => number, write: (bytes: Buffer, address: number) => Promise<void>): Promise<number> {
  const nodeSize = 24 + most * 8 + (most + 1) * (8 + 8 * extent.length);
  let row: readonly Node[] = chunks.map((chunk) => ({ first: chunk, address: chunk.address }));
  const last = chunks[chunks.length - 1];
  const beyond = Buffer.concat([u32(0), u32(0), ...extent.map((length, axis) => u64((last?.offset[axis] ?? 0) + length))]);
  for (let level = 0; ; level++) {
    const groups = Array.from({ length: Math.ceil(row.length / most) }, (_, index) => row.slice(index * most, (index + 1) * most));
    const addresses = groups.map(() => allocate(nodeSize));
    const above: Node[] = [];
    for (const [index, children] of groups.entries()) {
      const next = groups[index + 1]?.[0];
      const at = (other: number): Buffer => { const address = addresses[other]; return address === undefined ? nowhere : u64(address); };
      const bytes = Buffer.alloc(nodeSize);
      Buffer.concat([
        Buffer.from('TREE', 'latin1'), u8(1, level), u16(children.length), at(index - 1), at(index + 1),
        ...children.flatMap((child) => [key(child.first), u64(child.address)]), next ? key(next.first) : beyond,
      ]).copy(bytes);
      const address = addresses[index] ?? 0;
      await write(bytes, address);
      const [first] = children;
      if (first) above.push({ first: first.first, address });
    }
    const [root] = above;
    if (above.length === 1 && root) return root.address;
    row = above;
  }
}
