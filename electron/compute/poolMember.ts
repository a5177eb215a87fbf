// One worker thread of the pool and the jobs that were sent to it: one, or several light ones that it does in turn.
import { Worker } from 'node:worker_threads';
import { fromErrorData } from '@shared/errors';
import { ComputeError } from './computeError';
import type { FunctionLimits } from './functions/functionMessages';
import { control, type JobMessage, type WorkerMessage, type WorkerStart } from './poolMessages';
import type { PoolTask } from './poolTask';
import { transferables } from './transferables';

/** Milliseconds that a cancelled job has to end by itself before its worker is ended. */
const grace = 30;
/** Light jobs that one worker is sent ahead. */
export const ahead = 32;

export interface MemberOptions {
  readonly folder: string;
  readonly file: string;
  /** Megabytes: of its heap, and of functions of users, which run in a process beside it. */
  readonly limits: FunctionLimits;
  /** Some of its jobs have ended. */
  readonly onAnswer: () => void;
  /** Called once, when the worker has ended for whatever reason; `unfinished`: sent to it, but not begun. */
  readonly onGone: (unfinished: readonly PoolTask[]) => void;
}
interface Sent { readonly task: PoolTask; readonly cancel: () => void; stopped: boolean; timer?: ReturnType<typeof setTimeout> }

export class PoolMember {
  readonly #worker: Worker;
  readonly #shared: Int32Array;
  readonly #sent = new Map<number, Sent>();
  readonly #options: MemberOptions;
  #outbox: JobMessage[] = [];
  #outboxBuffers: ArrayBuffer[] = [];
  #jobs = 0;
  #crash: (Error & { code?: string }) | null = null;
  #ending = false;

  constructor(options: MemberOptions) {
    this.#options = options;
    const start: WorkerStart = { control: new SharedArrayBuffer(12), folder: options.folder, limits: options.limits };
    this.#shared = new Int32Array(start.control);
    this.#worker = new Worker(options.file, { workerData: start, resourceLimits: { maxOldGenerationSizeMb: options.limits.heap } });
    this.#worker.unref();
    this.#worker.on('message', (messages: readonly WorkerMessage[]) => {
      for (const message of messages) this.#hear(message);
      if (this.#sent.size === 0) this.#worker.unref();
      options.onAnswer();
    });
    this.#worker.on('error', (error) => { this.#crash = error; });
    this.#worker.on('exit', (code) => this.#gone(code));
  }

  get load(): number { return this.#sent.size; }

  /** It can be sent one more: it does nothing, or only light jobs. */
  takes(task: PoolTask): boolean {
    if (this.#ending) return false;
    if (this.#sent.size === 0) return true;
    if (!task.light || this.#sent.size >= ahead) return false;
    for (const { task: other } of this.#sent.values()) if (!other.light) return false;
    return true;
  }

  /** Takes the task; what is taken in one turn goes as one message. */
  begin(task: PoolTask): void {
    const id = ++this.#jobs;
    let input: unknown;
    try {
      input = task.input();
    } catch (error) {
      return task.reject(error as Error);
    }
    const sent: Sent = { task, stopped: false, cancel: () => this.#cancel(id) };
    if (this.#sent.size === 0) this.#worker.ref();
    this.#sent.set(id, sent);
    task.signal?.addEventListener('abort', sent.cancel, { once: true });
    task.onStart();
    if (this.#outbox.length === 0) queueMicrotask(() => this.#flush());
    this.#outbox.push({ id, job: task.job, input });
    if (task.transfer) this.#outboxBuffers.push(...transferables(input));
  }

  async end(): Promise<void> {
    this.#ending = true;
    for (const { task } of this.#take()) task.reject(new ComputeError('POOL_CLOSED', `${task.job} was ended: the compute pool was closed.`));
    await this.#worker.terminate();
  }

  #flush(): void {
    const [messages, buffers] = [this.#outbox, this.#outboxBuffers];
    this.#outbox = [];
    this.#outboxBuffers = [];
    try {
      this.#post(messages, buffers);
    } catch {
      // One of them can't be sent: find out which, so that the others go.
      for (const message of messages) {
        try {
          this.#post([message], this.#sent.get(message.id)?.task.transfer ? transferables(message.input) : []);
        } catch (error) {
          this.#settle(message.id)?.task.reject(new ComputeError('JOB_FAILED', `${message.job} was not started: its input can't be sent to a worker (${String(error)}).`, { cause: error }));
        }
      }
    }
  }

  #post(messages: readonly JobMessage[], buffers: ArrayBuffer[]): void {
    this.#worker.postMessage(messages, buffers);
    Atomics.add(this.#shared, control.wake, 1);
    Atomics.notify(this.#shared, control.wake);
  }

  #cancel(id: number): void {
    const sent = this.#sent.get(id);
    if (!sent) return;
    sent.stopped = true;
    if (sent.task.light) return sent.task.reject(cancelled(sent.task));
    Atomics.store(this.#shared, control.cancel, id);
    sent.timer = setTimeout(() => {
      this.#ending = true;
      // To end a thread takes as long as its last call of native code, or its memory to be freed: not a matter of who cancelled.
      this.#settle(id)?.task.reject(cancelled(sent.task));
      void this.#worker.terminate();
    }, grace);
  }

  #settle(id: number): Sent | undefined {
    const sent = this.#sent.get(id);
    if (!sent) return undefined;
    this.#sent.delete(id);
    clearTimeout(sent.timer);
    sent.task.signal?.removeEventListener('abort', sent.cancel);
    return sent;
  }

  #take(): Sent[] { return [...this.#sent.keys()].flatMap((id) => this.#settle(id) ?? []); }

  #hear(message: WorkerMessage): void {
    if (message.kind === 'progress') return this.#sent.get(message.id)?.task.onProgress(message.done);
    const sent = this.#settle(message.id);
    if (!sent) return;
    if (sent.stopped) sent.task.reject(cancelled(sent.task));
    else if (message.kind === 'done') sent.task.resolve(message.output);
    else sent.task.reject(fromErrorData(message.error));
  }

  /** Only the job that ran has failed with its worker; the others were not begun and are done elsewhere. */
  #gone(code: number): void {
    this.#ending = true;
    const running = this.#settle(Atomics.load(this.#shared, control.running)) ?? this.#settle([...this.#sent.keys()][0] ?? 0);
    const unfinished = this.#take().filter(({ stopped }) => !stopped).map(({ task }) => task);
    this.#worker.unref();
    this.#options.onGone(unfinished);
    if (!running) return;
    const { task } = running;
    if (running.stopped) task.reject(cancelled(task));
    else if (this.#crash?.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      task.reject(new ComputeError('MEMORY_LIMIT', `${task.job} was ended: its worker reached its limit of ${this.#options.limits.heap} MB of memory. Other jobs go on. Give it less data at once, or a function that keeps less.`, { cause: this.#crash }));
    } else {
      task.reject(new ComputeError('WORKER_CRASHED', `${task.job} failed: its worker ended${this.#crash ? ` (${this.#crash.message})` : ` with code ${code}`}. `
        + 'Other jobs go on. Try it again, with less data if it ran out of memory.', { cause: this.#crash }));
    }
  }
}

function cancelled({ job }: PoolTask): ComputeError { return new ComputeError('JOB_CANCELLED', `${job} was cancelled.`); }
