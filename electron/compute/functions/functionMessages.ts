// What a worker of the pool and the process in which functions of users run say to each other.
import type { UserFunctionInput, UserValue } from '@shared/compute';
import type { ErrorData } from '@shared/errors';

/** Megabytes. `heap`: of objects and texts; `all`: with arrays of numbers and everything else, above what the process had before. */
export interface FunctionLimits { readonly heap: number; readonly all: number }

export interface FunctionOrder { readonly input: UserFunctionInput; readonly limits: FunctionLimits }

export type FunctionAnswer =
  /** The function runs now; before that it can be given to another process. */
  | { readonly kind: 'began' }
  | { readonly kind: 'done'; readonly output: UserValue }
  | { readonly kind: 'failed'; readonly error: ErrorData }
  /** It reached a limit; the process ends. */
  | { readonly kind: 'memory' };
