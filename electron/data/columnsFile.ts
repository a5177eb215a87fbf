// The columns of a run in a file of their own, so that a long run opens without reading its journal again. Made from the journal, and
// only believed while the journal is as it was: a line of text, the header's length, the header as JSON, then columns of doubles.
import { promises as fs } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DataKey, Descriptor, RunData, RunStart } from '@shared/documents';
import { writeWhole } from '../files/writeWhole';
import { readJournal } from './journal/reader';
import { RunTable } from './runTable';

const magic = 'ENDSTATION COLUMNS 1\n';
export type RunColumns = Omit<RunData, 'summary'>;

interface Header {
  /** Of the journal. */
  readonly size: number;
  readonly modified: number;
  readonly start: RunStart;
  readonly dataKeys: Readonly<Record<string, DataKey>>;
  readonly hints?: Descriptor['hints'];
  readonly points: number;
  readonly numbers: readonly string[];
  readonly texts: Readonly<Record<string, readonly string[]>>;
}

/** Beside the catalogue's own files, which may all be removed. `folder`: of the runs. */
export function columnsPath(folder: string, journal: string): string {
  return join(folder, '.endstation', 'columns', `${basename(dirname(journal))}_${basename(journal)}.columns`);
}

export function columnsOf(table: RunTable): RunColumns {
  return { start: table.checkedStart, dataKeys: table.dataKeys, ...(table.descriptor ? { hints: table.descriptor.hints } : {}), columns: table.plainColumns, time: Float64Array.from(table.time) };
}

/** From the columns file where there is one that fits, else from the journal, and then the file is made. */
export async function readColumns(journal: string, path: string): Promise<RunColumns> {
  const { size, mtimeMs } = await fs.stat(journal);
  const kept = await readKept(path, size, mtimeMs);
  if (kept) return kept;
  const table = new RunTable();
  for await (const documents of readJournal(journal, size)) table.add(documents);
  const columns = columnsOf(table);
  await keepColumns(columns, path, { size, mtimeMs });
  return columns;
}

/** A convenience: where it can't be written, opening is only slower. Short runs need none. */
export async function keepColumns({ start, dataKeys, hints, columns, time }: RunColumns, path: string, { size, mtimeMs }: { size: number; mtimeMs: number }): Promise<void> {
  if (size < 1_000_000) return;
  const numbers = Object.entries(columns).flatMap(([key, values]) => values instanceof Float64Array ? [[key, values] as const] : []);
  const texts = Object.fromEntries(Object.entries(columns).filter(([, values]) => !(values instanceof Float64Array))) as Header['texts'];
  const header: Header = { size, modified: mtimeMs, start, dataKeys, ...(hints ? { hints } : {}), points: time.length, numbers: numbers.map(([key]) => key), texts };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const parts = [Buffer.from(magic), length, text, ...[time, ...numbers.map(([, values]) => values)].map((values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength))];
  await writeWhole(path, parts).catch(() => undefined);
}

async function readKept(path: string, size: number, modified: number): Promise<RunColumns | null> {
  try {
    const bytes = await fs.readFile(path);
    if (bytes.toString('latin1', 0, magic.length) !== magic) return null;
    const length = bytes.readUInt32LE(magic.length);
    const begin = magic.length + 4;
    const header = JSON.parse(bytes.toString('utf8', begin, begin + length)) as Header;
    const { points, numbers, texts, start, dataKeys, hints } = header;
    if (header.size !== size || header.modified !== modified || bytes.length !== begin + length + 8 * points * (numbers.length + 1)) return null;
    const column = (index: number): Float64Array<ArrayBuffer> => {
      const values = new Float64Array(points);
      new Uint8Array(values.buffer).set(bytes.subarray(begin + length + 8 * points * index, begin + length + 8 * points * (index + 1)));
      return values;
    };
    return { start, dataKeys, ...(hints ? { hints } : {}), time: column(0), columns: { ...Object.fromEntries(numbers.map((key, index) => [key, column(index + 1)])), ...texts } };
  } catch {
    return null;
  }
}
