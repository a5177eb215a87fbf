// The one value model of the package, shared by Channel Access and pvAccess, client and server.

/** Alarm severity, in the IOC's order: index = the number on the wire (EPICS base alarm.h). */
export const severities = ['NO_ALARM', 'MINOR', 'MAJOR', 'INVALID'] as const;
export type Severity = (typeof severities)[number];

/** Alarm status, index = the number on the wire (EPICS base alarm.h, epicsAlarmCondition). */
export const alarmStatuses = [
  'NO_ALARM', 'READ', 'WRITE', 'HIHI', 'HIGH', 'LOLO', 'LOW', 'STATE', 'COS', 'COMM', 'TIMEOUT', 'HWLIMIT',
  'CALC', 'SCAN', 'LINK', 'SOFT', 'BAD_SUB', 'UDF', 'DISABLE', 'SIMM', 'READ_ACCESS', 'WRITE_ACCESS',
] as const;
export type AlarmStatus = (typeof alarmStatuses)[number];

/** Native field types of Channel Access, index = the plain DBR number. */
export const nativeTypes = ['STRING', 'SHORT', 'FLOAT', 'ENUM', 'CHAR', 'LONG', 'DOUBLE'] as const;
export type NativeType = (typeof nativeTypes)[number];

/** A time from the IOC. Seconds since the Unix epoch (UTC), and the nanoseconds within that second. */
export interface Timestamp { readonly seconds: number; readonly nanoseconds: number }

export type NumericArray = Float64Array | Float32Array | Int32Array | Int16Array | Uint16Array | Uint8Array;
/** number for numeric and enum (index) scalars, string for strings, typed arrays and string[] for waveforms. */
export type PvValue = number | string | NumericArray | readonly string[];

export interface Limits { readonly low: number; readonly high: number }

/** What GR/CTRL types carry. Keys that the type has not are left out. */
export interface Metadata {
  readonly units?: string;
  readonly precision?: number;
  readonly display?: Limits;
  readonly control?: Limits;
  readonly warning?: Limits;
  readonly alarm?: Limits;
  readonly states?: readonly string[];
  /** Only from STSACK_STRING: must transient alarms be acknowledged, and the highest severity not acknowledged yet. */
  readonly acknowledge?: { readonly transient: boolean; readonly severity: Severity };
}

/** One reading. `timestamp` is null where the server gave none (plain and STS types, or a zero stamp). */
export interface Reading {
  readonly type: NativeType;
  readonly value: PvValue;
  readonly count: number;
  readonly severity: Severity;
  readonly status: AlarmStatus;
  readonly timestamp: Timestamp | null;
  /** Of a picture, or another array with dimensions (NTNDArray) that is there as a whole: elements along each of them, the fastest first. */
  readonly size?: readonly number[];
  /** Present when the request asked for it (GR or CTRL). */
  readonly metadata?: Metadata;
}

/** Anything a caller may write; the server or the channel's type decides how it is encoded. */
export type WritableValue = number | string | boolean | readonly number[] | readonly string[] | NumericArray;
