// What the pool asks a worker about files: which arrays are in one, how large one is, its numbers.
import { extname } from 'node:path';
import type { ListedArray, StoredNumbers } from '@shared/storedNumbers';
import { ComputeError } from '../computeError';
import { isHdf5 } from './hdf5Signature';
import { loadHdf5 } from './loadHdf5';
import { describeNpy, type NumericArray } from './npyFile';
import { describeText } from './textFile';

export interface FileJobs {
  /** The whole array, and its unit where the file says it. */
  describeFile: { input: { readonly path: string; readonly dataset?: string; readonly column?: string | number }; output: { readonly values: StoredNumbers; readonly units: string } };
  /** Arrays of an HDF5 file; none of others. */
  listFile: { input: { readonly path: string }; output: readonly ListedArray[] };
  /** As it is in the file where a frame may have that type, else as doubles. */
  readNumbers: { input: { readonly data: NumericArray }; output: NumericArray };
}
interface Where { readonly folder: string }

const kinds: Readonly<Record<string, 'npy' | 'text' | 'hdf5'>> = {
  '.npy': 'npy', '.csv': 'text', '.txt': 'text', '.dat': 'text', '.tsv': 'text', '.h5': 'hdf5', '.hdf5': 'hdf5', '.hdf': 'hdf5', '.nxs': 'hdf5', '.nx5': 'hdf5',
};

/** Errors: JOB_FAILED, with the kinds that can be read. */
function kindOf(path: string): 'npy' | 'text' | 'hdf5' {
  const kind = kinds[extname(path).toLowerCase()];
  if (!kind) throw new ComputeError('JOB_FAILED', `${path} can't be read: only files that end with ${Object.keys(kinds).join(', ')}.`);
  return kind;
}

function readable<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'EISDIR') throw error;
    throw new ComputeError('JOB_FAILED', `${path} can't be read: ${code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'you may not read it' : 'it is a folder'}.`, { cause: error });
  }
}

/** Before HDF5's library opens it. Errors: JOB_FAILED. */
function mustBeHdf5(path: string): void {
  if (!readable(path, () => isHdf5(path))) throw new ComputeError('JOB_FAILED', `${path} is no HDF5 file: it has not the signature that each begins with. Write it again, or choose another.`);
}

export function describeFile({ path, dataset, column }: FileJobs['describeFile']['input'], { folder }: Where): FileJobs['describeFile']['output'] | Promise<FileJobs['describeFile']['output']> {
  const kind = kindOf(path);
  if (kind === 'npy') return { values: readable(path, () => describeNpy(path)), units: '' };
  if (kind === 'text') return { values: readable(path, () => describeText(path, column)), units: '' };
  mustBeHdf5(path);
  if (dataset === undefined) throw new ComputeError('JOB_FAILED', `Say which array of ${path}: its path as dataset.`);
  return loadHdf5(folder).describeHdf5(path, dataset).then(({ shape, units, itemSize }) => ({
    values: { stored: 'hdf5', path, dataset, shape: shape.length > 0 ? shape : [1], first: 0, itemSize }, units,
  }));
}

export function listFile({ path }: FileJobs['listFile']['input'], { folder }: Where): readonly ListedArray[] | Promise<readonly ListedArray[]> {
  if (kindOf(path) !== 'hdf5') return [];
  mustBeHdf5(path);
  return loadHdf5(folder).listHdf5(path);
}

/** What is stored in an input has been read before its job begins. */
export function readNumbers({ data }: FileJobs['readNumbers']['input']): NumericArray {
  return data;
}
