// HDF5 and NeXus files, by WebAssembly: a file of its own beside the worker's, loaded only where such a file is read.
import type { ListedArray, StoredNumbers } from '@shared/storedNumbers';
import { Dataset, File, Group, ready } from 'h5wasm/node';
import { ComputeError } from '../computeError';
import type { NumericArray } from './npyFile';

async function withFile<T>(path: string, look: (file: File) => T): Promise<T> {
  await ready;
  let file: File;
  try {
    file = new File(path, 'r');
  } catch (error) {
    throw new ComputeError('JOB_FAILED', `${path} can't be read as HDF5: ${(error as Error).message}.`, { cause: error });
  }
  try {
    return look(file);
  } finally {
    file.close();
  }
}

/** Integers and floats; type of h5wasm's metadata: 0 and 1. */
const isNumeric = (found: unknown): found is Dataset => found instanceof Dataset && found.metadata.type <= 1;

function textAttribute(dataset: Dataset, name: string): string {
  const value = dataset.attrs[name]?.value;
  return typeof value === 'string' ? value : '';
}

function listed(dataset: Dataset, path: string): ListedArray {
  return { dataset: path, shape: dataset.shape ?? [], units: textAttribute(dataset, 'units'), longName: textAttribute(dataset, 'long_name'), itemSize: dataset.metadata.size };
}

/** All arrays of numbers in it, but for single values. */
export function listHdf5(path: string): Promise<readonly ListedArray[]> {
  return withFile(path, (file) => {
    const found: ListedArray[] = [];
    const look = (group: Group, place: string): void => {
      for (const name of group.keys()) {
        const member = group.get(name);
        if (member instanceof Group) look(member, `${place}/${name}`);
        else if (isNumeric(member) && (member.shape?.length ?? 0) > 0) found.push(listed(member, `${place}/${name}`));
      }
    };
    look(file, '');
    return found;
  });
}

export function describeHdf5(path: string, dataset: string): Promise<ListedArray> {
  return withFile(path, (file) => {
    const found = file.get(dataset);
    if (!isNumeric(found)) throw new ComputeError('JOB_FAILED', `${path} has no numbers at ${dataset}.`);
    return listed(found, dataset);
  });
}

export function readHdf5Part({ path, dataset = '', first, shape }: StoredNumbers): Promise<NumericArray> {
  return withFile(path, (file) => {
    const found = file.get(dataset);
    if (!isNumeric(found)) throw new ComputeError('JOB_FAILED', `${path} has no numbers at ${dataset} any more.`);
    const rank = found.shape?.length ?? 0;
    const values = rank === 0 ? found.value : found.slice([[first, first + (shape[0] ?? 1)], ...Array.from({ length: rank - 1 }, () => [] as [])]);
    if (typeof values === 'number') return Float64Array.of(values);
    if (values instanceof BigInt64Array || values instanceof BigUint64Array) return Float64Array.from(values as BigInt64Array, Number);
    return values as NumericArray;
  });
}
