// Runs on disk: makes journals, derives files from them, finds them again.
import { promises as fs } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Emitter, type Disposable } from '@shared/disposable';
import type { RunData, RunDocument, RunQuery, RunSummary } from '@shared/documents';
import { EndstationError, toErrorData, type ErrorData } from '@shared/errors';
import type { RunFrame } from '@shared/frames';
import { defaultFilePattern, filePatternProblem } from '@shared/fileNames';
import { interruptionsStream } from '@shared/resume';
import { ArraysFile } from './arrays/arraysFile';
import { ArrayTaker, type TakenBefore } from './arrays/arrayTaker';
import { Catalogue } from './catalogue';
import { columnsPath } from './columnsFile';
import type { TextFormat } from './export/exportRun';
import { diskFiles, type FileLayer } from './journal/fileLayer';
import { JournalWriter } from './journal/writer';
import { explainFolder, folderProblem } from './folderProblem';
import { makeFolder } from '../files/makeFolder';
import { NexusMaker, type MakeNexus } from './nexus/nexusMaker';
import { closeAbandoned, gapDocuments, reopenJournal } from './continueRun';
import { readInterrupted, requireInterrupted, type InterruptedRun } from './interruptedRun';
import { claimName, freeName } from './claimName';
import { arraysPath, exportPath, journalPath, nexusPath, withoutExtension } from './runNames';
import { leftUnfinished, removed } from './leftUnfinished';
import { releaseLock } from './runLock';
import { claimScanId, peekScanId } from './scanIds';
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
  /** A run's NeXus file could not be made: a sentence for the user. */
  readonly onProblem?: (id: string, message: string) => void;
  /** Of the runs' file names, as it is now. */
  readonly filePattern?: () => string;
}

/** `young`: files that may still be written. */
export interface Tidied { readonly told: readonly string[]; readonly young: number }

export interface RunStore {
  readonly folder: string;
  /** Why no run can be recorded now; null: all is well. */
  problem(): Promise<string | null>;
  nextScanId(): Promise<number>;
  /** Where the files of a run would be that began now, without extension, its uid as `{uid}`. Errors: `FILE_NAME`. */
  nextFile(run: Readonly<Record<string, unknown>> & { readonly plan_name: string }): Promise<string>;
  /** Errors: `DATA_FOLDER`, `FILE_NAME`. */
  open(start: RunDocument & { name: 'start' }): Promise<StoredRun>;
  /** An interrupted run as it is on disk; `follow` gets its documents in order. Errors: `NO_RUN`, `NOT_INTERRUPTED`, `NO_START`. */
  interrupted(run: string, follow?: (document: RunDocument) => void | Promise<void>): Promise<InterruptedRun>;
  /** Its journal, to be appended to: the first record tells of the gap. Errors: `NOT_INTERRUPTED`, `DATA_FOLDER`. */
  reopen(run: InterruptedRun): Promise<{ file: StoredRun; streams: ReadonlyMap<string, { descriptor: string; events: number }> }>;
  /** Newest first. */
  list(query?: RunQuery): Promise<readonly RunSummary[]>;
  /** By uid or the beginning of one, or by scan number. Errors: `NO_RUN`. */
  find(run: string): Promise<RunSummary>;
  read(run: string): Promise<RunData>;
  /** An image or a spectrum, by its data key; `point`: from 1. null: the point has none, or the file has lost it. Errors: `NO_RUN`. */
  frame(uid: string, key: string, point: number): Promise<RunFrame | null>;
  /** Makes the NeXus file again; its path. */
  derive(run: string, output?: string): Promise<string>;
  /** Makes a text file of it; its path. Errors: `EXPORT`. */
  exportText(run: string, format: TextFormat, output?: string): Promise<string>;
  /** Closes an interrupted run. `before`: done first, while nobody else can have the run; gives sentences for its end. Errors: `NOT_INTERRUPTED`; those of `before`. */
  abandon(run: string, before?: () => Promise<readonly string[]>): Promise<RunSummary>;
  /** Removes what programs that died left half made, and makes the NeXus files of it; a sentence for each. Never fails. */
  tidy(now?: number): Promise<Tidied>;
  readonly changed: (listener: (change: { uid: string }) => void) => Disposable;
  dispose(): Promise<void>;
}

export function createRunStore(options: RunStoreOptions): RunStore {
  return new DiskRunStore(options);
}

function arrayTaker(uid: string, journal: string, before?: TakenBefore): ArrayTaker {
  return new ArrayTaker(uid, dirname(journal), basename(arraysPath(journal)), before);
}

function folderError(folder: string, error: unknown): EndstationError {
  return new EndstationError('DATA_FOLDER', explainFolder(folder, error), { cause: error });
}

class DiskRunStore implements RunStore {
  readonly #changed = new Emitter<{ uid: string }>();
  readonly #nexus: NexusMaker;
  readonly #files: FileLayer;
  #catalogue: Catalogue | null = null;
  #syncedDay = '';
  #looked: { readonly uid: string; readonly journal: string } | null = null;

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
      return await claimScanId(this.folder, () => this.#runs.highestScanId());
    } catch (error) {
      throw folderError(this.folder, error);
    }
  }

  /** Errors: `FILE_NAME`. */
  get #pattern(): string {
    const pattern = this.options.filePattern?.() ?? defaultFilePattern;
    const problem = filePatternProblem(pattern);
    if (problem !== null) throw new EndstationError('FILE_NAME', `No run can be recorded: ${problem} Change it in the settings, or in the profile.`);
    return pattern;
  }

  async nextFile(run: Readonly<Record<string, unknown>> & { readonly plan_name: string }): Promise<string> {
    const { folder } = this;
    const scanId = await peekScanId(folder, () => this.#runs.highestScanId());
    const named = { ...run, scan_id: scanId, time: Date.now() / 1000, uid: 'xxxxxxxx' };
    const pattern = this.#pattern;
    const journal = journalPath(folder, named, await freeName(folder, pattern, named));
    // The uid is not known before the run is.
    return pattern.includes('{uid}') ? withoutExtension(journal).replace('xxxxxxxx', '{uid}') : withoutExtension(journal);
  }

  async open(start: RunDocument & { name: 'start' }): Promise<StoredRun> {
    const { folder } = this;
    const pattern = this.#pattern;
    let journal = '';
    let writer: JournalWriter | null = null;
    try {
      journal = await claimName(folder, pattern, start.doc);
      writer = new JournalWriter(await this.#files.create(journal), journal, new ArraysFile(this.#files, arraysPath(journal)));
      await this.#syncFolders(dirname(journal));
      writer.append(start);
      return this.#stored(writer, start.doc.uid, arrayTaker(start.doc.uid, journal));
    } catch (error) {
      // What has no start yet is no run.
      await writer?.close().then(() => fs.rm(journal, { force: true })).catch(() => undefined);
      if (journal !== '') await releaseLock(journal).catch(() => undefined);
      throw folderError(folder, error);
    }
  }

  /** The new name, and where the day is new, its folder's. */
  async #syncFolders(day: string): Promise<void> {
    await this.#files.syncFolder(day);
    if (this.#syncedDay === day) return;
    await this.#files.syncFolder(this.folder);
    this.#syncedDay = day;
  }

  #stored(writer: JournalWriter, uid: string, arrays: ArrayTaker): StoredRun {
    this.#nexus.warmUp();
    const run = new StoredRun(writer, uid, arrays, this.#nexus, columnsPath(this.folder, writer.path));
    run.changed(() => this.#changed.emit({ uid }));
    void run.derived.then(({ error }) => { if (error) this.options.onProblem?.(`nexus-${uid}`, error.message); });
    this.#changed.emit({ uid });
    return run;
  }

  async interrupted(run: string, follow?: (document: RunDocument) => void | Promise<void>): Promise<InterruptedRun> {
    return readInterrupted(await this.find(run), follow);
  }

  async reopen(run: InterruptedRun): ReturnType<RunStore['reopen']> {
    const writer = await reopenJournal(run, this.#files).catch((error: unknown) => {
      throw error instanceof EndstationError ? error : folderError(this.folder, error);
    });
    const gap = gapDocuments(run, Date.now() / 1000);
    const streams = new Map([...run.streams].map(([name, { descriptor, events }]) => [name, { descriptor: descriptor.uid, events }]));
    for (const document of gap) {
      writer.append(document);
      if (document.name === 'event') streams.set(interruptionsStream, { descriptor: document.doc.descriptor, events: document.doc.seq_num });
    }
    const { uid } = run.start;
    return { file: this.#stored(writer, uid, arrayTaker(uid, writer.path, run.arrays)), streams };
  }

  list(query?: RunQuery): Promise<readonly RunSummary[]> {
    return this.#runs.list(query);
  }

  find(run: string): Promise<RunSummary> {
    return this.#runs.find(run);
  }

  async read(run: string): Promise<RunData> {
    const summary = await this.find(run);
    const { journal } = summary;
    const { columns } = await this.#nexus.run({ task: 'read', journal, columns: columnsPath(this.folder, journal) });
    if (!columns) throw new EndstationError('INTERNAL', 'The run was read, and nothing came of it.');
    return { summary, ...columns };
  }

  async frame(uid: string, key: string, point: number): Promise<RunFrame | null> {
    // Who looks at one looks at many: the list is not searched for each.
    if (this.#looked?.uid !== uid) this.#looked = { uid, journal: (await this.find(uid)).journal };
    const { journal } = this.#looked;
    try {
      return (await this.#nexus.run({ task: 'frame', journal, key, point })).frame ?? null;
    } catch (error) {
      // It may have been moved.
      this.#looked = null;
      throw error;
    }
  }

  async exportText(run: string, format: TextFormat, output?: string): Promise<string> {
    const { journal } = await this.find(run);
    const target = output ?? exportPath(journal, format);
    await this.#nexus.run({ task: 'export', journal, target, format });
    return target;
  }

  async derive(run: string, output?: string): Promise<string> {
    const { journal, uid } = await this.find(run);
    const target = output ?? nexusPath(journal);
    await this.#nexus.make(journal, target);
    this.#changed.emit({ uid });
    return target;
  }

  async abandon(run: string, before: () => Promise<readonly string[]> = () => Promise.resolve([])): Promise<RunSummary> {
    const summary = await this.find(run);
    requireInterrupted(summary, 'abandoned');
    const { journal, uid, scanId } = summary;
    await closeAbandoned(await readInterrupted(summary), this.#files, before);
    const error: ErrorData | null = await this.#nexus.make(journal, nexusPath(journal)).then(() => null, toErrorData);
    this.#changed.emit({ uid });
    if (error) throw new EndstationError(error.code, `Run ${scanId} was closed, but its NeXus file could not be written: ${error.message}`);
    return this.find(uid);
  }

  async tidy(now = Date.now()): Promise<Tidied> {
    const { left, young } = await leftUnfinished(this.folder, now);
    const told: string[] = [];
    for (const file of left) {
      if (!await removed(file.path) || !file.isNexus) continue;
      const run = file.uid === '' ? null : await this.find(file.uid).catch(() => null);
      if (!run || run.nexus !== null || run.exitStatus === 'running' || run.exitStatus === 'interrupted') continue;
      const what = `The NeXus file of run ${run.scanId} was cut short when a program died`;
      told.push(await this.derive(run.uid).then((path) => `${what}. It is made: ${path}`, (error: unknown) => `${what}. ${toErrorData(error).message}`));
    }
    return { told, young };
  }

  dispose(): Promise<void> {
    return this.#nexus.dispose();
  }
}
