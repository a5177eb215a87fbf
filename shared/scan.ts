// What the engine tells its viewers, and what preflight says before a scan.
import type { ErrorData } from './errors';
import type { PlanRequest } from './plans';

export type EngineState = 'idle' | 'running' | 'pausing' | 'paused' | 'stopping' | 'aborting';

export interface EngineStatus {
  readonly state: EngineState;
  readonly run: { readonly uid: string; readonly scanId: number; readonly plan: string; readonly title: string } | null;
  /** Points taken, and expected (null where the plan can't know). */
  readonly points: number;
  readonly of: number | null;
  /** Unix milliseconds of the run's start. */
  readonly startedAt: number | null;
  /** Seconds left, measured from the points so far; null while unknown. */
  readonly eta: number | null;
  /** What it does just now, e.g. `moving SIM:M1 to 1.25 mm`. */
  readonly activity: string;
  /** How the last run ended, when it did not end well. */
  readonly error: ErrorData | null;
  /** While it is paused and its remaining points can be changed: the plan as it is now, and the points of it that are done. */
  readonly edit?: { readonly request: PlanRequest; readonly done: number };
}

export interface DeviceDescription {
  readonly name: string;
  readonly kind: 'motor' | 'positioner' | 'counter' | 'scaler' | 'camera' | 'mca' | 'pv';
  readonly pv: string;
  readonly role: 'motor' | 'detector' | 'both';
  readonly description?: string;
  readonly units?: string;
}

export interface Preflight {
  readonly ok: boolean;
  readonly points: number | null;
  /** Seconds, estimated from distances, velocities and dwell; null where it can't be known. */
  readonly duration: number | null;
  /** Of plans whose points are known: seconds a point for reading and recording, on top of `travel`, the seconds of moves and dwell up to the last point; `measured` in a run before with the same detectors. */
  readonly pointTime?: { readonly overhead: number; readonly measured: boolean; readonly travel: number };
  /** Bytes on disk, estimated. */
  readonly bytes: number | null;
  readonly folder: string;
  /** Where the run's files would be, without extension, `{uid}` where its uid comes; left out where nothing is recorded. */
  readonly file?: string;
  readonly axes: readonly { readonly motor: string; readonly units: string; readonly from: number; readonly to: number; readonly now: number | null; readonly low: number | null; readonly high: number | null }[];
  /** At most 1,000 positions of the path, a row a point, a column an axis. */
  readonly path: readonly (readonly number[])[];
  /** What the profile's suspenders look at (the beam, a shutter), as it is now. */
  readonly conditions?: readonly { readonly pv: string; readonly ok: boolean; readonly text: string }[];
  /** `error` keeps Start disabled. */
  readonly findings: readonly { readonly level: 'error' | 'warning'; readonly field?: string; readonly message: string }[];
}
