// The worker pool: as many threads as cores, started when first needed; a job at a time in each, the most urgent first.
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { JobInput, JobName, JobOutput } from '@shared/compute';
import { ComputeError } from './computeError';
import { PoolMember } from './poolMember';
import { transferables } from './transferables';

export type Priority = 'interactive' | 'normal' | 'background';
const rank: Readonly<Record<Priority, number>> = { interactive: 0, normal: 1, background: 2 };

export interface JobOptions {
  /** Default `normal`. What a user waits for is `interactive`. */
  readonly priority?: Priority;
  readonly signal?: AbortSignal;
  /** Called when it leaves the queue. */
  readonly onStart?: () => void;
  /** 0..1 of the work, as the job says it. */
  readonly onProgress?: (done: number) => void;
  /** Keep the input's arrays: they are copied. Otherwise they are handed over and are empty for the caller afterwards. */
  readonly keepInput?: boolean;
}

export interface PoolStatus { readonly size: number; readonly running: number; readonly queued: number }

interface Waiting {
  readonly rank: number;
  readonly begin: (member: PoolMember) => void;
  readonly refuse: (error: ComputeError) => void;
}

export class ComputePool {
  readonly #file: string;
  readonly #size: number;
  readonly #members = new Set<PoolMember>();
  #waiting: Waiting[] = [];
  #closed = false;

  /** @param workers folder of the built worker files. @param size threads; default: the cores of the machine. */
  constructor({ workers, size = Math.max(1, cpus().length) }: { readonly workers: string; readonly size?: number }) {
    this.#file = join(workers, 'poolWorker.cjs');
    this.#size = size;
  }

  get status(): PoolStatus {
    const running = [...this.#members].filter((member) => member.busy).length;
    return { size: this.#size, running, queued: this.#waiting.length };
  }

  /**
   * Does a job in a worker. Rejects with ComputeError: JOB_FAILED (its input), JOB_CANCELLED (the signal), WORKER_CRASHED, POOL_CLOSED.
   */
  run<J extends JobName>(job: J, input: JobInput<J>, options: JobOptions = {}): Promise<JobOutput<J>> {
    const { signal } = options;
    return new Promise<JobOutput<J>>((resolve, reject) => {
      if (this.#closed) return reject(new ComputeError('POOL_CLOSED', `${job} was not started: the compute pool is closed.`));
      if (signal?.aborted) return reject(cancelled(job));
      const waiting: Waiting = {
        rank: rank[options.priority ?? 'normal'],
        refuse: reject,
        begin: (member) => {
          signal?.removeEventListener('abort', leave);
          options.onStart?.();
          member.run(job, input, options.keepInput ? [] : transferables(input), options)
            .then((output) => resolve(output as JobOutput<J>), reject)
            .finally(() => this.#next());
        },
      };
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(cancelled(job));
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
      this.#next();
    });
  }

  /** Ends all workers; what runs or waits is refused. */
  async dispose(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.refuse(new ComputeError('POOL_CLOSED', 'The job was not started: the compute pool was closed.'));
    await Promise.all([...this.#members].map((member) => member.end()));
  }

  #next(): void {
    if (this.#closed) return;
    while (this.#waiting.length > 0) {
      const member = this.#freeMember();
      if (!member) return;
      const best = this.#waiting.reduce((a, b) => (b.rank < a.rank ? b : a));
      this.#waiting.splice(this.#waiting.indexOf(best), 1);
      best.begin(member);
    }
  }

  /** An idle worker, a new one while there are fewer than cores, or none. */
  #freeMember(): PoolMember | undefined {
    for (const member of this.#members) if (!member.busy) return member;
    if (this.#members.size >= this.#size) return undefined;
    const member = new PoolMember(this.#file, () => {
      this.#members.delete(member);
      this.#next();
    });
    this.#members.add(member);
    return member;
  }
}

function cancelled(job: JobName): ComputeError {
  return new ComputeError('JOB_CANCELLED', `${job} was cancelled before it began.`);
}
