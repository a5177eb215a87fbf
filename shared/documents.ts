// bluesky's event-model documents, as the engine emits them (https://blueskyproject.io/event-model).
import type { NumericArray } from './pv';

export interface RunStart {
  readonly uid: string;
  /** Unix seconds, as in all documents. */
  readonly time: number;
  readonly scan_id: number;
  readonly plan_name: string;
  readonly plan_args: Record<string, unknown>;
  readonly detectors: readonly string[];
  readonly motors: readonly string[];
  /** Expected events in the primary stream; left out where the plan can't know. */
  readonly num_points?: number;
  readonly hints: { readonly dimensions: readonly (readonly [readonly string[], string])[]; readonly gridding?: string };
  readonly shape?: readonly number[];
  readonly [key: string]: unknown;
}

export interface DataKey {
  readonly source: string;
  readonly dtype: 'number' | 'integer' | 'string' | 'array' | 'boolean';
  readonly shape: readonly number[];
  readonly units?: string;
  readonly precision?: number;
  readonly object_name?: string;
  /** Enum states, so that a number in the data can be read. */
  readonly choices?: readonly string[];
  /** Type of an array's numbers as numpy writes it, e.g. `<u2`. */
  readonly dtype_numpy?: string;
  /** Its values are in a file: events have the id of a datum in their place. */
  readonly external?: string;
}

export interface Descriptor {
  readonly uid: string;
  readonly run_start: string;
  readonly time: number;
  readonly name: string;
  readonly data_keys: Readonly<Record<string, DataKey>>;
  readonly object_keys: Readonly<Record<string, readonly string[]>>;
  readonly configuration: Readonly<Record<string, { data: Record<string, unknown>; timestamps: Record<string, number>; data_keys: Record<string, DataKey> }>>;
  readonly hints: Readonly<Record<string, { readonly fields: readonly string[] }>>;
}

/** Arrays of numbers only until the run's file has taken them: on disk events have the id of a datum. */
export type DataValue = number | string | readonly number[] | readonly string[] | NumericArray;

export interface Event {
  readonly uid: string;
  readonly descriptor: string;
  readonly time: number;
  /** Starts at 1. */
  readonly seq_num: number;
  readonly data: Readonly<Record<string, DataValue>>;
  readonly timestamps: Readonly<Record<string, number>>;
  /** Of the keys whose values are in a file: false. */
  readonly filled?: Readonly<Record<string, boolean | string>>;
}

/** A file with images and spectra. */
export interface Resource {
  readonly uid: string;
  readonly run_start: string;
  /** The file's format. */
  readonly spec: string;
  /** The folder as it was at the time, and the file's name in it. */
  readonly root: string;
  readonly resource_path: string;
  readonly resource_kwargs: Readonly<Record<string, unknown>>;
  readonly path_semantics: 'posix' | 'windows';
}

/** One array in such a file. */
export interface Datum {
  readonly datum_id: string;
  /** Uid of the resource. */
  readonly resource: string;
  readonly datum_kwargs: Readonly<Record<string, unknown>>;
}

export interface RunStop {
  readonly uid: string;
  readonly run_start: string;
  readonly time: number;
  readonly exit_status: 'success' | 'abort' | 'fail';
  readonly reason: string;
  readonly num_events: Readonly<Record<string, number>>;
}

export type RunDocument =
  | { readonly name: 'start'; readonly doc: RunStart }
  | { readonly name: 'descriptor'; readonly doc: Descriptor }
  | { readonly name: 'event'; readonly doc: Event }
  | { readonly name: 'resource'; readonly doc: Resource }
  | { readonly name: 'datum'; readonly doc: Datum }
  | { readonly name: 'stop'; readonly doc: RunStop };

export type ExitStatus = 'success' | 'abort' | 'fail' | 'interrupted' | 'running';

export interface RunSummary {
  readonly uid: string;
  readonly scanId: number;
  readonly plan: string;
  /** ISO 8601 with zone. */
  readonly started: string;
  readonly exitStatus: ExitStatus;
  readonly points: number;
  /** null: the plan could not know. */
  readonly of: number | null;
  readonly motors: readonly string[];
  readonly detectors: readonly string[];
  /** Absolute paths; nexus is null until the file was written. */
  readonly journal: string;
  readonly nexus: string | null;
  readonly reason?: string;
  readonly sample?: string;
}

/** What runs are looked for by; all that is given must hold. */
export interface RunQuery {
  /** Each of its words must be in the start document or the date. */
  readonly text?: string | undefined;
  readonly plan?: string | undefined;
  readonly motor?: string | undefined;
  /** A part of its name. */
  readonly sample?: string | undefined;
  readonly status?: readonly ExitStatus[] | undefined;
  /** Days of local time, `YYYY-MM-DD`, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: number | undefined;
}

/** A run as columns: one array a data key of the primary stream, all of one length. */
export interface RunData {
  readonly summary: RunSummary;
  readonly start: RunStart;
  readonly dataKeys: Readonly<Record<string, DataKey>>;
  /** What each device is there for, as the descriptor has it. */
  readonly hints?: Descriptor['hints'];
  /** Numbers as Float64Array (NaN where a point has none), text as string[]. Arrays (images, spectra) are left out. */
  readonly columns: Readonly<Record<string, Float64Array | readonly string[]>>;
  /** Unix seconds of each event. */
  readonly time: Float64Array;
}
