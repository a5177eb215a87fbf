// The Python that can do a job beyond this machine's threads: the first one that has the packages which that needs.
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ComputeError } from '../computeError';

type Environment = Readonly<Record<string, string | undefined>>;

export const needs = {
  dask: { modules: ['numpy', 'distributed'], install: "python3 -m pip install numpy 'dask[distributed]'" },
  mpi: { modules: ['numpy', 'mpi4py'], install: 'python3 -m pip install numpy mpi4py' },
} as const;
export type RemoteKind = keyof typeof needs;

const windows = process.platform === 'win32';
const executable = (file: string): Promise<boolean> => access(file, constants.X_OK).then(() => true, () => false);

/** The first program of this name in the folders of PATH. */
export async function programOnPath(name: string, environment: Environment): Promise<string | null> {
  for (const folder of (environment['PATH'] ?? environment['Path'] ?? '').split(delimiter).filter((part) => part !== '')) {
    const file = join(folder, windows ? `${name}.exe` : name);
    if (await executable(file)) return file;
  }
  return null;
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

/** ENDSTATION_PYTHON, else python3 and python of the PATH. Errors: REMOTE_UNAVAILABLE, with what to install. */
export async function findPython(kind: RemoteKind, environment: Environment): Promise<string> {
  const { modules, install } = needs[kind];
  const named = environment['ENDSTATION_PYTHON'];
  const candidates = named ? [named] : (await Promise.all(['python3', 'python'].map((name) => programOnPath(name, environment)))).flatMap((file) => file ?? []);
  const told: string[] = [];
  for (const python of candidates) {
    const missing = await missingModules(python, modules);
    if (missing?.length === 0) return python;
    told.push(missing ? `${python} has no ${missing.join(' and no ')}` : `${python} can't be run`);
  }
  const why = told.length > 0 ? told.join('; ') : 'there is no python3 on the PATH';
  throw new ComputeError('REMOTE_UNAVAILABLE', `The job was not started: ${why}. Install what is missing (${install}), or name another Python in ENDSTATION_PYTHON.`);
}
