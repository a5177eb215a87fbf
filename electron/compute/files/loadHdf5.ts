// Finds the HDF5 reader beside the worker's file. It is not part of it: five megabytes that most workers never need.
import { createRequire } from 'node:module';
import { join } from 'node:path';

type Hdf5Reader = typeof import('./hdf5Reader');
let loaded: Hdf5Reader | null = null;

export function loadHdf5(folder: string): Hdf5Reader {
  loaded ??= createRequire(join(folder, 'poolWorker.cjs'))('./hdf5Reader.cjs') as Hdf5Reader;
  return loaded;
}
