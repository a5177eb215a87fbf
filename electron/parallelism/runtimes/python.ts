// The ways to run our Python programs: threads, processes and others of the standard interpreter, and the other interpreters beside it.
import { installPython, mpiexecFor } from '../../compute/remote/findPython';
import type { Environment } from '../../compute/remote/onPath';
import { runProgram } from '../childProgram';
import { minorOf, nameOf, type Python } from './findPythons';
import { ask } from './run';
import { keyOf, programFile, type ProgramHost, type Runtime } from './runtime';

const install = {
  python: `${installPython}.`,
  setup: 'Install it into the lab\'s own environment (endstation lab setup, or "Python environment of the lab" in the window)',
  subinterpreters: 'Install CPython 3.14 or later, which has concurrent.interpreters (uv python install 3.14; pyenv install 3.14; python.org); 3.12 and 3.13 offer it as a private module.',
  freeThreaded: 'Install a free-threaded CPython (uv python install 3.14t; pyenv install 3.14t; macOS, Windows: an option of the installer of python.org), '
    + 'or build one: ./configure --disable-gil --prefix=$HOME/python-t && make && make install in its sources, and name it in ENDSTATION_PYTHON_FREE_THREADED.',
  pypy: 'Install PyPy (Debian, Ubuntu: sudo apt install pypy3; otherwise pypy.org).',
} as const;

function hostOf(python: Python, programs: string): ProgramHost {
  return {
    language: 'python',
    run: (title, program, args, options) => runProgram(title, {
      file: python.path, args: [programFile(programs, 'python', program), ...args],
      // Where a package has it switched on again, a build without the GIL would not be what its row says.
      ...(python.freeThreaded ? { environment: { PYTHON_GIL: '0' } } : {}),
    }, options),
  };
}

interface Row {
  readonly id: string;
  readonly title: string;
  readonly mode: string;
  readonly parallel?: boolean;
  readonly standard?: boolean;
  /** Null where it is missing. */
  readonly python: Python | null | undefined;
  readonly missing: string;
  /** What the version says beside the interpreter's. */
  readonly beside?: string | undefined;
}

function runtimeOf(row: Row, programs: string): Runtime {
  const { id, title, mode, python, missing, beside, standard = false, parallel = false } = row;
  const base = { id, key: keyOf(id), title, standard };
  if (!python) return { info: { ...base, available: false, missing }, mode, language: 'python', parallel, host: null };
  const version = beside ? `${python.version}, ${beside}` : python.version;
  return { info: { ...base, available: true, version, path: python.path }, mode, language: 'python', parallel, host: hostOf(python, programs) };
}

/** With packages of the standard interpreter. */
async function clusterRows(environment: Environment, python: Python | undefined): Promise<Row[]> {
  const { distributed, mpi4py } = python?.packages ?? {};
  const mpiexec = await mpiexecFor(environment, python?.path ?? null);
  const mpi = mpiexec === null ? null : (await ask(mpiexec, ['--version']))?.split('\n')[0]?.trim() ?? 'MPI';
  const pip = python ? `${python.path} -m pip install` : 'pip install';
  const dask = { python: distributed === undefined ? null : python, beside: `dask ${distributed ?? ''}`, missing: `${install.setup}, or install dask: ${pip} "dask[distributed]".` };
  return [
    { id: 'cpython-dask', title: 'CPython with dask, processes', mode: 'dask', parallel: true, ...dask },
    { id: 'cpython-dask-threads', title: 'CPython with dask, threads', mode: 'dask-threads', ...dask },
    {
      id: 'cpython-mpi', title: 'CPython with MPI', mode: 'mpi', parallel: true, python: mpi4py === undefined || mpi === null ? null : python, beside: `mpi4py ${mpi4py ?? ''}, ${mpi ?? ''}`,
      missing: `${install.setup}, or install MPI and mpi4py (Debian, Ubuntu: sudo apt install openmpi-bin; then ${pip} mpi4py).`,
    },
  ];
}

function byVersion(a: Python, b: Python): number {
  const [x, y] = [a, b].map(({ version }) => version.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0));
  return (y ?? 0) - (x ?? 0);
}

function otherTitle(python: Python): string {
  const name = python.implementation === 'cpython' ? 'CPython' : python.implementation === 'pypy' ? 'PyPy' : python.implementation;
  return `${name} ${minorOf(python)}${python.freeThreaded ? ', free-threaded,' : ''} threads`;
}

/** The standard interpreter in each of its modes; subinterpreters, a build without the GIL and PyPy where there are any; then the threads of each other one. */
export async function pythonRuntimes(environment: Environment, pythons: readonly Python[], programs: string): Promise<Runtime[]> {
  const ordinary = pythons.filter((python) => python.implementation === 'cpython' && !python.freeThreaded);
  // The first is what the user means; without a GIL, or as PyPy, it is not what the article speaks of.
  const standard = ordinary[0];
  const newest = [...pythons].sort(byVersion);
  const several = standard?.subinterpreters ? standard : newest.find((python) => python.subinterpreters !== null && !python.freeThreaded);
  const free = newest.find(({ freeThreaded }) => freeThreaded);
  const pypy = newest.find(({ implementation }) => implementation === 'pypy');
  const plain = { python: standard, missing: install.python };
  const rows: Row[] = [
    { id: 'cpython-threads', title: 'CPython threads', mode: 'threads', standard: true, ...plain },
    { id: 'cpython-processes', title: 'CPython processes', mode: 'processes', standard: true, parallel: true, ...plain },
    { id: 'cpython-asyncio', title: 'CPython asyncio', mode: 'asyncio', standard: true, ...plain },
    { id: 'cpython-lock', title: 'CPython threads with a Lock', mode: 'lock', ...plain },
    ...await clusterRows(environment, standard),
    { id: 'cpython-subinterpreters', title: 'CPython subinterpreters', mode: 'subinterpreters', parallel: true, python: several, missing: install.subinterpreters, beside: several?.subinterpreters ?? '' },
    { id: 'cpython-free-threaded', title: 'CPython without its GIL, threads', mode: 'threads', parallel: true, python: free, missing: install.freeThreaded, beside: 'free-threaded' },
    { id: 'pypy-threads', title: 'PyPy threads', mode: 'threads', python: pypy, missing: install.pypy, beside: 'PyPy' },
    ...newest.filter((python) => python !== standard && python !== free && python !== pypy).map((python): Row => (
      { id: `${nameOf(python)}-threads`, title: otherTitle(python), mode: 'threads', parallel: python.freeThreaded, python, missing: '' })),
  ];
  return rows.map((row) => runtimeOf(row, programs));
}
