// A PV's value as text, the one way for the whole window: the IOC's precision, enum states by name, arrays summarised.
import { formatCount } from '@shared/countText';
import type { NumericArray, PvState, PvValue } from '@shared/pv';

export type ValueFormat = 'default' | 'decimal' | 'exponential' | 'hex' | 'binary' | 'string';
export interface FormatOptions { readonly format?: ValueFormat; /** Instead of the IOC's; below 0 means the IOC's. */ readonly precision?: number }

/** What is shown where there is no value. */
export const noValue = '---';

/** A number with `precision` digits after the point. A number that would be shown as 0 without being 0, or that is too long to read, goes as an exponential. */
export function formatNumber(value: number, precision?: number, format: ValueFormat = 'default'): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const digits = precision === undefined ? undefined : Math.min(Math.max(Math.trunc(precision), 0), 17);
  if (format === 'hex') return `${value < 0 ? '-' : ''}0x${Math.abs(Math.trunc(value)).toString(16).toUpperCase()}`;
  if (format === 'binary') return `${value < 0 ? '-' : ''}0b${Math.abs(Math.trunc(value)).toString(2)}`;
  if (format === 'exponential') return value.toExponential(digits);
  const size = Math.abs(value);
  if (digits === undefined) return size !== 0 && (size >= 1e15 || size < 1e-5) ? shortExponential(value) : String(Number(value.toPrecision(12)));
  if (size >= 1e15) return value.toExponential(Math.max(digits, 3));
  const fixed = value.toFixed(digits);
  if (size !== 0 && Number(fixed) === 0) return value.toExponential(Math.min(Math.max(digits, 1), 3));
  return Number(fixed) === 0 ? (0).toFixed(digits) : fixed;
}

/** A limit in few characters: `-10`, `2.14748e9`. */
export function formatLimit(limit: number): string {
  return Math.abs(limit) >= 1e6 && Number.isFinite(limit) ? shortExponential(limit).replace('e+', 'e') : formatNumber(limit);
}

function shortExponential(value: number): string { return String(Number(value.toPrecision(6)).toExponential()); }

function isNumericArray(value: PvValue): value is NumericArray { return ArrayBuffer.isView(value); }

/** A CHAR array holds a text, unless it has dimensions: then it is a picture of bytes. */
export function holdsText({ type, count, size }: Pick<PvState, 'type' | 'count' | 'size'>): boolean {
  return type === 'CHAR' && (count ?? 1) > 1 && !size?.length;
}

/** Bytes as text up to the first NUL: a long string of the IOC. */
export function bytesAsText(bytes: ArrayLike<number>): string {
  const own = Uint8Array.from(bytes);
  const end = own.indexOf(0);
  return new TextDecoder().decode(end < 0 ? own : own.subarray(0, end));
}

const shownElements = 4;

/** The value without its unit, e.g. `1.2340`, `Open`, `[1, 2, 3, 4, … 2,048]`. */
export function formatValue(state: PvState | undefined, options: FormatOptions = {}): string {
  if (!state || state.value === null || state.value === undefined) return noValue;
  const { value } = state;
  const precision = options.precision !== undefined && options.precision >= 0 ? options.precision : state.precision;
  const format = options.format ?? 'default';
  const one = (element: number) => {
    if (state.type === 'ENUM' && format !== 'decimal') return state.states?.[element] || String(element);
    const whole = state.type === 'SHORT' || state.type === 'LONG' || state.type === 'CHAR' || state.type === 'ENUM';
    return formatNumber(element, whole && options.precision === undefined ? 0 : precision, format);
  };
  if (typeof value === 'number') return one(value);
  if (typeof value === 'string') return value;
  if (isNumericArray(value)) {
    if (format === 'string') return bytesAsText(value);
    return summarise(value.length, (index) => one(value[index] ?? NaN));
  }
  return summarise(value.length, (index) => value[index] ?? '');
}

function summarise(length: number, at: (index: number) => string): string {
  if (length === 0) return '[ ] empty';
  const shown = Array.from({ length: Math.min(length, shownElements) }, (_, index) => at(index));
  return length > shownElements ? `[${shown.join(', ')}, … ${formatCount(length)}]` : `[${shown.join(', ')}]`;
}

/** The value with its unit, as one reads it aloud: `12.5 mm`. */
export function formatWithUnits(state: PvState | undefined, options: FormatOptions = {}): string {
  const text = formatValue(state, options);
  return state?.units && text !== noValue ? `${text} ${state.units}` : text;
}

/** An age in seconds as `4 s`, `3 min`, `2 h`, `5 d`. */
export function formatAge(seconds: number): string {
  const age = Math.max(0, seconds);
  if (age < 60) return `${Math.floor(age)} s`;
  if (age < 3600) return `${Math.floor(age / 60)} min`;
  if (age < 86_400) return `${Math.floor(age / 3600)} h`;
  return `${Math.floor(age / 86_400)} d`;
}
