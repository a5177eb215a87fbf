// Short ways to add the usual kinds of PV: numbers with units and limits, enumerations, buttons.
import type { Metadata } from 'epics-ioc-connection';
import type { SimContext } from '../simContext';
import { WriteRefused } from './writeRefused';
import type { SimRecord } from './simRecord';

export interface NumberPv {
  name: string;
  description: string;
  units: string;
  /** Digits after the point. */
  precision: number;
  low: number;
  high: number;
  initial: number;
  /** LONG instead of DOUBLE. */
  integer?: boolean;
  metadata?: Metadata;
  /** As in `RecordDefinition`. */
  postsAlways?: boolean;
  /** Makes it writable; called only with numbers within low...high. */
  onWrite?: (value: number) => void | Promise<void>;
}

export function addNumber({ records }: Pick<SimContext, 'records'>, pv: NumberPv): SimRecord {
  const { name, description, units, precision, low, high, initial, onWrite } = pv;
  const range = { low, high };
  return records.add({
    name, description, initial,
    type: pv.integer ? 'LONG' : 'DOUBLE',
    metadata: { units, ...(pv.integer ? {} : { precision }), display: range, ...(onWrite ? { control: range } : {}), ...pv.metadata },
    ...(pv.postsAlways ? { postsAlways: true } : {}),
    ...(onWrite ? { onWrite: (value) => onWrite(numberWithin(name, value, low, high, units)) } : {}),
  });
}

/** A write's value as a number within limits. Errors: `WriteRefused`. */
export function numberWithin(name: string, value: unknown, low: number, high: number, units: string): number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw new WriteRefused(`${name} takes a number.`);
  if (value < low || value > high) throw new WriteRefused(`${name} takes ${low} to ${high} ${units}, not ${value}.`);
  return value;
}

export interface EnumPv {
  name: string;
  description: string;
  states: readonly string[];
  initial: number;
  /** Makes it writable; called only with the index of a state. */
  onWrite?: (index: number) => void | Promise<void>;
}

export function addEnum({ records }: Pick<SimContext, 'records'>, { name, description, states, initial, onWrite }: EnumPv): SimRecord {
  return records.add({
    name, description, initial, type: 'ENUM', metadata: { states },
    ...(onWrite ? { onWrite: (value) => onWrite(stateIndex(name, value, states)) } : {}),
  });
}

function stateIndex(name: string, value: unknown, states: readonly string[]): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < states.length) return value;
  throw new WriteRefused(`${name} has the states ${states.join(', ')}; ${String(value)} is none of them.`);
}
