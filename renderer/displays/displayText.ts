// A PV's value as a display shows it: Phoebus's formats, the IOC's precision where the file gives none, µ and ° unharmed.
import type { FormatName } from '@shared/displays/formats';
import type { PvState, PvValue, Timestamp } from '@shared/pv';
import { formatNumber, holdsText } from '../composables/formatValue';

export interface TextOptions {
  readonly format: FormatName;
  /** Below 0: the IOC's. */
  readonly precision: number;
  readonly show_units: boolean;
}

export const plainText: TextOptions = { format: 'default', precision: -1, show_units: true };

const shownElements = 100;
/** When neither the file nor the IOC says how many digits. */
const usualPrecision = 2;

const isArray = (value: PvValue): value is Exclude<PvValue, number | string> => typeof value === 'object';

/** UTF-8, or where the bytes aren't, Latin-1; ends at the first NUL. */
export function textOfBytes(bytes: ArrayLike<number>): string {
  const all = Uint8Array.from(bytes);
  const end = all.indexOf(0);
  const own = end < 0 ? all : all.subarray(0, end);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(own);
  } catch {
    return new TextDecoder('latin1').decode(own);
  }
}

function engineering(value: number, digits: number): string {
  if (value === 0) return formatNumber(0, digits, 'exponential');
  const power = 3 * Math.floor(Math.log10(Math.abs(value)) / 3);
  return `${(value / 10 ** power).toFixed(digits)}e${power}`;
}

/** Degrees or hours, minutes, seconds: `12:34:56.7`. Precision counts all digits after the first colon, as in Phoebus. */
function sexagesimal(value: number, precision: number): string {
  const digits = Math.max(0, precision - 4);
  const scale = 10 ** digits;
  const ticks = Math.round(Math.abs(value) * 3600 * scale);
  const minutes = Math.floor(ticks / (60 * scale));
  const seconds = ((ticks - minutes * 60 * scale) / scale).toFixed(digits).padStart(digits > 0 ? digits + 3 : 2, '0');
  return `${value < 0 ? '-' : ''}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${seconds}`;
}

function padded(text: string, digits: number): string {
  const [, sign = '', prefix = '', rest = ''] = /^(-?)(0[xb])(.*)$/.exec(text) ?? [];
  return sign + prefix + rest.padStart(digits, '0');
}

/** One number in one of Phoebus's formats. `precision`: digits; what it means depends on the format. */
export function displayNumber(value: number, format: FormatName, precision: number | undefined): string {
  if (!Number.isFinite(value)) return formatNumber(value);
  const digits = Math.min(precision ?? usualPrecision, 17);
  switch (format) {
    case 'exponential': return formatNumber(value, digits, 'exponential');
    case 'engineering': return engineering(value, digits);
    case 'hex': return padded(formatNumber(value, undefined, 'hex'), precision ?? 0);
    case 'binary': return padded(formatNumber(value, undefined, 'binary'), precision ?? 0);
    case 'compact': {
      const size = Math.abs(value);
      return value === 0 || (size > 0.0001 && size < 10_000) ? formatNumber(value, digits) : formatNumber(value, digits, 'exponential');
    }
    case 'significant': return value === 0 ? '0' : String(Number(value.toPrecision(Math.max(1, digits))));
    case 'sexagesimal': return sexagesimal(value, digits);
    case 'sexagesimal_hms': return sexagesimal(value * 12 / Math.PI, digits);
    case 'sexagesimal_dms': return sexagesimal(value * 180 / Math.PI, digits);
    default: return formatNumber(value, precision);
  }
}

function precisionOf(state: PvState, options: TextOptions): number | undefined {
  if (options.precision >= 0) return options.precision;
  const whole = state.type === 'SHORT' || state.type === 'LONG' || state.type === 'CHAR';
  // For hex and binary, precision means padding, which an IOC doesn't know of.
  return options.format === 'hex' || options.format === 'binary' ? undefined : state.precision ?? (whole ? 0 : undefined);
}

function valueText(state: PvState, value: PvValue, options: TextOptions): string {
  const { format } = options;
  const precision = precisionOf(state, options);
  if (typeof value === 'string') return value;
  if (typeof value === 'number') {
    if (state.type === 'ENUM' && (format === 'default' || format === 'string')) return state.states?.[value] || String(value);
    return displayNumber(value, format, state.type === 'ENUM' ? 0 : precision);
  }
  if (format === 'string' && ArrayBuffer.isView(value)) return textOfBytes(value as ArrayLike<number>);
  const shown = Array.from({ length: Math.min(value.length, shownElements) }, (_, index) => {
    const element = value[index];
    return typeof element === 'number' ? displayNumber(element, format, precision) : element ?? '';
  });
  return `[${shown.join(', ')}${value.length > shownElements ? ', …' : ''}]`;
}

/** The text of a PV's value; empty where there is none yet. */
export function displayText(state: PvState | undefined, options: TextOptions): string {
  if (!state || state.value === null) return '';
  const text = valueText(state, state.value, options);
  const isText = typeof state.value === 'string' || state.type === 'ENUM' || state.type === 'STRING' || (options.format === 'string' && isArray(state.value));
  return options.show_units && state.units && !isText ? `${text} ${state.units}` : text;
}

/** The first number of a value, for lights, bars and sliders; NaN where there is none. */
export function numberOf(state: PvState | undefined): number {
  const value = state?.value;
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return value.trim() === '' ? NaN : Number(value);
  return value ? Number(value[0] ?? NaN) : NaN;
}

/** Local date and time to the millisecond. */
export function timeText(timestamp: Timestamp): string {
  const date = new Date(timestamp.seconds * 1000 + timestamp.nanoseconds / 1e6);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Name, value, alarm in words, time: what one sees who rests on a live widget. */
export function describePv(pv: string, state: PvState | undefined): string {
  if (!state || state.connection === 'connecting') return `${pv}\nNot connected: searching for it`;
  if (state.connection === 'invalid') return `${pv}\n${state.error?.message ?? 'This name can\'t be used.'}`;
  const lines = [pv, displayText(state, { ...plainText, format: holdsText(state) ? 'string' : 'default' }).slice(0, 300)];
  if (state.connection === 'disconnected') lines.push('Disconnected: this is the last value that was seen');
  lines.push(state.severity === 'NO_ALARM' ? 'No alarm' : `${state.severity} alarm${state.status && state.status !== 'NO_ALARM' ? `: ${state.status}` : ''}`);
  if (state.timestamp) lines.push(timeText(state.timestamp));
  if (state.access?.write === false) lines.push('Read only');
  return lines.join('\n');
}
