// What the pool and its workers say to each other: lists, so that many small jobs cost one message.
import type { PoolJobName } from './jobs/registry';
import type { ErrorData } from '@shared/errors';
import type { FunctionLimits } from './functions/functionMessages';

export interface WorkerStart {
  /** Three 32-bit numbers in shared memory, see `control`: heard without a turn of the worker's event loop. */
  readonly control: SharedArrayBuffer;
  /** Folder of the built files. */
  readonly folder: string;
  /** What a function of a user's own may have. */
  readonly limits: FunctionLimits;
}
/** `wake`: counted up for every message to the worker, which sleeps on it. `cancel`: the job that is to end. `running`: the job that it does now. */
export const control = { wake: 0, cancel: 1, running: 2 } as const;

export interface JobMessage { readonly id: number; readonly job: PoolJobName; readonly input: unknown }

export type WorkerMessage =
  | { readonly kind: 'progress'; readonly id: number; readonly done: number }
  | { readonly kind: 'done'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorData };
