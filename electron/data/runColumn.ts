// One column of a run as numbers: what was read at each point, be it a number, a spectrum or an image.
import { EndstationError } from '@shared/errors';
import { readJournal } from './journal/reader';
import type { RunStore } from './runStore';
import { RunTable } from './runTable';

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

async function readColumn(journal: string, scanId: number, name: string): Promise<RunColumn> {
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
  const width = column.values.reduce((longest, row) => Math.max(longest, row.length), 0);
  const values = new Float64Array(column.values.length * width).fill(NaN);
  column.values.forEach((row, point) => values.set(row, point * width));
  // A frame's own shape, where the descriptor has it.
  const own = about?.shape ?? [];
  const shape = own.length > 1 && own.reduce((product, n) => product * n, 1) === width ? own : [width];
  return { values, shape: [column.values.length, ...shape], units };
}
