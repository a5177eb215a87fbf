// What a user typed for a PV, as the value to write: by the PV's type, its enum states and its limits.
import type { PvState, WritableValue } from '@shared/pv';
import { formatNumber } from './formatValue';

export type Parsed = { readonly ok: true; readonly value: WritableValue } | { readonly ok: false; readonly message: string };

const refuse = (message: string): Parsed => ({ ok: false, message });
const wholeRange = { SHORT: [-32_768, 32_767], LONG: [-2_147_483_648, 2_147_483_647], CHAR: [0, 255], ENUM: [0, 65_535] } as const;

/** The services check again, and have the last word; this is to say it while the text is still there. */
export function parseValue(text: string, state: PvState | undefined): Parsed {
  if (!state?.type) return refuse('The type of the PV is not known until it is connected.');
  if (state.type === 'STRING') return state.count !== undefined && state.count > 1 ? { ok: true, value: text.split(',').map((part) => part.trim()) } : { ok: true, value: text };
  if (state.type === 'ENUM') return parseEnum(text.trim(), state);
  if (state.type === 'CHAR' && (state.count ?? 1) > 1 && !isNumberList(text)) return { ok: true, value: text };
  if ((state.count ?? 1) > 1) return parseList(text, state);
  return parseOne(text.trim(), state);
}

function isNumberList(text: string): boolean { return /^[\s\d.,;eE+\-[\]]+$/.test(text); }

function parseEnum(text: string, state: PvState): Parsed {
  const states = state.states ?? [];
  const named = states.indexOf(text);
  if (named >= 0) return { ok: true, value: named };
  const index = Number(text);
  if (text !== '' && Number.isInteger(index) && index >= 0 && (states.length === 0 || index < states.length)) return { ok: true, value: index };
  return refuse(`"${text}" is none of its states: ${states.map((name, at) => `${at} ${name}`).join(', ') || 'it has none'}.`);
}

function parseOne(text: string, state: PvState): Parsed {
  if (text === '') return refuse('Enter a value.');
  const value = /^[+-]?(inf|infinity)$/i.test(text) ? (text.startsWith('-') ? -Infinity : Infinity) : /^nan$/i.test(text) ? NaN : Number(text);
  if (Number.isNaN(value) && !/^nan$/i.test(text)) return refuse(`"${text}" is not a number. Write it with a point, as in 12.5 or 1e-3.`);
  const range = state.type ? wholeRange[state.type as keyof typeof wholeRange] : undefined;
  if (range && !Number.isInteger(value)) return refuse(`${state.pv} takes whole numbers.`);
  if (range && (value < range[0] || value > range[1])) return refuse(`${state.pv} takes whole numbers from ${range[0]} to ${range[1]}.`);
  const { control } = state;
  if (control && control.high > control.low && (value < control.low || value > control.high)) {
    const show = (limit: number) => `${formatNumber(limit)}${state.units ? ` ${state.units}` : ''}`;
    return refuse(`${show(value)} is outside its limits: enter ${show(control.low)} to ${show(control.high)}.`);
  }
  return { ok: true, value };
}

function parseList(text: string, state: PvState): Parsed {
  const parts = text.replace(/[[\]]/g, ' ').split(/[\s,;]+/).filter(Boolean);
  const values = parts.map(Number);
  const wrong = values.findIndex(Number.isNaN);
  if (wrong >= 0) return refuse(`"${parts[wrong]}" is not a number. Write numbers with commas between them.`);
  if (values.length > (state.count ?? 1)) return refuse(`${state.pv} holds at most ${state.count} elements, these are ${values.length}.`);
  return { ok: true, value: Float64Array.from(values) };
}
