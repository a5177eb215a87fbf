// One worker thread of the pool and the job that it does.
import { Worker } from 'node:worker_threads';
import type { JobName } from '@shared/compute';
import { fromErrorData } from '@shared/errors';
import { ComputeError } from './computeError';
import type { JobMessage, WorkerMessage, WorkerStart } from './poolMessages';

/** Milliseconds that a cancelled job has to end by itself before its worker is ended. */
const grace = 50;
/** Megabytes of heap a worker may have; arrays are outside of it. */
const heapLimit = 1024;

interface Running {
  readonly job: JobName;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((done: number) => void) | undefined;
}

export class PoolMember {
  readonly #worker: Worker;
  readonly #cancelFlag: Int32Array;
  #running: Running | null = null;
  #jobs = 0;
  #crash: Error | null = null;

  /** @param onGone called once, when the worker has ended for whatever reason and can't be used any more. */
  constructor(file: string, onGone: () => void) {
    const start: WorkerStart = { cancel: new SharedArrayBuffer(4) };
    this.#cancelFlag = new Int32Array(start.cancel);
    this.#worker = new Worker(file, { workerData: start, resourceLimits: { maxOldGenerationSizeMb: heapLimit } });
    this.#worker.unref();
    this.#worker.on('message', (message: WorkerMessage) => this.#hear(message));
    this.#worker.on('error', (error) => { this.#crash = error; });
    this.#worker.on('exit', (code) => {
      const running = this.#settle();
      onGone();
      running?.reject(this.#cancelRequested()
        ? new ComputeError('JOB_CANCELLED', `${running.job} was cancelled.`)
        : new ComputeError('WORKER_CRASHED', `${running.job} failed: its worker ended${this.#crash ? ` (${this.#crash.message})` : ` with code ${code}`}. `
          + 'Other jobs go on. Try it again, with less data if it ran out of memory.', { cause: this.#crash }));
    });
  }

  get busy(): boolean { return this.#running !== null; }

  run(job: JobName, input: unknown, transfer: ArrayBuffer[], options: { signal?: AbortSignal; onProgress?: (done: number) => void }): Promise<unknown> {
    const { signal, onProgress } = options;
    const message: JobMessage = { id: ++this.#jobs, job, input };
    Atomics.store(this.#cancelFlag, 0, 0);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const cancel = () => {
      Atomics.store(this.#cancelFlag, 0, 1);
      timer = setTimeout(() => void this.#worker.terminate(), grace);
    };
    this.#worker.ref();
    return new Promise<unknown>((resolve, reject) => {
      this.#running = { job, resolve, reject, onProgress };
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        this.#worker.postMessage(message, transfer);
      } catch (error) {
        this.#settle();
        reject(new ComputeError('JOB_FAILED', `${job} was not started: its input can't be sent to a worker (${String(error)}).`, { cause: error }));
      }
    }).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    });
  }

  async end(): Promise<void> {
    const running = this.#settle();
    running?.reject(new ComputeError('POOL_CLOSED', `${running.job} was ended: the compute pool was closed.`));
    await this.#worker.terminate();
  }

  #cancelRequested(): boolean { return Atomics.load(this.#cancelFlag, 0) === 1; }

  #settle(): Running | null {
    const running = this.#running;
    this.#running = null;
    this.#worker.unref();
    return running;
  }

  #hear(message: WorkerMessage): void {
    if (!this.#running || message.id !== this.#jobs) return;
    if (message.kind === 'progress') return this.#running.onProgress?.(message.done);
    const stopped = this.#cancelRequested();
    const running = this.#settle();
    if (stopped) running?.reject(new ComputeError('JOB_CANCELLED', `${running.job} was cancelled.`));
    else if (message.kind === 'done') running?.resolve(message.output);
    else running?.reject(fromErrorData(message.error));
  }
}
