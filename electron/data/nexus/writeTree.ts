// Writes a NeXus tree as an HDF5 file: datasets first, as links and groups lead to them, then the groups from the inside out.
import type { ArraysReader } from '../arrays/arraysReader';
import { typeOf } from '../arrays/arrayRecord';
import type { Hdf5Writer } from '../hdf5/hdf5Writer';
import { attributeMessage, groupMessages, linkMessage, numberType, textType, type Message } from '../hdf5/messages';
import type { Attribute, Attributes, NexusDataset, NexusGroup, NexusNode } from './tree';
import { writeStack } from './writeStack';

const integer = numberType('<i4');
const real = numberType('<f8');

export class TreeWriter {
  /** Addresses of the datasets, by path. */
  readonly #addresses = new Map<string, number>();
  /** Links that lead to a dataset besides its own name. */
  readonly #links = new Map<string, number>();
  /** `data of point 3`: arrays that could not be read. */
  readonly missing: string[] = [];

  constructor(private readonly file: Hdf5Writer, private readonly arrays: ArraysReader) {}

  /** `late`: what is added to the group at a path when all datasets are written. Errors: the disk's. */
  async write(root: NexusGroup, late: (missing: readonly string[]) => { readonly path: string; readonly children: Readonly<Record<string, NexusDataset>> } | null): Promise<void> {
    this.#countLinks(root);
    await this.#datasets(root, '');
    const added = late(this.missing);
    for (const [name, node] of Object.entries(added?.children ?? {})) this.#addresses.set(`${added?.path ?? ''}/${name}`, await this.#dataset(node, 1));
    await this.file.finish(await this.#group(root, '', added));
  }

  #countLinks({ children }: NexusGroup): void {
    for (const child of Object.values(children)) {
      if (child.kind === 'group') this.#countLinks(child);
      else if (child.kind === 'link') this.#links.set(child.target, (this.#links.get(child.target) ?? 0) + 1);
    }
  }

  async #datasets({ children }: NexusGroup, path: string): Promise<void> {
    for (const [name, child] of Object.entries(children)) {
      const place = `${path}/${name}`;
      const links = 1 + (this.#links.get(place) ?? 0);
      if (child.kind === 'group') await this.#datasets(child, place);
      else if (child.kind === 'dataset') this.#addresses.set(place, await this.#dataset(child, links));
      else if (child.kind === 'stack') {
        const { address, lost } = await writeStack(this.file, child, this.arrays, await this.#attributes(child.attributes), links);
        this.#addresses.set(place, address);
        this.missing.push(...lost.map((point) => `${name} of point ${point}`));
      }
    }
  }

  async #dataset({ data, shape, attributes }: NexusDataset, links: number): Promise<number> {
    const more = await this.#attributes(attributes);
    if (typeof data === 'string') return this.file.dataset(textType, null, await this.file.texts([data]), more, links);
    if (data instanceof Float64Array || data instanceof Int32Array) {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      return this.file.dataset(numberType(typeOf(data)), shape && shape.length > 0 ? shape : null, bytes, more, links);
    }
    return this.file.dataset(textType, [data.length], await this.file.texts(data), more, links);
  }

  async #group({ nexusClass, attributes, children }: NexusGroup, path: string, added: { readonly path: string; readonly children: Readonly<Record<string, NexusNode>> } | null): Promise<number> {
    const links: Message[] = [];
    const own = added?.path === path ? { ...children, ...added.children } : children;
    for (const [name, child] of Object.entries(own)) {
      const address = child.kind === 'group' ? await this.#group(child, `${path}/${name}`, added) : this.#addresses.get(child.kind === 'link' ? child.target : `${path}/${name}`);
      if (address !== undefined) links.push(linkMessage(name, address));
    }
    return this.file.object([...groupMessages, ...links, ...await this.#attributes({ ...(nexusClass === '' ? {} : { NX_class: nexusClass }), ...attributes })]);
  }

  #attributes(attributes: Attributes): Promise<Message[]> {
    return Promise.all(Object.entries(attributes).map(([name, value]) => this.#attribute(name, value)));
  }

  async #attribute(name: string, value: Attribute): Promise<Message> {
    if (typeof value === 'string') return attributeMessage(name, textType, null, await this.file.texts([value]));
    if (typeof value !== 'number') return attributeMessage(name, textType, [value.length], await this.file.texts(value));
    const isWhole = Number.isInteger(value) && Math.abs(value) < 2 ** 31;
    const data = Buffer.alloc(isWhole ? 4 : 8);
    if (isWhole) data.writeInt32LE(value);
    else data.writeDoubleLE(value);
    return attributeMessage(name, isWhole ? integer : real, null, data);
  }
}
