// The one value of the one client: what a PV says, whichever protocol it came by. Pure.
import type { Protocol } from '../diagnostics';
import type { PvaStructure } from '../pva/protocol';
import { valueAt } from '../pva/protocol';
import type { AlarmStatus, Limits, Metadata, NativeType, PvValue, Reading, Severity, Timestamp } from '../value';

export interface Alarm {
  readonly severity: Severity;
  readonly status: AlarmStatus;
  /** pvAccess: the server's own words; Channel Access: the status. */
  readonly message: string;
}
/** For people to read the value by. Keys that the server does not say are left out. */
export interface Display {
  readonly units?: string;
  /** Digits after the point. */
  readonly precision?: number;
  readonly description?: string;
  readonly limits?: Limits;
  readonly warning?: Limits;
  readonly alarm?: Limits;
}
export interface Choice {
  readonly index: number;
  /** The state's name; the number where there is no such state (no states, or an index beyond them). */
  readonly choice: string;
  readonly choices: readonly string[];
}

export interface Sample {
  readonly pv: string;
  readonly protocol: Protocol;
  /** An enum's value is its index, unless it was asked for `as: 'string'`. */
  readonly value: PvValue;
  readonly type: NativeType;
  /** Elements. */
  readonly count: number;
  readonly alarm: Alarm;
  /** null where the server gave none. */
  readonly timestamp: Timestamp | null;
  /** null where metadata was not asked for, or is not known yet. */
  readonly display: Display | null;
  /** What may be written; null where the server does not say. */
  readonly control: Limits | null;
  /** null for what is no enum. */
  readonly enum: Choice | null;
  /** pvAccess: the whole structure as it came. */
  readonly structure: PvaStructure | null;
}

/** A reading by Channel Access with the metadata that was read apart. */
export function caSample(pv: string, reading: Reading, metadata: Metadata | null, isEnum: boolean): Sample {
  const { severity, status } = reading;
  return {
    pv, protocol: 'ca', value: reading.value, type: reading.type, count: reading.count, timestamp: reading.timestamp,
    alarm: { severity, status, message: severity === 'NO_ALARM' ? '' : status },
    display: metadata ? displayOf(metadata) : null, control: metadata?.control ?? null,
    enum: isEnum ? choiceOf(reading.value, metadata?.states ?? []) : null, structure: null,
  };
}

/** A reading by pvAccess with its structure. `metadata`: of this update, or of an earlier one where it did not change. */
export function pvaSample(pv: string, reading: Reading, metadata: Metadata | null, structure: PvaStructure): Sample {
  const { severity, status, value } = reading;
  const text = valueAt(structure, 'alarm.message');
  const description = valueAt(structure, 'display.description');
  const choices = metadata?.states ?? valueAt(structure, 'value.choices');
  return {
    pv, protocol: 'pva', value, type: reading.type, count: reading.count, timestamp: reading.timestamp,
    alarm: { severity, status, message: severity === 'NO_ALARM' ? '' : typeof text === 'string' && text !== '' ? text : status },
    display: metadata ? { ...displayOf(metadata), ...(typeof description === 'string' ? { description } : {}) } : null,
    control: metadata?.control ?? null,
    enum: Array.isArray(choices) && typeof value !== 'object' ? choiceOf(value, choices as readonly string[]) : null, structure,
  };
}

function displayOf({ units, precision, display, warning, alarm }: Metadata): Display {
  return {
    ...(units === undefined ? {} : { units }), ...(precision === undefined ? {} : { precision }),
    ...(display ? { limits: display } : {}), ...(warning ? { warning } : {}), ...(alarm ? { alarm } : {}),
  };
}

function choiceOf(value: PvValue, choices: readonly string[]): Choice | null {
  if (typeof value === 'number') return { index: value, choice: choices[value] ?? String(value), choices };
  if (typeof value !== 'string') return null;
  const known = choices.indexOf(value);
  return { index: known >= 0 ? known : Number(value), choice: value, choices };
}
