// Finds the Python interpreters of the machine: ENDSTATION_PYTHON, the PATH's, and pyenv's versions.
import { readdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { runProgram } from '../childProgram';
import { parseLine } from '../programLine';
import { filesOnPath, type Environment } from './onPath';
import { ask } from './run';
import { keyOf, programFile, type ProgramHost, type Runtime } from './runtime';

export interface Python {
  readonly path: string;
  /** e.g. `3.11.7`. */
  readonly version: string;
  /** `cpython`, `pypy`. */
  readonly implementation: string;
  /** False for a free-threaded build that runs without its GIL. */
  readonly gil: boolean;
  /** Packages that it has, of those that our programs use. */
  readonly packages: readonly string[];
}

const question = `import json, sys
from importlib.util import find_spec
print(json.dumps({"path": sys.executable, "version": "%d.%d.%d" % sys.version_info[:3], "implementation": sys.implementation.name,
    "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
    "packages": [name for name in ("numpy", "epics", "distributed", "mpi4py") if find_spec(name)]}))`;
const install = 'Install Python 3.7 or later (Debian, Ubuntu: sudo apt install python3; macOS, Windows: python.org), or name one in ENDSTATION_PYTHON.';

async function candidates(environment: Environment): Promise<string[]> {
  const named = environment['ENDSTATION_PYTHON'];
  const first = await filesOnPath(environment, /^python3(\.exe)?$/);
  const others = await filesOnPath(environment, /^(python3\.\d+t?|python|pypy3)(\.exe)?$/);
  const root = join(environment['PYENV_ROOT'] ?? join(environment['HOME'] ?? homedir(), '.pyenv'), 'versions');
  // pyenv's shims of single versions only answer for those that are switched on; the versions themselves are looked at below.
  const direct = others.filter((file) => basename(dirname(file)) !== 'shims');
  const versions = await readdir(root).catch(() => [] as string[]);
  const pyenv = versions.sort().reverse().map((version) => join(root, version, 'bin', 'python3'));
  return [...(named ? [named] : []), ...first, ...direct, ...pyenv];
}

async function examine(file: string): Promise<Python | null> {
  const answer = parseLine((await ask(file, ['-c', question])) ?? '');
  if (!answer) return null;
  const { path, version, implementation, gil } = answer;
  if (typeof path !== 'string' || typeof version !== 'string' || typeof implementation !== 'string' || typeof gil !== 'boolean') return null;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const packages = Array.isArray(answer['packages']) ? answer['packages'].filter((name): name is string => typeof name === 'string') : [];
  return major === 3 && minor >= 7 ? { path, version, implementation, gil, packages } : null;
}

/** Those that answer, the standard one first; one of each version and kind. */
export async function findPythons(environment: Environment): Promise<Python[]> {
  const files = new Map<string, string>();
  for (const file of await candidates(environment)) {
    const target = await realpath(file).catch(() => null);
    if (target && !files.has(target)) files.set(target, file);
  }
  const found: Python[] = [];
  const known = new Set<string>();
  for (const python of await Promise.all([...files.values()].map(examine))) {
    const kind = python && nameOf(python);
    if (!kind || known.has(kind)) continue;
    known.add(kind);
    found.push(python);
  }
  return found;
}

/** `cpython-3.13`, `cpython-3.13t` without a GIL, `pypy-3.10`. */
function nameOf(python: Python): string {
  return `${python.implementation}-${python.version.split('.').slice(0, 2).join('.')}${python.gil ? '' : 't'}`;
}

function titleOf(python: Python): string {
  const name = python.implementation === 'cpython' ? 'CPython' : python.implementation === 'pypy' ? 'PyPy' : python.implementation;
  return `${name} ${python.version.split('.').slice(0, 2).join('.')}${python.gil ? '' : ', free-threaded'}`;
}

function hostOf(python: Python, programs: string): ProgramHost {
  return {
    language: 'python',
    run: (title, program, args, options) => runProgram(title, { file: python.path, args: [programFile(programs, 'python', program), ...args] }, options),
  };
}

const standardModes = [
  { mode: 'threads', title: 'CPython threads' },
  { mode: 'processes', title: 'CPython processes' },
  { mode: 'asyncio', title: 'CPython asyncio' },
] as const;

/** dask and MPI with the standard interpreter, where it has their packages; they start slowly, and take part where they are asked for. */
async function clusterRuntimes(environment: Environment, programs: string, python: Python | undefined): Promise<Runtime[]> {
  const mpiexec = await filesOnPath(environment, /^(mpiexec|mpirun)(\.exe)?$/);
  const pip = python ? `${python.path} -m pip install` : 'pip install';
  const rows = [
    { mode: 'dask', title: 'CPython with dask', found: python?.packages.includes('distributed'), missing: `Install dask: ${pip} "dask[distributed]".` },
    {
      mode: 'mpi', title: 'CPython with MPI', found: python?.packages.includes('mpi4py') && mpiexec.length > 0,
      missing: `Install MPI and mpi4py (Debian, Ubuntu: sudo apt install openmpi-bin libopenmpi-dev; then ${pip} mpi4py).`,
    },
  ];
  return rows.map(({ mode, title, found, missing }): Runtime => {
    const id = `cpython-${mode}`;
    const base = { id, key: keyOf(id), title, standard: false };
    if (!python || !found) return { info: { ...base, available: false, missing }, mode, language: 'python', host: null };
    return { info: { ...base, available: true, version: python.version, path: python.path }, mode, language: 'python', host: hostOf(python, programs) };
  });
}

/** The standard interpreter in each of its modes, then the threads of each other one. */
export async function pythonRuntimes(environment: Environment, programs: string): Promise<Runtime[]> {
  const pythons = await findPythons(environment);
  // Without a GIL, or as PyPy, it is not what the article speaks of.
  const standard = pythons.find((python) => python.gil && python.implementation === 'cpython');
  const runtimes: Runtime[] = standardModes.map(({ mode, title }) => {
    const id = `cpython-${mode}`;
    const base = { id, key: keyOf(id), title, standard: true };
    if (!standard) return { info: { ...base, available: false, missing: install }, mode, language: 'python', host: null };
    return { info: { ...base, available: true, version: standard.version, path: standard.path }, mode, language: 'python', host: hostOf(standard, programs) };
  });
  runtimes.push(...await clusterRuntimes(environment, programs, standard));
  for (const python of pythons) {
    if (python === standard) continue;
    const id = `${nameOf(python)}-threads`;
    runtimes.push({
      info: { id, key: keyOf(id), title: `${titleOf(python)} threads`, standard: false, available: true, version: python.version, path: python.path },
      mode: 'threads', language: 'python', host: hostOf(python, programs),
    });
  }
  return runtimes;
}
