// The record of writes: the last 10,000 in memory, every one appended to a file of its month. A write that waits has two lines
// of one id in the file (`sent`, then its outcome), so that one cut short by a crash is seen.
import { promises as files } from 'node:fs';
import { join } from 'node:path';
import { Emitter } from '@shared/disposable';
import type { WriteRecord } from '@shared/pv';
import { makeFolder } from '../files/makeFolder';

const kept = 10_000;

export interface WriteLogOptions {
  /** Folder of `writes-2026-11.jsonl`; null: only in memory. */
  readonly folder: string | null;
  /** The file could not be written, or can again (null). Told once a change. */
  readonly onProblem?: (message: string | null) => void;
}

export class WriteLog {
  #records: WriteRecord[] = [];
  #changes = new Emitter<readonly WriteRecord[]>();
  #queue: WriteRecord[] = [];
  #writing: Promise<void> | null = null;
  #failed = false;
  #nextId = 1;
  /** Ids start again with the process; in the file they are unique together with this. */
  #session = new Date().toISOString();

  constructor(private readonly options: WriteLogOptions) {}

  readonly onChange = this.#changes.on;
  nextId(): number { return this.#nextId++; }

  /** Newest last. */
  list(): readonly WriteRecord[] { return this.#records; }

  /** Adds a record, or replaces the one of its id. */
  put(record: WriteRecord): WriteRecord {
    const at = this.#indexOf(record.id);
    if (at >= 0) this.#records[at] = record;
    else this.#records.push(record);
    if (this.#records.length > kept) this.#records.splice(0, this.#records.length - kept);
    this.#queue.push(record);
    this.#writing ??= this.#drain().finally(() => { this.#writing = null; });
    this.#changes.emit([record]);
    return record;
  }

  #indexOf(id: number): number {
    for (let i = this.#records.length - 1; i >= 0; i -= 1) if (this.#records[i]?.id === id) return i;
    return -1;
  }

  async #drain(): Promise<void> {
    const { folder, onProblem } = this.options;
    // In a later tick, so that a burst of writes is one append.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0);
      if (folder === null) continue;
      const lines = batch.map((record) => JSON.stringify({ session: this.#session, ...record, time: new Date(record.time).toISOString() })).join('\n');
      try {
        await makeFolder(folder);
        await files.appendFile(join(folder, `writes-${new Date(batch[0]?.time ?? 0).toISOString().slice(0, 7)}.jsonl`), `${lines}\n`, 'utf8');
        if (this.#failed) onProblem?.(null);
        this.#failed = false;
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        if (!this.#failed) onProblem?.(`Writes to PVs are not recorded on disk: ${why}. Free space in ${folder}, or make it writable. They are kept in memory meanwhile.`);
        this.#failed = true;
      }
    }
  }

  /** Resolves when all that was put is on disk, or could not be. */
  async flush(): Promise<void> { while (this.#writing) await this.#writing; }
}
