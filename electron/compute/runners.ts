// Where a job is done: in this machine's pool, on a Dask cluster, or by MPI.
import type { JobName, JobOutput } from '@shared/compute';
import { jobDescriptions } from '@shared/computeForms';
import { EndstationError } from '@shared/errors';
import { isStored, type Deferred } from '@shared/storedNumbers';
import type { ComputePool } from './computePool';
import type { JobOptions } from './poolTask';
import type { PoolInput } from './jobs/registry';
import { runRemote } from './remote/runRemote';
import type { RemoteOptions, RemoteTarget } from './remote/runRemote';

export interface RunOptions extends JobOptions {
  /** Workers of a cluster or MPI processes; default: all of the cluster's, and one MPI process a core. */
  readonly workers?: number;
}

/** `threads`, `dask://HOST:PORT` or `mpi`. Errors: JOB_INPUT. */
function targetOf(on: string): 'threads' | RemoteTarget {
  if (on === 'threads') return 'threads';
  if (on === 'mpi') return { kind: 'mpi' };
  const address = /^dask:\/\/(\[[0-9a-fA-F:]+\]|[\w.-]+):(\d{1,5})$/.exec(on);
  if (address && Number(address[2]) <= 65_535) return { kind: 'dask', address: `tcp://${address[1]}:${address[2]}` };
  throw new EndstationError('JOB_INPUT', `"${on}" is no place to compute. Say threads, mpi, or the address of a Dask scheduler as dask://HOST:PORT.`);
}

export class Runners {
  readonly pool: ComputePool;
  readonly #remote: RemoteOptions;

  constructor(pool: ComputePool, remote: RemoteOptions) {
    this.pool = pool;
    this.#remote = remote;
  }

  /** Errors: JOB_INPUT, where the target is none, or the job can't be done there. */
  check(job: JobName, on: string): void {
    const target = targetOf(on);
    if (target === 'threads' || jobDescriptions.some(({ name, remote }) => name === job && remote)) return;
    const able = jobDescriptions.filter(({ remote }) => remote).map(({ name }) => name);
    throw new EndstationError('JOB_INPUT', `${job} was not started: only ${able.join(', ')} can run beyond this machine's threads. Run it on threads.`);
  }

  /** As ComputePool.run; beyond the machine also REMOTE_UNAVAILABLE, with what to install or start. */
  async run<J extends JobName>(on: string, job: J, input: Deferred<PoolInput<J>>, options: RunOptions = {}): Promise<JobOutput<J>> {
    const target = targetOf(on);
    if (target === 'threads') return this.pool.run(job, input, options);
    return await runRemote(target, job, await this.#read(input, options), this.#remote, options) as JobOutput<J>;
  }

  /** The files are this machine's: what goes elsewhere is read first. */
  async #read(input: object, { signal }: RunOptions): Promise<unknown> {
    const fields = await Promise.all(Object.entries(input).map(async ([name, value]: [string, unknown]) =>
      [name, isStored(value) ? await this.pool.run('readNumbers', { data: value }, signal ? { signal } : {}) : value] as const));
    return Object.fromEntries(fields);
  }
}
