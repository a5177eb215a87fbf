// Compute jobs as the window sees them: what each asks for, what runs, and where.
import type { JobName } from './compute';
import type { ErrorData } from './errors';

/** `numbers`: an array, from a run, a PV or pasted. `rows`: an array of objects with the given columns. `source`: text of a program. `data`: anything as JSON. */
export interface JobField {
  /** Path in the job's input, e.g. `geometry.distance`. */
  readonly name: string;
  readonly label: string;
  readonly kind: 'numbers' | 'number' | 'integer' | 'choice' | 'rows' | 'source' | 'data';
  readonly doc: string;
  readonly unit?: string;
  readonly needed: boolean;
  readonly initial?: string;
  readonly choices?: readonly string[];
}
export interface JobDescription {
  readonly name: JobName;
  readonly title: string;
  readonly doc: string;
  readonly fields: readonly JobField[];
  /** It can also be done on a Dask cluster or by MPI. */
  readonly remote: boolean;
}

/** Where an array came from, and its unit: shown with the result, and saved with it. */
export interface InputSource { readonly label: string; readonly units: string }

export type TaskState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
export interface ComputeTask {
  readonly id: string;
  readonly job: JobName;
  /** `threads`, `dask://HOST:PORT` or `mpi`. */
  readonly on: string;
  readonly state: TaskState;
  /** 0..1; null: it does not say. */
  readonly progress: number | null;
  /** Unix milliseconds. */
  readonly queuedAt: number;
  readonly startedAt: number | null;
  /** That it ran, once it has ended. */
  readonly seconds: number | null;
  readonly error?: ErrorData;
  /** By field. */
  readonly sources: Readonly<Record<string, InputSource>>;
  /** The run that its data came from: the result is saved beside it. */
  readonly run: string | null;
}

export interface ComputeActivity {
  /** Threads of this machine's pool. */
  readonly pool: { readonly size: number; readonly running: number; readonly queued: number };
  /** Newest first. */
  readonly tasks: readonly ComputeTask[];
}
