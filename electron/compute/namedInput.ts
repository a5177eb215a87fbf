// A job's input whose arrays are named instead of given: looks for each where it is, and fills in the sizes that its shape tells.
import type { JobName } from '@shared/compute';
import type { InputSource } from '@shared/computeTasks';
import { isNumbersSource, isStored, type NumbersSource, type StoredNumbers } from '@shared/storedNumbers';
import { ComputeError } from './computeError';
import type { ComputePool } from './computePool';
import type { Numbers } from './split/partOf';

/** An array and its shape, the slowest axis first. */
export interface FoundNumbers { readonly values: Numbers | StoredNumbers; readonly shape: readonly number[]; readonly units: string }
/** A run: its NeXus file where it has one, and its columns from the journal. */
export interface FoundRun { readonly uid: string; readonly scanId: number; readonly nexus: string | null; column(name: string): Promise<FoundNumbers> }
export interface InputReaders {
  /** By uid, its beginning, or scan number. */
  run(run: string): Promise<FoundRun>;
  pv(name: string): Promise<FoundNumbers>;
  /** The file's absolute path. Throws where it may not be read. */
  file(path: string): string;
}
export interface NamedInput {
  readonly input: unknown;
  /** By field. */
  readonly sources: Readonly<Record<string, InputSource>>;
  /** The run that an array came from. */
  readonly run: string | null;
}
type Shaped = FoundNumbers & { readonly label: string; readonly run?: string };

export async function findNamed(job: JobName, input: unknown, readers: InputReaders, pool: ComputePool): Promise<NamedInput> {
  const sources: Record<string, InputSource> = {};
  let run: string | null = null;
  const look = async (value: unknown, path: string): Promise<unknown> => {
    if (isNumbersSource(value)) {
      const found = await find(value, readers, pool);
      sources[path] = { label: found.label, units: found.units };
      run ??= found.run ?? null;
      return { found };
    }
    // Where a stored array lies is for us to say: who could say it himself could have any file read.
    if (isStored(value)) throw new ComputeError('JOB_FAILED', `${job} was not started: ${path} is neither numbers nor a name of some ($file, $run or $pv).`);
    if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return value;
    const members = await Promise.all(Object.entries(value).map(async ([name, member]) => [name, await look(member, path === '' ? name : `${path}.${name}`)] as const));
    const sizes = members.flatMap(([name, member]) => (isFound(member) ? [sizesOf(job, name, member.found.shape)] : []));
    return { ...Object.assign({}, ...sizes), ...Object.fromEntries(members.map(([name, member]) => [name, isFound(member) ? member.found.values : member])) } as unknown;
  };
  return { input: await look(input, ''), sources, run };
}

const isFound = (value: unknown): value is { readonly found: Shaped } => typeof value === 'object' && value !== null && 'found' in value;

/** What the shape of an array says of the job's other fields. */
function sizesOf(job: JobName, field: string, shape: readonly number[]): Readonly<Record<string, number>> {
  const [last = 1, beforeLast = 1] = [...shape].reverse();
  if (field === 'data' && shape.length >= 2) return { width: last, height: beforeLast };
  if (field === 'frames' && shape.length >= 2) return { pixels: shape.slice(1).reduce((product, n) => product * n, 1) };
  return job === 'xrfMap' && field === 'spectra' && shape.length >= 2 ? { channels: last } : {};
}

async function find(source: NumbersSource, readers: InputReaders, pool: ComputePool): Promise<Shaped> {
  if ('$pv' in source) return { ...await readers.pv(source.$pv), label: source.$pv };
  if ('$file' in source) {
    const path = readers.file(source.$file);
    const { dataset, column } = source;
    const { values, units } = await pool.run('describeFile', { path, ...(dataset === undefined ? {} : { dataset }), ...(column === undefined ? {} : { column }) }, { priority: 'interactive' });
    const label = [path, dataset ?? (column === undefined ? '' : String(column))].filter(Boolean).join(' ');
    return { ...partOfStored(values, source), units, label };
  }
  const run = await readers.run(source.$run);
  const found = await findInRun(run, source.column, pool);
  const part = 'stored' in found.values ? partOfStored(found.values, source) : partOfRead(found.values, found.shape, source);
  return { ...part, units: found.units, label: `run #${run.scanId}, ${source.column}`, run: run.uid };
}

/** Its NeXus file is read in parts by the workers themselves; the journal only where there is none yet. */
async function findInRun(run: FoundRun, column: string, pool: ComputePool): Promise<FoundNumbers> {
  if (run.nexus !== null) {
    const listed = (await pool.run('listFile', { path: run.nexus }, { priority: 'interactive' })).find((one) => one.longName === column && one.shape.length > 1 && one.dataset.includes('/instrument/'));
    if (listed) {
      const { dataset, shape, units, itemSize } = listed;
      return { values: { stored: 'hdf5', path: run.nexus, dataset, shape, first: 0, itemSize }, shape, units };
    }
  }
  return run.column(column);
}

interface Extent { readonly first?: number; readonly count?: number }
/** Throws JOB_FAILED where the part lies outside. */
function extentOf(rows: number, { first = 0, count = rows - first }: Extent): readonly [number, number] {
  if (Number.isInteger(first) && Number.isInteger(count) && first >= 0 && count >= 1 && first + count <= rows) return [first, count];
  throw new ComputeError('JOB_FAILED', `Rows ${first} to ${first + count - 1} were asked for; there are ${rows}, from 0 to ${rows - 1}.`);
}

function partOfStored(values: StoredNumbers, extent: Extent): { readonly values: StoredNumbers; readonly shape: readonly number[] } {
  const [first, count] = extentOf(values.shape[0] ?? 0, extent);
  const shape = [count, ...values.shape.slice(1)];
  return { values: { ...values, first, shape }, shape };
}

function partOfRead(values: Numbers, shape: readonly number[], extent: Extent): { readonly values: Numbers; readonly shape: readonly number[] } {
  const [first, count] = extentOf(shape[0] ?? 0, extent);
  const row = shape.slice(1).reduce((product, n) => product * n, 1);
  return { values: values.slice(first * row, (first + count) * row), shape: [count, ...shape.slice(1)] };
}
