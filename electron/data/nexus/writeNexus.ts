// Makes a run's NeXus file of its journal and its arrays: whole or not at all, as it is written beside and renamed at the end.
import { promises as fs } from 'node:fs';
import { basename } from 'node:path';
import { EndstationError, toErrorData } from '@shared/errors';
import { replaceWhole } from '../../files/writeWhole';
import { ArraysReader } from '../arrays/arraysReader';
import { columnsOf, keepColumns } from '../columnsFile';
import { Hdf5Writer } from '../hdf5/hdf5Writer';
import { readJournal } from '../journal/reader';
import { RunTable } from '../runTable';
import { nexusLayout, runPath } from './nexusLayout';
import { text, type NexusGroup } from './tree';
import { TreeWriter } from './writeTree';

/** Errors: those of reading the journal, `NEXUS` where the file can't be written. `version`: the application's; `columns`: where the columns are kept; `unfinished`: its name until it is whole. */
export async function writeNexus(journal: string, target: string, version: string, columns?: string, unfinished?: string): Promise<void> {
  const table = new RunTable('all');
  const before = await fs.stat(journal);
  for await (const documents of readJournal(journal, before.size)) table.add(documents);
  if (columns !== undefined) await keepColumns(columnsOf(table), columns, before);
  const layout = nexusLayout(table, { fileName: basename(target), version });
  const arrays = new ArraysReader(journal);
  try {
    await replaceWhole(target, (path) => writeFile(path, layout, arrays), unfinished);
  } catch (error) {
    throw new EndstationError('NEXUS', `The NeXus file ${target} could not be written: ${toErrorData(error).message}. The journal beside it has all points; make the file again with \`endstation runs export\`.`, { cause: error });
  } finally {
    await arrays.close();
  }
}

async function writeFile(path: string, layout: NexusGroup, arrays: ArraysReader): Promise<void> {
  const file = await fs.open(path, 'w');
  try {
    const late = (missing: readonly string[]) => (missing.length > 0 ? { path: runPath, children: { missing_arrays: text(missing) } } : null);
    await new TreeWriter(new Hdf5Writer(file), arrays).write(layout, late);
  } finally {
    await file.close();
  }
}
