// Does a job by the Python worker package: as a client of a Dask cluster, or as a group of MPI processes.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { JobName } from '@shared/compute';
import { ComputeError } from '../computeError';
import { findPython, installMpi, mpiexecFor } from './findPython';
import { readOutput, writeInput } from './jobFolder';
import { endGroup, whenEnded } from './markedProcesses';

export type RemoteTarget = { readonly kind: 'dask'; readonly address: string } | { readonly kind: 'mpi' };
export interface RemoteOptions {
  /** Folder that holds the Python package `endstation_compute`. */
  readonly python: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The interpreter of the lab's own environment; null where it was not made. */
  readonly labPython: () => Promise<string | null>;
}
interface Wishes {
  readonly signal?: AbortSignal;
  readonly onStart?: () => void;
  readonly onProgress?: (done: number) => void;
  readonly workers?: number;
}
interface Command { readonly file: string; readonly args: readonly string[]; readonly environment: NodeJS.ProcessEnv }
type Said = { readonly progress: number } | { readonly done: true } | { readonly error: string; readonly unavailable?: boolean };

const keptErrors = 4000;
/** In the environment of a job's processes. */
const markName = 'ENDSTATION_COMPUTE_JOB';

/** Rejects with ComputeError: REMOTE_UNAVAILABLE (what to install or start), JOB_FAILED, JOB_CANCELLED (all processes have been ended). */
export async function runRemote(target: RemoteTarget, job: JobName, input: unknown, remote: RemoteOptions, wishes: Wishes): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'endstation-compute-'));
  try {
    const command = await orCancelled(job, wishes.signal, commandOf(target, job, folder, remote, wishes.workers));
    await writeInput(folder, input);
    if (wishes.signal?.aborted) throw cancelled(job);
    wishes.onStart?.();
    await follow(command, job, wishes);
    return await readOutput(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A Python that does not answer is waited for some seconds: not by who has cancelled. */
function orCancelled<T>(job: JobName, signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(cancelled(job));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

async function commandOf(target: RemoteTarget, job: JobName, folder: string, { python, environment, labPython }: RemoteOptions, workers: number | undefined): Promise<Command> {
  const interpreter = await findPython(target.kind, environment, labPython);
  const own = {
    ...environment, PYTHONPATH: [python, environment['PYTHONPATH']].filter(Boolean).join(delimiter), PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1',
  };
  const module = ['-m', 'endstation_compute'];
  if (target.kind === 'dask') {
    return { file: interpreter, args: [...module, 'dask', folder, job, target.address, ...(workers === undefined ? [] : [String(workers)])], environment: own };
  }
  const mpiexec = await mpiexecFor(environment, interpreter);
  if (!mpiexec) throw new ComputeError('REMOTE_UNAVAILABLE', `${job} was not started: there is no mpiexec on the PATH. ${installMpi}`);
  return {
    file: mpiexec, args: ['-n', String(workers ?? Math.max(1, cpus().length)), interpreter, ...module, 'mpi', folder, job],
    // Open MPI refuses more processes than cores, and to be started by root, as it is in containers, unless told otherwise.
    environment: { ...own, OMPI_MCA_rmaps_base_oversubscribe: '1', ...(process.getuid?.() === 0 ? { OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' } : {}) },
  };
}

function follow({ file, args, environment }: Command, job: JobName, { signal, onProgress }: Wishes): Promise<void> {
  return new Promise((resolve, reject) => {
    const mark = randomUUID();
    const child = spawn(file, args, { env: { ...environment, [markName]: mark }, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, detached: process.platform !== 'win32' });
    let errors = '';
    let last: Said | null = null;
    const stop = () => endGroup(child);
    signal?.addEventListener('abort', stop, { once: true });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = read(line);
      if (said === null) return;
      if ('progress' in said) onProgress?.(said.progress);
      else last = said;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { errors = (errors + text).slice(-keptErrors); });
    child.once('error', (error) => reject(new ComputeError('REMOTE_UNAVAILABLE', `${job} was not started: ${file} can't be run (${error.message}).`, { cause: error })));
    void whenEnded(child, markName, mark).then(({ code, by }) => {
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) reject(cancelled(job));
      else if (last && 'error' in last) reject(new ComputeError(last.unavailable ? 'REMOTE_UNAVAILABLE' : 'JOB_FAILED', `${job} failed: ${last.error}`));
      else if (last && code === 0) resolve();
      else reject(new ComputeError('WORKER_CRASHED', `${job} failed: its Python was ended ${by ? `by ${by}` : `with code ${String(code)}`}. ${errors.trim().split('\n').at(-1) ?? ''}`));
    });
  });
}

function read(line: string): Said | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Said;
  } catch {
    return null;
  }
}

function cancelled(job: JobName): ComputeError { return new ComputeError('JOB_CANCELLED', `${job} was cancelled.`); }
