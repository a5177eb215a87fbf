// What a user typed into a display, as a value to write; or why it can't be one.
import type { FormatName } from '@shared/displays/formats';
import { EndstationError } from '@shared/errors';
import type { PvState, WritableValue } from '@shared/pv';

function refuse(text: string): never {
  throw new EndstationError('NOT_A_VALUE', text);
}

function withoutUnits(text: string, units: string | undefined): string {
  const trimmed = text.trim();
  return units && trimmed.endsWith(units) ? trimmed.slice(0, -units.length).trim() : trimmed;
}

function parseNumber(text: string, pv: string): number {
  const named: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, infinity: Infinity, '-inf': -Infinity, '-infinity': -Infinity };
  const lower = text.toLowerCase();
  if (Object.hasOwn(named, lower)) return named[lower] ?? NaN;
  const negative = /^-0[xb]/.test(lower);
  const value = text === '' ? NaN : Number(negative ? lower.slice(1) : text);
  if (Number.isNaN(value)) refuse(`"${text}" was not sent to ${pv}: it is not a number. Write it like 12.5, 1e-3 or 0x1F.`);
  return negative ? -value : value;
}

function parseState(text: string, state: PvState): number {
  const states = state.states ?? [];
  const exact = states.indexOf(text);
  const index = exact >= 0 ? exact : states.findIndex((name) => name.toLowerCase() === text.toLowerCase());
  if (index >= 0) return index;
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number < Math.max(states.length, 1) || (states.length === 0 && number <= 15)) return number;
  return refuse(`"${text}" was not sent to ${state.pv}: it is not one of its states. Choose one of: ${states.map((name) => name || '(unnamed)').join(', ') || '0 to 15'}.`);
}

const elements = (text: string) => text.trim().replace(/^\[|\]$/g, '').split(/[\s,;]+/).filter((part) => part !== '');

/** Errors: EndstationError NOT_A_VALUE, to be shown at the field. */
export function parseEntry(text: string, state: PvState, format: FormatName = 'default'): WritableValue {
  const { value } = state;
  if (state.type === 'ENUM') return parseState(text.trim(), state);
  if (Array.isArray(value)) return text.trim().replace(/^\[|\]$/g, '').split(',').map((part) => part.trim());
  if (state.type === 'CHAR' && format === 'string' && (state.count ?? 1) > 1) return [...new TextEncoder().encode(text), 0];
  if (state.type === 'STRING' || typeof value === 'string') return text;
  if (ArrayBuffer.isView(value) && (state.count ?? value.byteLength) !== 1) {
    return elements(withoutUnits(text, state.units)).map((part) => parseNumber(part, state.pv));
  }
  return parseNumber(withoutUnits(text, state.units), state.pv);
}
