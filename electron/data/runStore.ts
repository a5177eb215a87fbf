// Runs on disk: makes journals, derives files from them, finds them again.
import type { Disposable } from '@shared/disposable';
import type { RunData, RunDocument, RunSummary } from '@shared/documents';
import { EndstationError, type ErrorData } from '@shared/errors';

export interface RunStoreOptions {
  /** Absolute folder of the runs, as it is now. */
  readonly folder: () => string;
  /** Folder of the built workers, with `nexusWorker.cjs`; without it NeXus files are made in this thread. */
  readonly workers?: string;
}

/** As `RunFile` of the engine. */
export interface StoredRun {
  readonly journal: string;
  append(document: RunDocument): void;
  readonly synced: (listener: (documents: readonly RunDocument[]) => void) => Disposable;
  readonly trouble: (listener: (error: ErrorData) => void) => Disposable;
  retry(): void;
  readonly pending: number;
  drained(): Promise<void>;
  close(timeout: number): Promise<void>;
  readonly derived: Promise<{ nexus: string | null; error?: ErrorData }>;
  replay(): Promise<readonly RunDocument[]>;
}

export interface RunStore {
  readonly folder: string;
  nextScanId(): Promise<number>;
  open(start: RunDocument & { name: 'start' }): Promise<StoredRun>;
  /** Newest first; all words of `text` must be in a run's plan, devices, metadata or date. */
  list(options?: { text?: string; limit?: number }): Promise<readonly RunSummary[]>;
  /** By uid or the beginning of one, or by scan id (the newest of that number). Errors: `NO_RUN`. */
  find(run: string): Promise<RunSummary>;
  read(run: string): Promise<RunData>;
  readonly changed: (listener: (change: { uid: string }) => void) => Disposable;
  dispose(): Promise<void>;
}

export function createRunStore(_options: RunStoreOptions): RunStore {
  throw new EndstationError('NOT_READY', 'Runs are not ready yet.');
}
