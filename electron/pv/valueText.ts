// A value as one short line of text, for messages and the record of writes.
import type { PvValue, WritableValue } from '@shared/pv';

/** Elements of an array that are written out. */
const shown = 8;

/** At most 12 significant digits: 0.1 + 0.2 is 0.3. */
export function numberText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(12))) : String(value);
}

/** `states`: an enum's index is said by its name. */
export function valueText(value: PvValue | WritableValue, states?: readonly string[]): string {
  if (typeof value === 'number') return states?.[value] ?? numberText(value);
  if (typeof value === 'string') return value.length > 200 ? `${value.slice(0, 200)}… (${value.length} characters)` : value;
  if (typeof value === 'boolean') return String(value);
  const first = Array.from<number | string>(value.slice(0, shown)).map((item) => (typeof item === 'number' ? numberText(item) : JSON.stringify(item)));
  return value.length > shown ? `[${first.join(', ')}, … ${value.length} elements]` : `[${first.join(', ')}]`;
}
