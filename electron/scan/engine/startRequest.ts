// What the engine is made with, what a scan is started with, and what comes of it.
import type { ErrorData } from '@shared/errors';
import type { Plan } from '@shared/messages';
import type { PlanRequest } from '@shared/plans';
import type { Profile } from '@shared/profile';
import type { Devices } from '../../devices/device';
import type { Editing } from '../plans/editing';
import type { Extras } from './extras';
import type { Continuation, RunFile, RunSink } from './runSink';
import type { WatchPv } from './suspenders';

export interface EngineOptions {
  readonly devices: Devices;
  readonly sink: RunSink;
  readonly watchPv: WatchPv;
  readonly suspenders: () => Profile['suspenders'];
  /** Makes the plans that suspenders run before and after a rest. */
  readonly planOf?: (request: PlanRequest) => Plan;
}

export interface StartRequest {
  readonly plan: Plan;
  readonly planName: string;
  /** For the status, e.g. `scan SIM:M1`. */
  readonly title: string;
  readonly points: number | null;
  readonly user: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The plan's first run is this one, which goes on. */
  readonly continues?: Continuation;
  /** Recorded besides the points. */
  readonly extras?: Extras;
  /** The means to change the points that are left; none where the plan has not. */
  readonly editing?: Editing | null;
}

export interface Outcome {
  readonly uid: string;
  readonly exitStatus: 'success' | 'abort' | 'fail';
  /** Events of the primary stream that are on disk. */
  readonly points: number;
  /** From the beginning of the last run to its last point, without the time that it rested. */
  readonly seconds: number;
  /** Of all runs that the plan opened, in order. */
  readonly runs?: readonly RunFile[];
  /** Of the last run; null: the plan opened none. */
  readonly journal: string | null;
  readonly derived: Promise<{ nexus: string | null; error?: ErrorData }>;
  readonly error: ErrorData | null;
  /** Why it ended before the plan's own end; empty where it did not. */
  readonly reason: string;
}
