// The worker pool: as many threads as cores, started when first needed; the most urgent job first. A job that can be divided is done
// by all workers together; short ones are sent ahead, so that no worker waits for its next.
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Deferred } from '@shared/storedNumbers';
import { ComputeError } from './computeError';
import { jobSizeOf } from './jobSize';
import { lightJobs, type PoolInput, type PoolJobName, type PoolOutput } from './jobs/registry';
import { PoolMember } from './poolMember';
import { TaskLine, type JobOptions, type PoolTask } from './poolTask';
import { runSplit } from './split/runSplit';
import { splitOf } from './split/splitRules';

export interface PoolStatus { readonly size: number; readonly running: number; readonly queued: number }
export interface PoolOptions {
  /** Folder of the built worker files. */
  readonly workers: string;
  /** Threads; default: the cores of the machine. */
  readonly size?: number;
  /** Megabytes of heap a worker may have; arrays are outside of it, and have `arrays`. */
  readonly memory?: number;
  /** Megabytes of arrays that one job may bring along; with `memory`, what a function of a user's own may have in all, where the machine has that much. */
  readonly arrays?: number;
}

/** Megabytes of arrays that a function of a user's own may always have; above it, all workers together half of the machine's memory. */
const leastArrays = 512;
/** Bytes of an input that is copied rather than handed over. */
const small = 16_384;
const nothing = (): void => undefined;

export class ComputePool {
  readonly #options: Required<PoolOptions>;
  readonly #members = new Set<PoolMember>();
  readonly #line = new TaskLine();
  #closed = false;

  constructor({ workers, size = Math.max(1, cpus().length), memory = 1024, arrays = 4096 }: PoolOptions) {
    this.#options = { workers, size, memory, arrays };
  }

  get status(): PoolStatus {
    let running = 0, sent = 0;
    for (const { load } of this.#members) {
      if (load > 0) running += 1;
      sent += load;
    }
    return { size: this.#options.size, running, queued: this.#line.length + sent - running };
  }

  /**
   * Does a job in a worker, or in all of them. Rejects with ComputeError: JOB_FAILED (its input), JOB_CANCELLED (the signal), MEMORY_LIMIT, WORKER_CRASHED,
   * POOL_CLOSED.
   */
  run<J extends PoolJobName>(job: J, input: Deferred<PoolInput<J>>, options: JobOptions = {}): Promise<PoolOutput<J>> {
    const split = this.#options.size > 1 ? splitOf(job, input, this.#options.size) : null;
    if (split) return runSplit(split, options, (piece) => this.#one(piece.job, piece.input, { ...piece.options, transfer: true }), this.#options.size) as Promise<PoolOutput<J>>;
    return this.#one(job, () => input, { ...options, transfer: !options.keepInput }) as Promise<PoolOutput<J>>;
  }

  #one(job: PoolJobName, input: () => unknown, { signal, priority = 'normal', onStart = nothing, onProgress = nothing, transfer }: JobOptions & { transfer: boolean }): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new ComputeError('POOL_CLOSED', `${job} was not started: the compute pool is closed.`));
      if (signal?.aborted) return reject(cancelled(job));
      const light = lightJobs.has(job) && jobSizeOf(input()) <= small;
      const leave = () => {
        this.#line.leave(task);
        reject(cancelled(job));
      };
      const refuse = (error: Error) => {
        // It may be refused as it leaves the line, before it has begun.
        signal?.removeEventListener('abort', leave);
        reject(error);
      };
      const task: PoolTask = {
        job, light, priority, signal, onProgress, resolve, reject: refuse, transfer: transfer && !light,
        input: light ? input : () => this.#checked(job, input()),
        onWait: () => signal?.addEventListener('abort', leave, { once: true }),
        onStart: () => {
          signal?.removeEventListener('abort', leave);
          onStart();
        },
      };
      this.#line.push(task);
      this.#next();
    });
  }

  /** Ends all workers; what runs or waits is refused. */
  async dispose(): Promise<void> {
    this.#closed = true;
    this.#line.close(() => new ComputeError('POOL_CLOSED', 'The job was not started: the compute pool was closed.'));
    await Promise.all([...this.#members].map((member) => member.end()));
  }

  #checked(job: PoolJobName, input: unknown): unknown {
    const { arrays } = this.#options;
    const bytes = jobSizeOf(input);
    if (bytes <= arrays * 1e6) return input;
    throw new ComputeError('MEMORY_LIMIT', `${job} was not started: its input has ${Math.ceil(bytes / 1e6)} MB, and a worker takes at most ${arrays} MB at once. Take a part of it, or read a stack from its file: that goes block by block.`);
  }

  #next(): void {
    for (let task = this.#line.peek(); task && !this.#closed; task = this.#line.peek()) {
      const member = this.#memberFor(task);
      if (!member) return;
      this.#line.shift();
      member.begin(task);
    }
  }

  /** An idle worker, a new one while there are fewer than cores, for a light job one that has few of them; or none. */
  #memberFor(task: PoolTask): PoolMember | undefined {
    let best: PoolMember | undefined;
    for (const member of this.#members) if (member.takes(task) && (!best || member.load < best.load)) best = member;
    if (best?.load === 0 || this.#members.size >= this.#options.size) return best;
    const { workers, memory, arrays, size } = this.#options;
    const share = Math.max(memory + leastArrays, Math.floor(totalmem() / 2e6 / size));
    const member = new PoolMember({
      folder: workers, file: join(workers, 'poolWorker.cjs'), limits: { heap: memory, all: Math.min(memory + arrays, share) },
      onAnswer: () => this.#next(),
      onGone: (unfinished) => {
        this.#members.delete(member);
        for (const one of [...unfinished].reverse()) this.#line.pushBack(one);
        this.#next();
      },
    });
    this.#members.add(member);
    return member;
  }
}

function cancelled(job: PoolJobName): ComputeError {
  return new ComputeError('JOB_CANCELLED', `${job} was cancelled before it began.`);
}
