// What an experiment is: what it asks, how it measures on a bench, and the pure rule that judges its figures.
import type { ClaimVerdict, ExperimentDescription, Figure, LabOpcodes, LabSeries, LabTimeline, Verdict } from '@shared/lab';
import type { ErrorData } from '@shared/errors';
import type { ProgramLine } from '../programLine';
import type { ProgramName, Runtime } from '../runtimes/runtime';

export type Figures = Readonly<Record<string, Figure>>;

/** What a rule may look at. */
export interface Evidence {
  readonly figures: Figures;
  readonly cores: number;
  /** Rows that failed, by the key of their runtime. */
  readonly errors: Readonly<Record<string, ErrorData>>;
  /** What to install, by the key of a runtime that is missing. */
  readonly missing: Readonly<Record<string, string>>;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly claims: readonly ClaimVerdict[];
  readonly warnings: readonly string[];
  /** The same for single rows, by the key of their runtime. */
  readonly rowWarnings?: Readonly<Record<string, readonly string[]>>;
}

/** One thing that the bench does, and how long it should take, in seconds. */
export interface Step { readonly label: string; readonly seconds: number }

export interface Background { readonly first: ProgramLine; /** Resolves when it has ended. */ stop(): Promise<void> }

/** Where an experiment runs: its runtimes, and the ways to say what it measures. */
export interface Bench {
  /** Those that were chosen and are available, of the experiment's own. */
  readonly runtimes: readonly Runtime[];
  readonly quick: boolean;
  readonly cores: number;
  readonly signal: AbortSignal;
  /** Says what is to come; may be called again when it is known better. The time left follows from it. */
  plan(steps: readonly Step[]): void;
  /** The next of the planned steps begins. */
  step(): void;
  /** What is done now, where it was not planned. */
  note(label: string): void;
  figure(name: string, value: Figure, runtime?: Runtime): void;
  series(series: LabSeries): void;
  timeline(timeline: LabTimeline): void;
  /** The same while it grows: told to the viewers, not kept. */
  growing(timeline: LabTimeline, runtime: Runtime): void;
  opcodes(opcodes: LabOpcodes): void;
  /** Runs a program in a runtime; lines with counts become live counters. Returns its last line. */
  run(runtime: Runtime, program: ProgramName, args: readonly (string | number)[], onLine?: (line: ProgramLine) => void): Promise<ProgramLine>;
  /** Starts a program that runs until it is stopped; resolves with its first line. */
  start(runtime: Runtime, program: ProgramName, args: readonly (string | number)[]): Promise<Background>;
  /** Runs a row; a failure of it is noted under the runtime's key and the others go on. False: it failed. Cancelling ends all. */
  row(runtime: Runtime, measure: () => Promise<void>): Promise<boolean>;
}

export interface Experiment extends Omit<ExperimentDescription, 'runtimes' | 'also'> {
  /** Whether a runtime takes part beside the standard ones where none is chosen. */
  also?(runtime: Runtime, quick: boolean): boolean;
  /** Whether it can be measured in that runtime. */
  accepts(runtime: Runtime): boolean;
  /** The runtime that the result names; the first that ran where it is not among them. */
  readonly subject: string;
  /** What it runs, to read beside its result. */
  readonly program: ProgramName;
  measure(bench: Bench): Promise<void>;
  judge(evidence: Evidence): Judgement;
}

/** The verdict of several claims: fails before not measurable before holds. */
export function judgementOf(claims: readonly ClaimVerdict[], warnings: readonly string[] = []): Judgement {
  const order: readonly Verdict[] = ['fails', 'not measurable here', 'holds'];
  const verdict = order.find((kind) => claims.some((claim) => claim.verdict === kind)) ?? 'not measurable here';
  return { verdict, reason: [...new Set(claims.map((claim) => claim.reason))].join(' '), claims, warnings };
}

/** Why a runtime has no figures: it failed, or what to install. */
export function whyAbsent(key: string, title: string, { errors, missing }: Evidence): string {
  const error = errors[key];
  if (error) return `${title} could not be measured: ${error.message}`;
  const install = missing[key];
  return install ? `${title}: not on this machine. ${install}` : `${title}: not chosen.`;
}
