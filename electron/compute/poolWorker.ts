// A worker of the pool: does one job after the other, in a thread of its own. It sleeps on shared memory instead of in its event
// loop, which halves what a small job costs; the event loop turns only where a job has to wait for something.
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { toErrorData } from '@shared/errors';
import { ComputeError } from './computeError';
import { readStoredInput } from './files/readStoredInput';
import { giveWay } from './giveWay';
import { jobs, type PoolContext, type PoolJob } from './jobs/registry';
import { control, type JobMessage, type WorkerMessage, type WorkerStart } from './poolMessages';
import { transferables } from './transferables';

/** Milliseconds that results are gathered while there is more to do. */
const gathering = 1;
/** Milliseconds that it looks for the next job before it sleeps: who sends one after the other waits for no thread to wake up. */
const looking = 0.05;
/** Milliseconds between two words about progress. */
const pace = 20;

class PoolWorker {
  readonly #shared: Int32Array;
  readonly #folder: string;
  readonly #limits: WorkerStart['limits'];
  #waiting: JobMessage[] = [];
  #answers: WorkerMessage[] = [];
  #transfer: ArrayBuffer[] = [];
  #sentAt = 0;

  constructor(readonly port: MessagePort, { control: shared, folder, limits }: WorkerStart) {
    this.#shared = new Int32Array(shared);
    this.#folder = folder;
    this.#limits = limits;
  }

  /** Never returns but to wait for a job that needs the event loop. */
  serve(): void {
    for (;;) {
      const seen = Atomics.load(this.#shared, control.wake);
      const message = this.#next();
      if (!message) {
        this.#send();
        this.#rest(seen);
        continue;
      }
      const pending = this.#perform(message);
      if (pending) {
        this.#send();
        // A timer keeps the thread alive until then.
        const alive = setInterval(() => undefined, 60_000);
        void pending.then(() => {
          clearInterval(alive);
          setImmediate(() => this.serve());
        });
        return;
      }
      if (performance.now() - this.#sentAt > gathering) this.#send();
    }
  }

  #next(): JobMessage | undefined {
    if (this.#waiting.length === 0) {
      for (let got = receiveMessageOnPort(this.port); got; got = receiveMessageOnPort(this.port)) this.#waiting.push(...(got as { message: JobMessage[] }).message);
    }
    return this.#waiting.shift();
  }

  #rest(seen: number): void {
    const until = performance.now() + looking;
    while (Atomics.load(this.#shared, control.wake) === seen) if (performance.now() > until) Atomics.wait(this.#shared, control.wake, seen);
  }

  #send(): void {
    this.#sentAt = performance.now();
    if (this.#answers.length === 0) return;
    this.port.postMessage(this.#answers, this.#transfer);
    this.#answers = [];
    this.#transfer = [];
  }

  /** A promise where the job has to wait for something. */
  #perform({ id, job, input }: JobMessage): Promise<void> | undefined {
    Atomics.store(this.#shared, control.running, id);
    const done = (output: unknown) => {
      this.#answers.push({ kind: 'done', id, output });
      this.#transfer.push(...transferables(output));
    };
    const failed = (error: unknown) => { this.#answers.push({ kind: 'failed', id, error: toErrorData(error) }); };
    try {
      const work = jobs[job] as PoolJob | undefined;
      if (!work) throw new ComputeError('JOB_FAILED', `There is no compute job named ${String(job)}.`);
      const context = this.#context(id);
      const read = readStoredInput(input, this.#folder);
      const output = read instanceof Promise ? read.then((found) => work(found, context)) : work(read, context);
      if (output instanceof Promise) return output.then(done).catch(failed);
      done(output);
      return undefined;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  #context(id: number): PoolContext {
    const shared = this.#shared;
    let saidAt = performance.now();
    return {
      folder: this.#folder, limits: this.#limits,
      progress: (done) => {
        const now = performance.now();
        if (now - saidAt < pace) return;
        saidAt = now;
        this.#answers.push({ kind: 'progress', id, done });
        this.#send();
      },
      get cancelled() { return Atomics.load(shared, control.cancel) === id; },
    };
  }
}

if (parentPort) {
  giveWay();
  const worker = new PoolWorker(parentPort, workerData as WorkerStart);
  setImmediate(() => worker.serve());
}
