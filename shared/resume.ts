// What is said of an interrupted run before it goes on: where it stands, what would move, what stands against it.
import type { DataValue, RunSummary } from './documents';

/** The stream of a run that tells of its gaps, one event each, with these data keys. Its name is bluesky's. */
export const interruptionsStream = 'interruptions';
export const interruptionKeys = {
  /** Always `resume`, as bluesky has it. */
  kind: 'interruption',
  /** Points of the primary stream before the gap. */
  point: 'after_point',
  /** Unix seconds of the last record before the gap, and of the first one after it. */
  from: 'last_record',
  to: 'resumed',
} as const;

/** What a plan read before it opened its run, kept in the start document as `plan_readings`, so that the plan can be followed again. */
export interface PlanReading {
  readonly device: string;
  readonly keys: readonly string[];
  readonly values: readonly DataValue[];
  /** Unix seconds. */
  readonly timestamps: readonly number[];
}

export interface ResumeMotor {
  readonly name: string;
  readonly units: string;
  /** Where the journal says that the plan had sent it. */
  readonly journal: number | string;
  /** null: it does not answer, or is no number. */
  readonly now: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** It is elsewhere and would be moved to where the journal says. */
  readonly moves: boolean;
}

export interface ResumeFinding { readonly level: 'error' | 'warning' | 'info'; readonly field?: string; readonly message: string }

/** A run that was closed: sentences on what it had left changed, put back or not. */
export interface AbandonedRun { readonly run: RunSummary; readonly done: readonly string[]; readonly problems: readonly string[] }

export interface ResumeSheet {
  readonly run: RunSummary;
  /** No finding is an error. */
  readonly ok: boolean;
  /** Points on disk: the next one is `points + 1`. */
  readonly points: number;
  readonly of: number | null;
  /** The plan chooses its positions by what it measures: it is led again through the values in the journal. */
  readonly adaptive: boolean;
  /** ISO 8601 with zone: the last record on disk. */
  readonly interrupted: string;
  /** Seconds since then. */
  readonly gap: number;
  /** Gaps that the run has already. */
  readonly gaps: number;
  /** Seconds that the rest will take at the pace so far; null while unknown. */
  readonly duration: number | null;
  readonly motors: readonly ResumeMotor[];
  readonly findings: readonly ResumeFinding[];
}
