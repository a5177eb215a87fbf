// Has files of runs made and read by a worker that is started when a run begins or is opened, and ends when nobody needs it.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EndstationError, fromErrorData } from '@shared/errors';
import { unfinishedPath } from '../../files/writeWhole';
import { carryOutTask } from '../runTasks';
import type { RunAnswer, RunRequest, RunResult, RunTask } from './workerMessages';

export type MakeNexus = (journal: string, target: string) => Promise<void>;

interface Waiting {
  readonly task: RunTask;
  readonly resolve: (result: RunResult) => void;
  readonly reject: (error: Error) => void;
  /** Workers that ended while they were at it. */
  readonly lost: number;
}
/** A worker that ends takes all that it was at with it: so often each is tried again, as it may have been another's fault. */
const secondTries = 1;

const names: Readonly<Record<RunTask['task'], string>> = {
  nexus: 'The NeXus file could not be made', export: 'The file could not be made', read: 'The run could not be read', frame: 'The image could not be read',
};

/** Milliseconds. */
const warmUpDelay = 1000;

export class NexusMaker {
  #worker: Worker | null = null;
  #next = 1;
  #closed = false;
  #warming: ReturnType<typeof setTimeout> | undefined;
  readonly #waiting = new Map<number, Waiting>();

  /** `workers`: folder of `nexusWorker.cjs`. `make`: what makes NeXus files where there are no workers. */
  constructor(private readonly options: { readonly workers?: string; readonly version: string; readonly make?: MakeNexus }) {}

  /** So that a run's end doesn't wait for the worker's start, which waits until the run's own beginning is over: it keeps a core for a second. */
  warmUp(): void {
    const { workers } = this.options;
    if (workers === undefined || this.#worker || this.#warming) return;
    this.#warming = setTimeout(() => this.#start(workers), warmUpDelay);
    this.#warming.unref();
  }

  /** `columns`: where the run's columns are to be kept. */
  async make(journal: string, target: string, columns?: string): Promise<void> {
    const { workers, make, version } = this.options;
    if (workers === undefined) {
      if (!make) throw new EndstationError('NEXUS', 'NeXus files can not be made here: the program was started without its workers.');
      return make(journal, target);
    }
    await this.run({ task: 'nexus', journal, target, version, ...(columns === undefined ? {} : { columns }) });
  }

  async run(task: RunTask): Promise<RunResult> {
    const { workers } = this.options;
    if (workers === undefined) return carryOutTask(task);
    const known: RunTask = 'target' in task ? { ...task, unfinished: unfinishedPath(task.target) } : task;
    return new Promise((resolve, reject) => this.#give(workers, { task: known, resolve, reject, lost: 0 }));
  }

  #give(workers: string, waiting: Waiting): void {
    const worker = this.#start(workers);
    const id = this.#next++;
    worker.ref();
    this.#waiting.set(id, waiting);
    worker.postMessage({ ...waiting.task, id } satisfies RunRequest);
  }

  #start(workers: string): Worker {
    clearTimeout(this.#warming);
    this.#warming = undefined;
    if (this.#worker) return this.#worker;
    const worker = new Worker(join(workers, 'nexusWorker.cjs'));
    this.#worker = worker;
    worker.unref();
    worker.on('message', (answer: RunAnswer) => this.#receive(worker, answer));
    worker.on('error', (error) => this.#lose(worker, error.message));
    worker.on('exit', (code) => this.#lose(worker, `it ended with code ${code}`));
    return worker;
  }

  #receive(worker: Worker, { id, error, result }: RunAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) worker.unref();
    if (error) waiting?.reject(fromErrorData(error));
    else waiting?.resolve(result);
  }

  #lose(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiting of lost) void this.#tryAgain(waiting, reason);
  }

  /** What it left half made is removed first. */
  async #tryAgain(waiting: Waiting, reason: string): Promise<void> {
    const { task, lost } = waiting;
    const { workers } = this.options;
    if ('unfinished' in task && task.unfinished !== undefined) await fs.rm(task.unfinished, { force: true }).catch(() => undefined);
    if (workers !== undefined && lost < secondTries && !this.#closed) this.#give(workers, { ...waiting, lost: lost + 1 });
    else waiting.reject(new EndstationError('NEXUS', `${names[task.task]}: the worker failed (${reason}). All points are in the journal ${task.journal}. Make the file with Export in Runs, or with \`endstation runs export\`.`));
  }

  async dispose(): Promise<void> {
    clearTimeout(this.#warming);
    this.#closed = true;
    const worker = this.#worker;
    if (worker) this.#lose(worker, 'the program ended');
    await worker?.terminate();
  }
}
