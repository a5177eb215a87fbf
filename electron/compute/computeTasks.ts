// The jobs that users started: queued, running, done; the latest results are kept to be looked at and saved.
import { randomUUID } from 'node:crypto';
import type { JobName } from '@shared/compute';
import type { ShownInput } from '@shared/computeResults';
import { readJobInput } from '@shared/computeSchemas';
import type { ComputeActivity, ComputeTask, InputSource, TaskState } from '@shared/computeTasks';
import { disposable, Emitter, type Disposable } from '@shared/disposable';
import { toErrorData } from '@shared/errors';
import { ComputeError } from './computeError';
import { jobSizeOf } from './jobSize';
import { findNamed, type InputReaders } from './namedInput';
import type { Runners } from './runners';

export interface TaskRequest {
  readonly job: JobName;
  readonly input: unknown;
  readonly on: string;
  readonly workers?: number | undefined;
  readonly sources: Readonly<Record<string, InputSource>>;
  readonly run: string | null;
}
interface Entry { task: ComputeTask; readonly stop: AbortController; readonly input: ShownInput; output: unknown; bytes: number; /** Resolves when it has ended, however. */ ended: Promise<void> }

/** Finished tasks that are remembered, and bytes of results in all. */
const kept = 40;
const keptBytes = 512e6;
/** Milliseconds between two messages to the windows, at the least. */
const pace = 50;

/** Copies of the curves among the input: the job takes the arrays themselves with it. */
const shownFields = ['x', 'y', 'counts'];
const longestShown = 200_000;
function shownOf(input: unknown): ShownInput {
  return Object.fromEntries(Object.entries(input as object).flatMap(([name, value]) =>
    (shownFields.includes(name) && value instanceof Float64Array && value.length <= longestShown ? [[name, value.slice()]] : [])));
}

export class ComputeTasks {
  readonly #runners: Runners;
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new Emitter<ComputeActivity>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly #readers: InputReaders;

  constructor(runners: Runners, readers: InputReaders) {
    this.#runners = runners;
    this.#readers = readers;
  }

  get activity(): ComputeActivity {
    return { pool: this.#runners.pool.status, tasks: [...this.#entries.values()].map(({ task }) => task).reverse() };
  }

  /** Hears what there is now, and then every change, at most 20 times a second. */
  listen(listener: (activity: ComputeActivity) => void): Disposable {
    listener(this.activity);
    const listening = this.#changed.on(listener);
    return disposable(() => listening.dispose());
  }

  /** Errors: JOB_INPUT, where the input or the target can't be used, or what a named array says; what fails later is the task's state. */
  async start({ job, on, workers, ...request }: TaskRequest): Promise<string> {
    this.#runners.check(job, on);
    const named = await findNamed(job, request.input, this.#readers, this.#runners.pool);
    const checked = readJobInput(job, named.input);
    const [sources, run] = [{ ...named.sources, ...request.sources }, request.run ?? named.run];
    const id = randomUUID();
    const stop = new AbortController();
    const entry: Entry = {
      stop, output: null, bytes: 0, input: shownOf(checked), ended: Promise.resolve(),
      task: { id, job, on, state: 'queued', progress: null, queuedAt: Date.now(), startedAt: null, seconds: null, sources, run },
    };
    this.#entries.set(id, entry);
    const begin = () => this.#update(entry, { state: 'running', startedAt: Date.now() });
    entry.ended = this.#runners.run(on, job, checked, {
      signal: stop.signal, priority: 'interactive', onStart: begin, onProgress: (progress) => this.#update(entry, { progress }), ...(workers === undefined ? {} : { workers }),
    }).then((output) => {
      entry.output = output;
      entry.bytes = jobSizeOf(output);
      this.#end(entry, 'done');
    }, (error: unknown) => this.#end(entry, stop.signal.aborted ? 'cancelled' : 'failed', error));
    this.#tell();
    return id;
  }

  cancel(id: string): void { this.#find(id).stop.abort(); }

  /** Takes what has ended off the list. */
  forget(id: string): void {
    const { task } = this.#find(id);
    if (task.state === 'queued' || task.state === 'running') throw new ComputeError('JOB_FAILED', `${task.job} still runs: cancel it first.`);
    this.#entries.delete(id);
    this.#tell();
  }

  /** Errors: NO_TASK, also where it has no result (any more). */
  result(id: string): { readonly task: ComputeTask; readonly output: unknown; readonly input: ShownInput } {
    const { task, output, input } = this.#find(id);
    if (task.state !== 'done') throw new ComputeError('NO_TASK', `${task.job} has no result: it is ${task.state}.`);
    if (output === undefined) throw new ComputeError('NO_TASK', `The result of ${task.job} was let go to make room for later ones. Run it again.`);
    return { task, output, input };
  }

  /** Cancels all of them; resolves when what they had started has ended, too. */
  async dispose(): Promise<void> {
    const entries = [...this.#entries.values()];
    for (const { stop } of entries) stop.abort();
    await Promise.all(entries.map(({ ended }) => ended));
    clearTimeout(this.#timer);
  }

  #find(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new ComputeError('NO_TASK', 'This compute job is not known any more: only the latest are kept. Run it again.');
    return entry;
  }

  #update(entry: Entry, change: Partial<ComputeTask>): void {
    entry.task = { ...entry.task, ...change };
    this.#tell();
  }

  #end(entry: Entry, state: TaskState, error?: unknown): void {
    const { startedAt } = entry.task;
    this.#update(entry, {
      state, progress: state === 'done' ? 1 : entry.task.progress, seconds: startedAt === null ? null : (Date.now() - startedAt) / 1000,
      ...(error === undefined ? {} : { error: toErrorData(error) }),
    });
    this.#makeRoom();
  }

  #makeRoom(): void {
    const ended = [...this.#entries.values()].filter(({ task }) => task.state !== 'queued' && task.state !== 'running').reverse();
    let bytes = 0;
    ended.forEach((entry, index) => {
      bytes += entry.bytes;
      if (index >= kept) this.#entries.delete(entry.task.id);
      else if (bytes > keptBytes && index > 0) entry.output = undefined;
    });
  }

  #tell(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.emit(this.activity);
    }, pace);
  }
}
