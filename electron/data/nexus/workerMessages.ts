// What the worker of the runs is asked, and what it answers.
import type { ErrorData } from '@shared/errors';
import type { RunColumns } from '../columnsFile';
import type { TextFormat } from '../export/exportRun';

/** `columns`: where the run's columns are kept. */
export type RunTask =
  | { readonly task: 'nexus'; readonly journal: string; readonly target: string; readonly version: string; readonly columns?: string }
  | { readonly task: 'read'; readonly journal: string; readonly columns: string }
  | { readonly task: 'export'; readonly journal: string; readonly target: string; readonly format: TextFormat };
export type RunRequest = RunTask & { readonly id: number };
export interface RunAnswer { readonly id: number; readonly error: ErrorData | null; readonly data?: RunColumns }
