// A run sink in memory for tests of the engine: documents are "on disk" in a later turn, or when the test lets them.
import { Emitter } from '@shared/disposable';
import type { RunDocument } from '@shared/documents';
import type { ErrorData } from '@shared/errors';
import type { RunFile, RunSink } from './runSink';

export class MemorySink implements RunSink {
  readonly folder = '/memory';
  readonly runs: MemoryRun[] = [];
  /** While true nothing gets to disk. */
  full = false;
  #scanId = 0;

  problem(): Promise<string | null> {
    return Promise.resolve(this.full ? 'The disk is full.' : null);
  }

  nextScanId(): Promise<number> {
    this.#scanId += 1;
    return Promise.resolve(this.#scanId);
  }

  open(start: RunDocument & { name: 'start' }): Promise<RunFile> {
    const run = new MemoryRun(this, start.doc.uid);
    this.runs.push(run);
    run.append(start);
    return Promise.resolve(run);
  }

  get documents(): readonly RunDocument[] {
    return this.runs.flatMap((run) => run.onDisk);
  }
}

export class MemoryRun implements RunFile {
  readonly journal: string;
  readonly onDisk: RunDocument[] = [];
  closed = false;
  readonly derived = Promise.resolve({ nexus: null });
  readonly #synced = new Emitter<readonly RunDocument[]>();
  readonly #trouble = new Emitter<ErrorData>();
  readonly #waiting: RunDocument[] = [];
  #scheduled = false;

  constructor(private readonly sink: MemorySink, uid: string) {
    this.journal = `/memory/${uid}`;
  }

  readonly synced = this.#synced.on;
  readonly trouble = this.#trouble.on;
  get pending(): number { return this.#waiting.length; }

  append(document: RunDocument): void {
    if (this.closed) throw new Error('written after its end');
    this.#waiting.push(document);
    this.retry();
  }

  retry(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#waiting.length === 0 || this.closed) return;
      if (this.sink.full) {
        this.#trouble.emit({ code: 'DISK', message: 'The disk is full.' });
        return;
      }
      const group = this.#waiting.splice(0);
      this.onDisk.push(...group);
      this.#synced.emit(group);
    });
  }

  async drained(): Promise<void> {
    while (this.#waiting.length > 0 && !this.closed) await new Promise((resolve) => setImmediate(resolve));
  }

  async close(timeout: number): Promise<void> {
    await Promise.race([this.drained(), ...(timeout === Infinity ? [] : [new Promise((resolve) => setTimeout(resolve, timeout))])]);
    this.closed = true;
  }

  replay(): Promise<readonly RunDocument[]> {
    return Promise.resolve([...this.onDisk]);
  }
}
