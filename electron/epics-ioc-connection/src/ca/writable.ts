// What callers from JavaScript may hand over as a value: anything. What is none is told at once, whichever protocol it was to go by.
import type { NumericArray, WritableValue } from '../value';
import { ValueError } from './errors';

/** A list of numbers, texts or truths. */
export function isList(value: unknown): value is NumericArray | readonly string[] {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function nameOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? `the bigint ${value}` : String(value);
  return Object.getPrototypeOf(value) === Object.prototype ? 'an object' : `a ${value.constructor?.name ?? 'thing without a type'}`;
}

/** Throws ValueError (BAD_TYPE). Elements are looked at where they are converted. */
export function requireWritable(pv: string, value: WritableValue): void {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return;
  if (isList(value)) return;
  throw new ValueError('BAD_TYPE', `"${pv}" takes a number, a text, true or false, or an array of them, not ${nameOf(value)}.`, pv);
}

/** Of a list. Throws ValueError (BAD_TYPE). */
export function requireElement(pv: string, element: unknown): void {
  if (typeof element === 'number' || typeof element === 'string' || typeof element === 'boolean' || typeof element === 'bigint') return;
  throw new ValueError('BAD_TYPE', `"${pv}" takes an array of numbers or texts: ${nameOf(element)} is neither.`, pv);
}
