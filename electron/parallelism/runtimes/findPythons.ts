// Finds the Python interpreters of the machine: named ones, the lab's own, the PATH's, and those that pyenv and uv keep.
import { readdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { parseLine } from '../programLine';
import { filesOnPath, type Environment } from '../../compute/remote/onPath';
import { ask } from './run';

export interface Python {
  readonly path: string;
  /** e.g. `3.11.7`. */
  readonly version: string;
  /** `cpython`, `pypy`. */
  readonly implementation: string;
  /** Built with --disable-gil. */
  readonly freeThreaded: boolean;
  /** The module that gives each interpreter of a process a GIL of its own; null where there is none (before 3.12). */
  readonly subinterpreters: string | null;
  /** Versions of the packages that our programs use, by the name of their module. */
  readonly packages: Readonly<Record<string, string>>;
}

const question = `import json, sys, sysconfig
from importlib.util import find_spec
packages = {"numpy": "numpy", "epics": "pyepics", "epicscorelibs": "epicscorelibs", "distributed": "distributed", "mpi4py": "mpi4py"}
def version(module, name):
    try:
        from importlib.metadata import version
        return version(name)
    except Exception:
        return "?"
def offered():
    if sys.version_info < (3, 12) or sys.implementation.name != "cpython":
        return None
    return next((name for name in ("concurrent.interpreters", "_interpreters", "_xxsubinterpreters") if find_spec(name)), None)
print(json.dumps({"path": sys.executable, "version": "%d.%d.%d" % sys.version_info[:3], "implementation": sys.implementation.name,
    "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")), "subinterpreters": offered(),
    "packages": {module: version(module, name) for module, name in packages.items() if find_spec(module)}}))`;

/** `python3` of each version that a tool keeps in a folder of its own; Windows has it without `bin`. */
async function keptIn(root: string): Promise<string[]> {
  const versions = await readdir(root).catch(() => [] as string[]);
  const place = process.platform === 'win32' ? ['python.exe'] : ['bin', 'python3'];
  return versions.sort().reverse().map((version) => join(root, version, ...place));
}

async function candidates(environment: Environment, own: string | null): Promise<string[]> {
  const home = environment['HOME'] ?? homedir();
  const named = environment['ENDSTATION_PYTHON'];
  const further = (environment['ENDSTATION_PYTHONS'] ?? '').split(delimiter).filter((file) => file !== '');
  const freeThreaded = environment['ENDSTATION_PYTHON_FREE_THREADED'];
  const first = await filesOnPath(environment, /^python3(\.exe)?$/);
  const others = await filesOnPath(environment, /^(python3\.\d+t?|python3t|python|pypy3(\.\d+)?)(\.exe)?$/);
  // pyenv's shims of single versions only answer for those that are switched on; the versions themselves are looked at below.
  const direct = others.filter((file) => basename(dirname(file)) !== 'shims');
  const pyenv = await keptIn(join(environment['PYENV_ROOT'] ?? join(home, '.pyenv'), 'versions'));
  const uv = await keptIn(environment['UV_PYTHON_INSTALL_DIR'] ?? join(environment['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'uv', 'python'));
  return [...(named ? [named] : []), ...(own === null ? [] : [own]), ...first, ...further, ...(freeThreaded ? [freeThreaded] : []), ...direct, ...pyenv, ...uv];
}

async function examine(file: string): Promise<Python | null> {
  const answer = parseLine((await ask(file, ['-c', question])) ?? '');
  if (!answer) return null;
  const { path, version, implementation, freeThreaded, subinterpreters } = answer;
  if (typeof path !== 'string' || typeof version !== 'string' || typeof implementation !== 'string') return null;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major !== 3 || minor < 7) return null;
  const packages = Object.entries(answer['packages'] ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { path, version, implementation, freeThreaded: freeThreaded === true, subinterpreters: typeof subinterpreters === 'string' ? subinterpreters : null, packages: Object.fromEntries(packages) };
}

/** `cpython-3.13`, `cpython-3.13t` built without a GIL, `pypy-3.10`. */
export function nameOf(python: Python): string {
  return `${python.implementation}-${minorOf(python)}${python.freeThreaded ? 't' : ''}`;
}
export function minorOf({ version }: Python): string { return version.split('.').slice(0, 2).join('.'); }

/** Those that answer, the standard one first; one of each version and kind. `own`: the lab's own interpreter, where it has one. */
export async function findPythons(environment: Environment, own: string | null = null): Promise<Python[]> {
  const files = new Map<string, string>();
  for (const file of await candidates(environment, own)) {
    const target = await realpath(file).catch(() => null);
    if (target && !files.has(target)) files.set(target, file);
  }
  const found: Python[] = [];
  const known = new Set<string>();
  for (const python of await Promise.all([...files.values()].map(examine))) {
    if (!python || known.has(nameOf(python))) continue;
    known.add(nameOf(python));
    found.push(python);
  }
  return found;
}
