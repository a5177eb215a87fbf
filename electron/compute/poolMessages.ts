// What the pool and its workers say to each other.
import type { JobName } from '@shared/compute';
import type { ErrorData } from '@shared/errors';

export interface WorkerStart {
  /** One 32-bit flag in shared memory: 1 asks the running job to end. Seen without a turn of the worker's event loop. */
  readonly cancel: SharedArrayBuffer;
}
export interface JobMessage { readonly id: number; readonly job: JobName; readonly input: unknown }

export type WorkerMessage =
  | { readonly kind: 'progress'; readonly id: number; readonly done: number }
  | { readonly kind: 'done'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorData };
