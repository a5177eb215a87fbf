// One column of a run as numbers: what was read at each point, be it a number, a spectrum or an image.
import { EndstationError } from '@shared/errors';
import { elementsOf } from './arrays/arrayRecord';
import { ArraysReader } from './arrays/arraysReader';
import { readJournal } from './journal/reader';
import type { RunStore } from './runStore';
import { RunTable, type Column } from './runTable';

/** Numbers of a column that are read at once: 800 MB. */
const mostNumbers = 100_000_000;

export interface RunColumn {
  /** Point after point; NaN where a point has fewer values than others. */
  readonly values: Float64Array;
  /** Points first. */
  readonly shape: readonly number[];
  readonly units: string;
}
export interface OpenedRun { readonly uid: string; readonly scanId: number; readonly nexus: string | null; column(name: string): Promise<RunColumn> }

/** By uid, its beginning, or scan number. Errors: `NO_RUN`; of `column`: `NO_COLUMN`. */
export async function openRun(store: RunStore, run: string): Promise<OpenedRun> {
  const { uid, scanId, nexus, journal } = await store.find(run);
  return { uid, scanId, nexus, column: (name) => readColumn(journal, scanId, name) };
}

export async function readColumn(journal: string, scanId: number, name: string): Promise<RunColumn> {
  const table = new RunTable();
  for await (const documents of readJournal(journal)) table.add(documents);
  const column = table.columns.get(name);
  const about = table.dataKeys[name];
  if (!column || column.kind === 'text') {
    const known = [...table.columns].flatMap(([key, { kind }]) => (kind === 'text' ? [] : [key]));
    throw new EndstationError('NO_COLUMN', `Run ${scanId} has no numbers named ${name}. It has: ${known.join(', ') || 'none'}.`);
  }
  const units = about?.units ?? '';
  if (column.kind === 'number') return { values: Float64Array.from(column.values), shape: [column.values.length], units };
  if (column.kind === 'stored') return { ...await readStored(journal, column.values, name), units };
  const width = column.values.reduce((longest, row) => Math.max(longest, row.length), 0);
  const values = new Float64Array(column.values.length * width).fill(NaN);
  column.values.forEach((row, point) => values.set(row, point * width));
  // A frame's own shape, where the descriptor has it.
  const own = about?.shape ?? [];
  const shape = own.length > 1 && own.reduce((product, n) => product * n, 1) === width ? own : [width];
  return { values, shape: [column.values.length, ...shape], units };
}

/** Arrays from the run's file; those of another shape than the first are filled up with NaN, or cut. Errors: `TOO_LARGE`. */
async function readStored(journal: string, places: Extract<Column, { kind: 'stored' }>['values'], name: string): Promise<Pick<RunColumn, 'values' | 'shape'>> {
  const shape = places.find((place) => place !== null)?.shape ?? [0];
  const size = shape.length === 1 ? places.reduce((longest, place) => Math.max(longest, place ? elementsOf(place.shape) : 0), 0) : elementsOf(shape);
  if (places.length * size > mostNumbers) {
    throw new EndstationError('TOO_LARGE', `${name} has ${places.length * size} numbers, more than can be held at once. Choose a part of it in the run's NeXus file.`);
  }
  const values = new Float64Array(places.length * size).fill(NaN);
  const reader = new ArraysReader(journal);
  try {
    for (const [point, place] of places.entries()) {
      const array = place && await reader.read(place);
      if (array) values.set(array.subarray(0, size), point * size);
    }
  } finally {
    await reader.close();
  }
  return { values, shape: [places.length, ...(shape.length === 1 ? [size] : shape)] };
}
