// Makes a run's NeXus file of its journal: whole or not at all, as it is written beside and renamed at the end.
import { promises as fs } from 'node:fs';
import { basename } from 'node:path';
import { EndstationError, toErrorData } from '@shared/errors';
import { File, Group, ready } from 'h5wasm/node';
import { columnsOf, keepColumns } from '../columnsFile';
import { readJournal } from '../journal/reader';
import { RunTable } from '../runTable';
import { nexusLayout } from './nexusLayout';
import type { Attribute, NexusDataset, NexusGroup } from './tree';

interface Target { create_attribute(name: string, data: string | string[] | Int32Array | Float64Array, shape?: number[] | null): void }

function addAttribute(target: Target, name: string, value: Attribute): void {
  if (typeof value === 'string') target.create_attribute(name, value);
  else if (typeof value === 'number') target.create_attribute(name, Number.isInteger(value) ? Int32Array.of(value) : Float64Array.of(value), []);
  else target.create_attribute(name, [...value]);
}

function addDataset(parent: Group, name: string, { data, shape, attributes }: NexusDataset): void {
  const isText = typeof data === 'string' || Array.isArray(data);
  const plain = isText ? (typeof data === 'string' ? data : [...data as readonly string[]]) : data as Float64Array | Int32Array;
  const dataset = parent.create_dataset({ name, data: plain, ...(shape ? { shape: [...shape] } : {}) });
  for (const [key, value] of Object.entries(attributes)) addAttribute(dataset, key, value);
}

/** Links come last: what they lead to must be there. */
function addGroup(parent: Group, node: NexusGroup, path: string, links: { from: string; target: string }[]): void {
  if (node.nexusClass !== '') addAttribute(parent, 'NX_class', node.nexusClass);
  for (const [key, value] of Object.entries(node.attributes)) addAttribute(parent, key, value);
  for (const [name, child] of Object.entries(node.children)) {
    if (child.kind === 'dataset') addDataset(parent, name, child);
    else if (child.kind === 'link') links.push({ from: `${path}/${name}`, target: child.target });
    else addGroup(parent.create_group(name), child, `${path}/${name}`, links);
  }
}

/** Errors: those of reading the journal, `NEXUS` where the file can't be written. `version`: the application's; `columns`: where the columns are kept. */
export async function writeNexus(journal: string, target: string, version: string, columns?: string): Promise<void> {
  const table = new RunTable();
  const before = await fs.stat(journal);
  for await (const documents of readJournal(journal, before.size)) table.add(documents);
  if (columns !== undefined) await keepColumns(columnsOf(table), columns, before);
  const module = await ready;
  const inMemory = '/run.nxs';
  const file = new File(inMemory, 'w');
  const links: { from: string; target: string }[] = [];
  try {
    addGroup(file, nexusLayout(table, { fileName: basename(target), version }), '', links);
    for (const { from, target: to } of links) file.create_hard_link(to, from);
  } finally {
    file.close();
  }
  const bytes = module.FS.readFile(inMemory);
  module.FS.unlink(inMemory);
  await replaceFile(target, bytes);
}

async function replaceFile(target: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${target}.part`;
  try {
    const file = await fs.open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(temporary, target);
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw new EndstationError('NEXUS', `The NeXus file ${target} could not be written: ${toErrorData(error).message}. The journal beside it has all points; make the file again with \`endstation runs export\`.`, { cause: error });
  }
}
