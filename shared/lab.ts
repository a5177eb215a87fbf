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
  /** Half the range of the repeats of each y, in the shape of `points` without x; null where there was one only. */
  readonly spreads?: readonly (readonly (number | null)[])[];
}
/** Who ran when, in milliseconds since the measurement began. */
export interface LabTimeline { readonly name: string; readonly lanes: readonly { readonly title: string; readonly spans: readonly (readonly [from: number, to: number])[] }[] }

/** One opcode of a statement, as `dis` lists it. */
export interface LabOpcode {
  readonly name: string;
  readonly argument: string;
  /** After the load of the shared value, up to and with its store: what another thread does in between is lost. */
  readonly inWindow: boolean;
  /** The interpreter looks here whether another thread wants the GIL. */
  readonly switches: boolean;
}
/** The opcodes of a statement that threads race on, in one interpreter. */
export interface LabOpcodes { readonly runtime: string; readonly title: string; readonly version: string; readonly statement: string; readonly opcodes: readonly LabOpcode[] }

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
  /** What to install, by the key of a runtime that should take part and is not on this machine. */
  readonly missing?: Readonly<Record<string, string>>;
  readonly claims?: readonly ClaimVerdict[];
  /** What makes the figures less trustworthy, e.g. other work on the cores. */
  readonly warnings?: readonly string[];
  /** The same for single rows, by the key of their runtime. */
  readonly rowWarnings?: Readonly<Record<string, readonly string[]>>;
  /** Fewer rounds than the article's. */
  readonly quick?: boolean;
  readonly series?: readonly LabSeries[];
  readonly timelines?: readonly LabTimeline[];
  readonly opcodes?: readonly LabOpcodes[];
}

/** Results of another machine, from a file that was exported there. */
export interface LabImport {
  readonly id: string;
  /** Of the file. */
  readonly name: string;
  /** Unix milliseconds. */
  readonly importedAt: number;
  /** Of the newest of its results. */
  readonly machine: LabResult['environment'];
  /** The newest first. */
  readonly results: readonly LabResult[];
}

/** The lab's own Python environment, made on request. */
export interface LabSetup {
  /** Where it is, or would be. */
  readonly folder: string;
  readonly state: 'absent' | 'making' | 'ready' | 'failed';
  /** Path and version of the Python that it is made from; null where there is none. */
  readonly python: { readonly path: string; readonly version: string } | null;
  /** What belongs into it; `version` once it is there. `optional`: without it the rest works. */
  readonly packages: readonly { readonly name: string; readonly purpose: string; readonly optional: boolean; readonly version: string | null }[];
  /** While it is made: what is done, e.g. `Downloading numpy`. */
  readonly step?: { readonly number: number; readonly of: number; readonly label: string };
  readonly error?: ErrorData;
}

/** Two threads of a runtime while they run: how far each is. `at` is milliseconds since the measurement began. */
export type LabEvent =
  | { readonly kind: 'started'; readonly job: string; readonly experiment: string; readonly steps: number }
  | { readonly kind: 'step'; readonly job: string; readonly experiment: string; readonly step: number; readonly steps: number; readonly label: string; readonly secondsLeft: number | null }
  | { readonly kind: 'counters'; readonly job: string; readonly experiment: string; readonly runtime: string; readonly threads: number; readonly at: number; readonly counts: readonly number[]; readonly total: number }
  | { readonly kind: 'measured'; readonly job: string; readonly experiment: string; readonly runtime: string; readonly figure: string; readonly value: Figure }
  /** Who ran when, up to now; told again as it grows, whole each time. */
  | { readonly kind: 'timeline'; readonly job: string; readonly experiment: string; readonly runtime: string; readonly timeline: LabTimeline }
  | { readonly kind: 'result'; readonly job: string; readonly result: LabResult }
  | { readonly kind: 'ended'; readonly job: string; readonly outcome: 'done' | 'cancelled' | 'failed'; readonly error?: ErrorData };

export interface LabOverview {
  readonly runtimes: readonly LabRuntime[];
  readonly experiments: readonly ExperimentDescription[];
  readonly claims: readonly Claim[];
  readonly results: readonly LabResult[];
  readonly running: string | null;
}
