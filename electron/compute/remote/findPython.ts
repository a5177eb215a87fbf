// The Python that can do a job beyond this machine's threads: the first one that has the packages which that needs.
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { ComputeError } from '../computeError';
import { filesOnPath, isExecutable, pathFolders, type Environment } from './onPath';

export const needs = {
  dask: { modules: ['numpy', 'distributed'], install: "python3 -m pip install numpy 'dask[distributed]'" },
  mpi: { modules: ['numpy', 'mpi4py'], install: 'python3 -m pip install numpy mpi4py' },
} as const;
export type RemoteKind = keyof typeof needs;

export const installPython = 'Install Python 3.7 or later (Debian, Ubuntu: sudo apt install python3; macOS, Windows: python.org), or name one in ENDSTATION_PYTHON';
export const installMpi = 'Install an MPI (Debian, Ubuntu: sudo apt install openmpi-bin), or load your cluster\'s MPI module.';

/** The mpiexec beside an interpreter that is not of the PATH; else the first of the PATH, where a cluster's modules put theirs. */
export async function mpiexecFor(environment: Environment, python: string | null): Promise<string | null> {
  if (python !== null && !pathFolders(environment).includes(dirname(python))) {
    const beside = join(dirname(python), 'mpiexec');
    if (await isExecutable(beside)) return beside;
  }
  return (await filesOnPath(environment, /^(mpiexec|mpirun)(\.exe)?$/))[0] ?? null;
}

async function hasMpiexec(environment: Environment, pythons: readonly string[]): Promise<boolean> {
  const found = await Promise.all([null, ...pythons].map((python) => mpiexecFor(environment, python)));
  return found.some((file) => file !== null);
}

/** Names of the modules that it has not; null where it is no Python at all. */
function missingModules(python: string, modules: readonly string[]): Promise<readonly string[] | null> {
  const question = `import importlib.util, json; print(json.dumps([m for m in ${JSON.stringify(modules)} if importlib.util.find_spec(m) is None]))`;
  return new Promise((resolve) => {
    execFile(python, ['-c', question], { timeout: 20_000, windowsHide: true }, (error, stdout) => {
      resolve(error ? null : namesIn(stdout));
    });
  });
}

function namesIn(text: string): readonly string[] | null {
  try {
    return JSON.parse(text) as string[];
  } catch {
    return null;
  }
}

/**
 * ENDSTATION_PYTHON, else python3 and python of the PATH, else the lab's own, where it was made.
 * Errors: REMOTE_UNAVAILABLE, with what to install.
 */
export async function findPython(kind: RemoteKind, environment: Environment, labPython: () => Promise<string | null>): Promise<string> {
  const { modules, install } = needs[kind];
  const named = environment['ENDSTATION_PYTHON'];
  const told: string[] = [];
  const pythons = named ? [named] : await unnamed(environment, labPython);
  let any = false;
  for (const python of pythons) {
    const missing = await missingModules(python, modules);
    if (missing?.length === 0) return python;
    any ||= missing !== null;
    told.push(missing ? `${python} has no ${missing.join(' and no ')}` : `${python} can't be run`);
  }
  const why = told.length > 0 ? told.join('; ') : 'there is no python3 on the PATH';
  const packages = `(${install}, or in an environment of its own: endstation lab setup)`;
  const first = named ? 'Name another Python in ENDSTATION_PYTHON, or unset it: the python3 of the PATH is taken then' : installPython;
  const how = any ? `Install what is missing ${packages}, or name another Python in ENDSTATION_PYTHON.` : `${first}; then what the job needs ${packages}.`;
  throw new ComputeError('REMOTE_UNAVAILABLE', `The job was not started: ${why}. ${how}${kind === 'mpi' && !(await hasMpiexec(environment, pythons)) ? ` There is no mpiexec on the PATH either. ${installMpi}` : ''}`);
}

/** The first of each name on the PATH, which a cluster's own modules may have put there; then the lab's. */
async function unnamed(environment: Environment, labPython: () => Promise<string | null>): Promise<string[]> {
  const onPath = await Promise.all([/^python3(\.exe)?$/, /^python(\.exe)?$/].map((name) => filesOnPath(environment, name)));
  return [...onPath.map(([first]) => first), await labPython()].flatMap((file) => file ?? []);
}
