// What can go wrong with a job of the pool, by a stable code.
import { EndstationError } from '@shared/errors';

export type ComputeErrorCode =
  /** The job was cancelled by who asked for it. */
  | 'JOB_CANCELLED'
  /** It reached the memory that a worker may have; the text names the limit. */
  | 'MEMORY_LIMIT'
  /** Its worker ended while it ran: killed, or by its own fault. */
  | 'WORKER_CRASHED'
  /** The job itself refused its input or failed. */
  | 'JOB_FAILED'
  /** A function of the user's own took longer than it may. */
  | 'JOB_TIME_LIMIT'
  /** The cluster, its Python, or MPI can't be used; the text says what to install or start. */
  | 'REMOTE_UNAVAILABLE'
  /** The task is not known (any more). */
  | 'NO_TASK'
  /** The pool is closed: the application ends. */
  | 'POOL_CLOSED';

export class ComputeError extends EndstationError {
  constructor(code: ComputeErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, message, options);
    this.name = 'ComputeError';
  }
}
