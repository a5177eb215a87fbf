// Every runtime of this machine, found or with what to install.
import { compilerRuntimes } from './compiler';
import { nodeRuntimes } from './node';
import type { Environment } from '../../compute/remote/onPath';
import type { Python } from './findPythons';
import { pythonRuntimes } from './python';
import type { Runtime } from './runtime';

export interface RuntimeFolders {
  /** Our programs, as they are shipped. */
  readonly programs: string;
  /** The built worker files. */
  readonly workers: string;
  /** Where compiled programs are kept. */
  readonly cache: string;
}

export async function findRuntimes(folders: RuntimeFolders, environment: Environment, pythons: readonly Python[]): Promise<Runtime[]> {
  const [python, c] = await Promise.all([pythonRuntimes(environment, pythons, folders.programs), compilerRuntimes(environment, folders.programs, folders.cache)]);
  return [...python, ...c, ...nodeRuntimes(folders.workers, folders.programs)];
}
