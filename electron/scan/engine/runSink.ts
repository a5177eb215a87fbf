// Where the engine's documents go: the run store implements it, tests use one in memory.
import type { ChangedSetting } from '@shared/changedSettings';
import type { Disposable } from '@shared/disposable';
import type { RunDocument, RunStart } from '@shared/documents';
import type { ErrorData } from '@shared/errors';

export interface RunSink {
  /** Absolute. */
  readonly folder: string;
  /** Why no run can be recorded now, as a sentence; null: all is well. */
  problem(): Promise<string | null>;
  /** Never given twice in a folder. */
  nextScanId(): Promise<number>;
  /** Where the files of a run would be, for the sheet before it. Errors: `FILE_NAME`. */
  nextFile?(run: Readonly<Record<string, unknown>> & { readonly plan_name: string }): Promise<string>;
  /** Makes the journal, its first record the start document. Errors: `DATA_FOLDER` where it can't be written. */
  open(start: RunDocument & { name: 'start' }): Promise<RunFile>;
}

/** A run that goes on after a crash, from what its journal says. */
export interface Continuation {
  readonly start: RunStart;
  /** Points of the primary stream that it has. */
  readonly points: number;
  /** Where the plan had sent what it moved: they are brought back there first. */
  readonly targets: ReadonlyMap<string, number | string>;
  /** What the run had changed and nobody has put back: it is put back at its end. */
  readonly settings: readonly ChangedSetting[];
  /** Opens the journal again; the streams by name, with their numbers of events. Errors: `NOT_INTERRUPTED`, `DATA_FOLDER`. */
  open(): Promise<{ readonly file: RunFile; readonly streams: ReadonlyMap<string, { readonly descriptor: string; readonly events: number }> }>;
}

export interface RunFile {
  /** Absolute path. */
  readonly journal: string;
  /** Takes the document over; it is on disk when `synced` hears of it. */
  append(document: RunDocument): void;
  /** Documents in order, each only after it is safely on disk. */
  readonly synced: (listener: (documents: readonly RunDocument[]) => void) => Disposable;
  /** The disk refuses (full, gone): nothing is lost, it is written again by `retry`. */
  readonly trouble: (listener: (error: ErrorData) => void) => Disposable;
  retry(): void;
  /** Bytes that are not on disk yet. */
  readonly pending: number;
  /** Resolves when all that was appended before is on disk, whatever comes meanwhile. */
  drained(): Promise<void>;
  /** Waits until all is on disk, at most `timeout` ms, and closes. Then the other files are made of it. */
  close(timeout: number): Promise<void>;
  /** Resolves with the NeXus file's path, or null where it could not be written; never fails. */
  readonly derived: Promise<{ nexus: string | null; error?: ErrorData }>;
  /** All documents on disk now, read again from it. */
  replay(): Promise<readonly RunDocument[]>;
}
