// A PV as `get` and `monitor` print it: the JSON line, and the line for people.
import type { ErrorData } from '@shared/errors';
import type { PvState, PvValue, Timestamp } from '@shared/pv';

export type ValueForm = 'native' | 'string' | 'number';

/** `2026-11-22T19:20:00.123456789Z`: nothing of the IOC's nanoseconds is lost. */
export function isoTime(timestamp: Timestamp): string {
  const whole = new Date(timestamp.seconds * 1000).toISOString().slice(0, 19);
  return `${whole}.${String(timestamp.nanoseconds).padStart(9, '0')}Z`;
}

/** The documented line; keys that the type has not are left out. */
export function pvLine(state: PvState, form: ValueForm): Record<string, unknown> {
  const limits = Object.fromEntries((['display', 'control', 'warning', 'alarm'] as const).flatMap((name) => {
    const limit = state[name];
    return limit ? [[name, [limit.low, limit.high]]] : [];
  }));
  const index = typeof state.value === 'number' ? state.value : state.states?.indexOf(String(state.value));
  const line = {
    pv: state.pv,
    connected: state.connection === 'connected',
    value: state.value === null ? undefined : formed(state.value, state, form),
    severity: state.severity,
    status: state.status,
    timestamp: state.timestamp ? isoTime(state.timestamp) : undefined,
    units: state.units,
    precision: state.precision,
    limits: Object.keys(limits).length > 0 ? limits : undefined,
    enum: state.states ? { index, states: state.states } : undefined,
    type: state.type,
    count: state.count,
    host: state.host,
  };
  return Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined));
}

export function missingLine(pv: string, error?: ErrorData): Record<string, unknown> {
  return error ? { pv, connected: false, error } : { pv, connected: false };
}

function formed(value: PvValue, state: PvState, form: ValueForm): unknown {
  if (form === 'native') return value;
  if (form === 'number') return typeof value === 'string' ? Number(value) : isTexts(value) ? value.map(Number) : value;
  if (value instanceof Uint8Array) return bytesText(value);
  if (typeof value === 'number') return state.states?.[value] ?? String(value);
  return typeof value === 'string' ? value : Array.from<number | string>(value).map(String);
}

function isTexts(value: PvValue): value is readonly string[] { return Array.isArray(value); }

/** A CHAR waveform as text, up to its first NUL: UTF-8, or Latin-1 where it is none. */
export function bytesText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const text = end >= 0 ? bytes.subarray(0, end) : bytes;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch {
    return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('latin1');
  }
}

/** `SIM:M1  1.234 mm  NO_ALARM  2026-...`. */
export function pvText(state: PvState, form: ValueForm): string {
  if (state.connection !== 'connected') return `${state.pv}  disconnected`;
  const value = state.value === null ? 'no value' : shown(state.value, state, form);
  const alarm = state.severity === 'NO_ALARM' ? '' : `  ${state.severity} ${state.status}`;
  return `${state.pv}  ${value}${state.units ? ` ${state.units}` : ''}${alarm}${state.timestamp ? `  ${isoTime(state.timestamp)}` : ''}`;
}

function shown(value: PvValue, state: PvState, form: ValueForm): string {
  if (typeof value === 'number') {
    if (state.states && form !== 'number') return state.states[value] ?? String(value);
    return form === 'native' && state.type !== 'LONG' ? withPrecision(value, state.precision) : String(value);
  }
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array && form === 'string') return bytesText(value);
  const items = Array.from<number | string>(value.slice(0, 10)).map(String);
  return `[${items.join(', ')}${value.length > items.length ? `, … ${value.length} elements` : ''}]`;
}

/** The IOC's precision, but no value that is not 0 is ever shown as 0. */
export function withPrecision(value: number, precision: number | undefined): string {
  if (!Number.isFinite(value) || precision === undefined || precision < 0) return String(value);
  const text = value.toFixed(Math.min(precision, 100));
  if (value !== 0 && Number(text) === 0) return value.toExponential(Math.min(Math.max(precision, 2), 15));
  return Math.abs(value) >= 1e15 ? String(value) : text;
}
