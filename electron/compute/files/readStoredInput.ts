// Reads the parts of a job's input that are still in their files, as the types that the job takes.
import { isStored, lengthOf, type StoredNumbers } from '@shared/storedNumbers';
import { ComputeError } from '../computeError';
import { loadHdf5 } from './loadHdf5';
import { readNpyPart, type NumericArray } from './npyFile';
import { readTextPart } from './textFile';

/** Megabytes that one job reads of a file at once, and keeps of it as the type that it takes. */
const mostOfAll = 4096;

const doubles = [Float64Array] as const;
/** Fields that take more than doubles; what is none of these types is converted to the first one. */
const typesOf: Readonly<Record<string, readonly (new (values: ArrayLike<number>) => NumericArray)[]>> = {
  data: [Float64Array, Float32Array, Int32Array, Uint32Array, Int16Array, Uint16Array, Uint8Array], mask: [Uint8Array],
  spectra: [Float64Array, Int32Array, Uint32Array], frames: [Float64Array, Float32Array, Int32Array, Uint16Array],
};

function fitted(field: string, values: NumericArray, path: string, most: number): NumericArray {
  const types = typesOf[field] ?? doubles;
  if (types.some((type) => values instanceof type)) return values;
  // As doubles, small integers are eight times as large.
  refuseAbove(most, (8 * values.length) / 1e6, path);
  return new types[0]!(values);
}

function refuseAbove(most: number, megabytes: number, path: string): void {
  if (megabytes > most) throw new ComputeError('MEMORY_LIMIT', `${path} was not read: ${Math.ceil(megabytes)} MB are more than the ${most} MB that a worker takes at once. Take a part of it (first, count).`);
}

function readStored(stored: StoredNumbers, folder: string, most: number): NumericArray | Promise<NumericArray> {
  refuseAbove(most, (lengthOf(stored) * stored.itemSize) / 1e6, stored.path);
  if (stored.stored === 'npy') return readNpyPart(stored);
  return stored.stored === 'text' ? readTextPart(stored) : loadHdf5(folder).readHdf5Part(stored);
}

/** The input itself where nothing of it is stored; a promise where a file can't be read at once. */
export function readStoredInput(input: unknown, folder: string, most: number = mostOfAll): unknown {
  if (typeof input !== 'object' || input === null || ArrayBuffer.isView(input) || Array.isArray(input)) return input;
  let read: Record<string, unknown> | null = null;
  const waiting: Promise<void>[] = [];
  for (const [field, value] of Object.entries(input)) {
    const stored = isStored(value);
    const found: unknown = stored ? readStored(value, folder, most) : readStoredInput(value, folder, most);
    if (found === value) continue;
    const target = (read ??= { ...input });
    const put = (values: unknown) => { target[field] = stored ? fitted(field, values as NumericArray, value.path, most) : values; };
    if (found instanceof Promise) waiting.push(found.then(put));
    else put(found);
  }
  if (waiting.length === 0) return read ?? input;
  return Promise.all(waiting).then(() => read);
}
