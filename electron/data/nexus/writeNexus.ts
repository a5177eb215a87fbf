// Makes a run's NeXus file of its journal and its arrays: whole or not at all, as it is written beside and renamed at the end.
import { promises as fs } from 'node:fs';
import { basename } from 'node:path';
import { EndstationError, toErrorData } from '@shared/errors';
import { File, Group, ready } from 'h5wasm/node';
import { replaceWhole } from '../../files/writeWhole';
import { ArraysReader } from '../arrays/arraysReader';
import { columnsOf, keepColumns } from '../columnsFile';
import { readJournal } from '../journal/reader';
import { RunTable } from '../runTable';
import { nexusLayout, runPath } from './nexusLayout';
import { writeStack } from './writeStack';
import type { Attribute, Attributes, NexusDataset, NexusGroup, NexusStack } from './tree';

interface Target { create_attribute(name: string, data: string | string[] | Int32Array | Float64Array, shape?: number[] | null): void }
/** What is written after all else: links need what they lead to, stacks take their time. */
interface Later { readonly links: { from: string; target: string }[]; readonly stacks: { readonly parent: Group; readonly name: string; readonly stack: NexusStack }[] }

function addAttributes(target: Target, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) addAttribute(target, name, value);
}

function addAttribute(target: Target, name: string, value: Attribute): void {
  if (typeof value === 'string') target.create_attribute(name, value);
  else if (typeof value === 'number') target.create_attribute(name, Number.isInteger(value) ? Int32Array.of(value) : Float64Array.of(value), []);
  else target.create_attribute(name, [...value]);
}

function addDataset(parent: Group, name: string, { data, shape, attributes }: NexusDataset): void {
  const isText = typeof data === 'string' || Array.isArray(data);
  const plain = isText ? (typeof data === 'string' ? data : [...data as readonly string[]]) : data as Float64Array | Int32Array;
  addAttributes(parent.create_dataset({ name, data: plain, ...(shape ? { shape: [...shape] } : {}) }), attributes);
}

function addGroup(parent: Group, node: NexusGroup, path: string, later: Later): void {
  if (node.nexusClass !== '') addAttribute(parent, 'NX_class', node.nexusClass);
  addAttributes(parent, node.attributes);
  for (const [name, child] of Object.entries(node.children)) {
    if (child.kind === 'dataset') addDataset(parent, name, child);
    else if (child.kind === 'stack') later.stacks.push({ parent, name, stack: child });
    else if (child.kind === 'link') later.links.push({ from: `${path}/${name}`, target: child.target });
    else addGroup(parent.create_group(name), child, `${path}/${name}`, later);
  }
}

async function fill(file: File, root: NexusGroup, arrays: ArraysReader): Promise<void> {
  const later: Later = { links: [], stacks: [] };
  addGroup(file, root, '', later);
  const missing: string[] = [];
  for (const { parent, name, stack } of later.stacks) {
    const { dataset, lost } = await writeStack(parent, name, stack, arrays);
    addAttributes(dataset, stack.attributes);
    missing.push(...lost.map((point) => `${name} of point ${point}`));
  }
  for (const { from, target } of later.links) file.create_hard_link(target, from);
  const run = file.get(runPath);
  if (missing.length > 0 && run instanceof Group) run.create_dataset({ name: 'missing_arrays', data: missing });
}

/** Errors: those of reading the journal, `NEXUS` where the file can't be written. `version`: the application's; `columns`: where the columns are kept. */
export async function writeNexus(journal: string, target: string, version: string, columns?: string): Promise<void> {
  const table = new RunTable('all');
  const before = await fs.stat(journal);
  for await (const documents of readJournal(journal, before.size)) table.add(documents);
  if (columns !== undefined) await keepColumns(columnsOf(table), columns, before);
  const layout = nexusLayout(table, { fileName: basename(target), version });
  const arrays = new ArraysReader(journal);
  await ready;
  try {
    await replaceWhole(target, async (unfinished) => {
      const file = new File(unfinished, 'w');
      try {
        await fill(file, layout, arrays);
      } finally {
        file.close();
      }
    });
  } catch (error) {
    throw new EndstationError('NEXUS', `The NeXus file ${target} could not be written: ${toErrorData(error).message}. The journal beside it has all points; make the file again with \`endstation runs export\`.`, { cause: error });
  } finally {
    await arrays.close();
  }
}
