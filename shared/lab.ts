// The lab: the article's claims, the experiments that test them, and their measured results.
import type { ErrorData } from './errors';

export interface Figure { readonly value: number; readonly unit: string; /** Half the range of the repeats, same unit. */ readonly spread?: number }
export type Verdict = 'holds' | 'fails' | 'not measurable here';

export interface LabRuntime {
  /** e.g. `cpython-threads`, `c-threads`, `node-main`, `node-workers`. */
  readonly id: string;
  /** Prefix of its figures: `cpythonThreads` in `cpythonThreads.t1`. */
  readonly key: string;
  /** Used when no runtime is chosen. */
  readonly standard: boolean;
  readonly title: string;
  readonly available: boolean;
  readonly version?: string;
  readonly path?: string;
  /** What to install where it is missing. */
  readonly missing?: string;
}

export interface Claim { readonly number: number; readonly text: string; readonly experiments: readonly string[] }
export interface ExperimentDescription {
  readonly id: string;
  readonly title: string;
  /** What is asked, in one sentence. */
  readonly question: string;
  readonly claim: string;
  readonly claims: readonly number[];
  readonly method: string;
  readonly runtimes: readonly string[];
  /** Runtimes that take part beside the standard ones where none is chosen. */
  readonly also?: readonly string[];
  /** What the article says of it, by the name of our figure. */
  readonly article?: Readonly<Record<string, Figure>>;
}

/** What a result says of one of the article's claims. */
export interface ClaimVerdict { readonly claim: number; readonly verdict: Verdict; readonly reason: string }
/** A curve of a result: a row a point, `[x, y of each line]`. */
export interface LabSeries {
  readonly name: string;
  readonly x: { readonly title: string; readonly unit: string };
  readonly y: { readonly title: string; readonly unit: string };
  readonly lines: readonly string[];
  readonly points: readonly (readonly number[])[];
}
/** Who ran when, in milliseconds since the measurement began. */
export interface LabTimeline { readonly name: string; readonly lanes: readonly { readonly title: string; readonly spans: readonly (readonly [from: number, to: number])[] }[] }

export interface LabResult {
  readonly id: string;
  readonly title: string;
  readonly claim: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly figures: Readonly<Record<string, Figure>>;
  readonly environment: { readonly cpu: string; readonly cores: number; readonly os: string; readonly versions: Readonly<Record<string, string>> };
  readonly runtime: { readonly name: string; readonly version: string; readonly path: string };
  /** Unix milliseconds. */
  readonly finishedAt: number;
  /** By the key of the runtime whose row failed. */
  readonly errors?: Readonly<Record<string, ErrorData>>;
  readonly claims?: readonly ClaimVerdict[];
  /** What makes the figures less trustworthy, e.g. other work on the cores. */
  readonly warnings?: readonly string[];
  /** Fewer rounds than the article's. */
  readonly quick?: boolean;
  readonly series?: readonly LabSeries[];
  readonly timelines?: readonly LabTimeline[];
}

/** Two threads of a runtime while they run: how far each is. `at` is milliseconds since the measurement began. */
export type LabEvent =
  | { readonly kind: 'started'; readonly job: string; readonly experiment: string; readonly steps: number }
  | { readonly kind: 'step'; readonly job: string; readonly experiment: string; readonly step: number; readonly steps: number; readonly label: string; readonly secondsLeft: number | null }
  | { readonly kind: 'counters'; readonly job: string; readonly experiment: string; readonly runtime: string; readonly threads: number; readonly at: number; readonly counts: readonly number[]; readonly total: number }
  | { readonly kind: 'measured'; readonly job: string; readonly experiment: string; readonly runtime: string; readonly figure: string; readonly value: Figure }
  | { readonly kind: 'result'; readonly job: string; readonly result: LabResult }
  | { readonly kind: 'ended'; readonly job: string; readonly outcome: 'done' | 'cancelled' | 'failed'; readonly error?: ErrorData };

export interface LabOverview {
  readonly runtimes: readonly LabRuntime[];
  readonly experiments: readonly ExperimentDescription[];
  readonly claims: readonly Claim[];
  readonly results: readonly LabResult[];
  readonly running: string | null;
}
