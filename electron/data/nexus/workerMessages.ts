// What the worker of the runs is asked, and what it answers.
import type { ErrorData } from '@shared/errors';
import type { RunFrame } from '@shared/frames';
import type { RunColumns } from '../columnsFile';
import type { TextFormat } from '../export/exportRun';

/** `columns`: where the run's columns are kept. `unfinished`: the name of the file until it is whole, so that somebody else can remove what a crash leaves. */
export type RunTask =
  | { readonly task: 'nexus'; readonly journal: string; readonly target: string; readonly unfinished?: string; readonly version: string; readonly columns?: string }
  | { readonly task: 'read'; readonly journal: string; readonly columns: string }
  | { readonly task: 'frame'; readonly journal: string; readonly key: string; readonly point: number }
  | { readonly task: 'export'; readonly journal: string; readonly target: string; readonly unfinished?: string; readonly format: TextFormat };
/** A run's columns, an image of it, or nothing where a file was to be made. */
export interface RunResult { readonly columns?: RunColumns; readonly frame?: RunFrame | null }
export type RunRequest = RunTask & { readonly id: number };
export interface RunAnswer { readonly id: number; readonly error: ErrorData | null; readonly result: RunResult }
