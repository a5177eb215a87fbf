// PVs as panels, scans and the command line see them, whatever protocol they come by.
import type { ErrorData } from './errors';

export type Severity = 'NO_ALARM' | 'MINOR' | 'MAJOR' | 'INVALID';
export type NumericArray = Float64Array | Float32Array | Int32Array | Int16Array | Uint16Array | Uint8Array;
/** number for numeric and enum (index), string for text, arrays for waveforms. */
export type PvValue = number | string | NumericArray | readonly string[];
export type WritableValue = number | string | boolean | readonly number[] | readonly string[] | NumericArray;
export type NativeType = 'STRING' | 'SHORT' | 'FLOAT' | 'ENUM' | 'CHAR' | 'LONG' | 'DOUBLE';

export interface Limits { readonly low: number; readonly high: number }
/** Seconds since the Unix epoch (UTC) and nanoseconds within that second. */
export interface Timestamp { readonly seconds: number; readonly nanoseconds: number }

/** `connecting`: never seen yet. `disconnected`: was live, is searched for; the value is stale. `invalid`: the name can't be used. */
export type PvConnection = 'connecting' | 'connected' | 'disconnected' | 'invalid';

/** All that is known of a PV now. `value` stays after a disconnect, but then it is stale: `staleSince` says from when (ms, host clock). */
export interface PvState {
  readonly pv: string;
  readonly connection: PvConnection;
  readonly value: PvValue | null;
  readonly severity: Severity;
  readonly status: string;
  readonly timestamp: Timestamp | null;
  readonly staleSince: number | null;
  readonly type?: NativeType;
  readonly count?: number;
  /** Of an array that says its dimensions (a picture of pvAccess): elements along each, the fastest first. */
  readonly size?: readonly number[];
  readonly units?: string;
  readonly precision?: number;
  readonly display?: Limits;
  readonly control?: Limits;
  readonly warning?: Limits;
  readonly alarm?: Limits;
  readonly states?: readonly string[];
  readonly access?: { readonly read: boolean; readonly write: boolean };
  readonly host?: string;
  readonly error?: ErrorData;
}

/** What changed of one PV since the last frame; the first one for a PV is whole. `whole`: it replaces what was known, keys that it has not are gone. */
export type PvDelta = Pick<PvState, 'pv'> & Partial<PvState> & { readonly whole?: true };
/** At most one delta a PV: the latest. `received` counts the updates that were folded into this frame. */
export interface PvFrame { readonly deltas: readonly PvDelta[]; readonly received: number }

export interface PvInfo {
  readonly pv: string;
  readonly protocol: 'ca' | 'pva' | 'sim' | 'loc' | 'eq';
  readonly type: NativeType;
  readonly count: number;
  readonly access: { readonly read: boolean; readonly write: boolean };
  readonly host: string;
  /** Milliseconds from the first search to the answer. */
  readonly searchTime: number;
  readonly duplicates: readonly string[];
  /** Of the server's Channel Access version, 13 for 4.13. */
  readonly minorVersion?: number;
  /** How the connection is secured (pvAccess): whom the server proved to be, who vouches for it, how it knows this program. Null or left out: it is not. */
  readonly tls?: { readonly peer: string | null; readonly authority: string | null; readonly method: 'x509' | 'ca' | 'anonymous' } | null;
}

/** One write to a PV: who, when, old -> new, why, and what came of it. */
export interface WriteRecord {
  readonly id: number;
  readonly pv: string;
  /** Unix milliseconds. */
  readonly time: number;
  readonly user: string;
  /** Which room asked: `panel`, `pvs`, `scan`, `stop`, `cli`. */
  readonly source: string;
  readonly old: string | null;
  readonly value: string;
  readonly outcome: 'sent' | 'done' | 'refused' | 'failed' | 'unknown';
  readonly error?: ErrorData;
}
