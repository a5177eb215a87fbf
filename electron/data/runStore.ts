// Runs on disk: makes journals, derives files from them, finds them again.
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { Emitter, type Disposable } from '@shared/disposable';
import type { RunData, RunDocument, RunSummary } from '@shared/documents';
import { EndstationError, toErrorData, type ErrorData } from '@shared/errors';
import { Catalogue } from './catalogue';
import { diskFiles, type FileLayer } from './journal/fileLayer';
import { goodLength, readJournal } from './journal/reader';
import { encodeRecord } from './journal/record';
import { JournalWriter } from './journal/writer';
import { explainFolder, folderProblem } from './folderProblem';
import { makeFolder } from '../files/makeFolder';
import { NexusMaker, type MakeNexus } from './nexus/nexusMaker';
import { journalPath, nexusPath } from './runNames';
import { releaseLock, takeLock } from './runLock';
import { RunTable } from './runTable';
import { claimScanId } from './scanIds';
import { StoredRun } from './storedRun';

export interface RunStoreOptions {
  /** Absolute folder of the runs, as it is now. */
  readonly folder: () => string;
  /** Folder of the built workers, with `nexusWorker.cjs`. */
  readonly workers?: string;
  /** The application's version, written into the files. */
  readonly version: string;
  /** Makes NeXus files where there are no workers. */
  readonly makeNexus?: MakeNexus;
  readonly files?: FileLayer;
}

export interface RunStore {
  readonly folder: string;
  /** Why no run can be recorded now; null: all is well. */
  problem(): Promise<string | null>;
  nextScanId(): Promise<number>;
  /** Errors: `DATA_FOLDER`. */
  open(start: RunDocument & { name: 'start' }): Promise<StoredRun>;
  /** Newest first; all words of `text` must be in a run's plan, devices, metadata or date. */
  list(options?: { text?: string; limit?: number }): Promise<readonly RunSummary[]>;
  /** By uid or the beginning of one, or by scan number. Errors: `NO_RUN`. */
  find(run: string): Promise<RunSummary>;
  read(run: string): Promise<RunData>;
  /** Makes the NeXus file again; its path. */
  derive(run: string, output?: string): Promise<string>;
  /** Closes an interrupted run. Errors: `NOT_INTERRUPTED`. */
  abandon(run: string): Promise<RunSummary>;
  readonly changed: (listener: (change: { uid: string }) => void) => Disposable;
  dispose(): Promise<void>;
}

export function createRunStore(options: RunStoreOptions): RunStore {
  return new DiskRunStore(options);
}

function folderError(folder: string, error: unknown): EndstationError {
  return new EndstationError('DATA_FOLDER', explainFolder(folder, error), { cause: error });
}

class DiskRunStore implements RunStore {
  readonly #changed = new Emitter<{ uid: string }>();
  readonly #nexus: NexusMaker;
  readonly #files: FileLayer;
  #catalogue: Catalogue | null = null;

  constructor(private readonly options: RunStoreOptions) {
    this.#nexus = new NexusMaker({
      version: options.version, ...(options.workers !== undefined ? { workers: options.workers } : {}), ...(options.makeNexus ? { make: options.makeNexus } : {}),
    });
    this.#files = options.files ?? diskFiles;
  }

  readonly changed = this.#changed.on;
  get folder(): string { return this.options.folder(); }

  get #runs(): Catalogue {
    if (this.#catalogue?.folder !== this.folder) this.#catalogue = new Catalogue(this.folder);
    return this.#catalogue as Catalogue;
  }

  problem(): Promise<string | null> {
    return folderProblem(this.folder);
  }

  async nextScanId(): Promise<number> {
    try {
      await makeFolder(this.folder);
      return await claimScanId(this.folder);
    } catch (error) {
      throw folderError(this.folder, error);
    }
  }

  async open(start: RunDocument & { name: 'start' }): Promise<StoredRun> {
    const { folder } = this;
    const journal = journalPath(folder, start.doc);
    let isOurs = false;
    try {
      await makeFolder(dirname(journal));
      await takeLock(journal);
      isOurs = true;
      const writer = new JournalWriter(await this.#files.create(journal), journal);
      writer.append(start);
      this.#nexus.warmUp();
      const run = new StoredRun(writer, start.doc.uid, this.#nexus);
      run.changed(() => this.#changed.emit({ uid: start.doc.uid }));
      this.#changed.emit({ uid: start.doc.uid });
      return run;
    } catch (error) {
      if (isOurs) await releaseLock(journal).catch(() => undefined);
      throw folderError(folder, error);
    }
  }

  list(options?: { text?: string; limit?: number }): Promise<readonly RunSummary[]> {
    return this.#runs.list(options);
  }

  find(run: string): Promise<RunSummary> {
    return this.#runs.find(run);
  }

  async read(run: string): Promise<RunData> {
    const summary = await this.find(run);
    const table = new RunTable();
    for await (const documents of readJournal(summary.journal)) table.add(documents);
    return { summary, start: table.checkedStart, dataKeys: table.dataKeys, columns: table.plainColumns, time: Float64Array.from(table.time) };
  }

  async derive(run: string, output?: string): Promise<string> {
    const { journal, uid } = await this.find(run);
    const target = output ?? nexusPath(journal);
    await this.#nexus.make(journal, target);
    this.#changed.emit({ uid });
    return target;
  }

  async abandon(run: string): Promise<RunSummary> {
    const { journal, uid, exitStatus, scanId } = await this.find(run);
    if (exitStatus !== 'interrupted') {
      const why = exitStatus === 'running' ? 'it is still running. Abort it where it runs' : `it has ended already (${exitStatus})`;
      throw new EndstationError('NOT_INTERRUPTED', `Run ${scanId} was not abandoned: ${why}.`);
    }
    const counts: Record<string, number> = {};
    const streams = new Map<string, string>();
    for await (const documents of readJournal(journal)) {
      for (const { name, doc } of documents) {
        if (name === 'descriptor') streams.set(doc.uid, doc.name);
        const stream = name === 'event' ? streams.get(doc.descriptor) : undefined;
        if (stream !== undefined) counts[stream] = (counts[stream] ?? 0) + 1;
      }
    }
    await this.#appendStop(journal, uid, counts);
    const error: ErrorData | null = await this.#nexus.make(journal, nexusPath(journal)).then(() => null, toErrorData);
    this.#changed.emit({ uid });
    if (error) throw new EndstationError(error.code, `Run ${scanId} was closed, but its NeXus file could not be written: ${error.message}`);
    return this.find(uid);
  }

  async #appendStop(journal: string, uid: string, counts: Record<string, number>): Promise<void> {
    const record = encodeRecord({
      name: 'stop', doc: { uid: randomUUID(), run_start: uid, time: Date.now() / 1000, exit_status: 'abort', reason: 'Abandoned after an interruption.', num_events: counts },
    });
    const length = await goodLength(journal);
    const handle = await this.#files.open(journal);
    try {
      // What a crash tore off is no record; the new one takes its place.
      await handle.truncate(length);
      await handle.write(record, length);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await releaseLock(journal);
  }

  dispose(): Promise<void> {
    return this.#nexus.dispose();
  }
}
