// The gate that every write passes: observer, access, type, state names, limits. Pure; the words are for the user.
//
// Limits: a value outside the profile's limits is refused, array elements too, and a state by its number. A scalar outside the PV's own control limits
// (CTRL, where low < high: DRVL/DRVH of an output, soft limits of a motor) is refused as well: IOCs clamp outputs silently, and
// an operator who enters 12 must not get 10 unsaid. Arrays have no control limits of their own (an IOC gives their display range).
import type { Limits, PvState, WritableValue } from '@shared/pv';
import type { PvErrorCode } from './pvError';
import { numberText } from './valueText';

export interface GateView {
  readonly state: PvState;
  /** Elements, the most that the PV holds. */
  readonly capacity: number;
  /** Of the profile. */
  readonly limits?: Limits;
  readonly profile: string;
}
export type GateResult =
  /** `value`: what to send; an enum's state goes by its name wherever that is unambiguous. */
  | { readonly ok: true; readonly value: WritableValue }
  | { readonly ok: false; readonly code: PvErrorCode; readonly message: string };

type Refusal = Extract<GateResult, { ok: false }>;

const wholeRanges = { SHORT: [-32_768, 32_767], CHAR: [-128, 255], LONG: [-2_147_483_648, 2_147_483_647] } as const;
/** Bytes of text that a STRING holds. */
const stringRoom = 39;
/** How far from a whole number a computed step may be. */
const wholeTolerance = 1e-6;

export function checkWrite(view: GateView, value: WritableValue): GateResult {
  const { state } = view;
  if (state.connection !== 'connected') {
    return refuse(state, 'DISCONNECTED', 'its server does not answer, nothing was sent. Write again when it is back');
  }
  if (state.access?.write === false) {
    return refuse(state, 'READ_ONLY', 'its IOC lets you read it only. Ask who runs the IOC for write access');
  }
  if (typeof value === 'object') return checkArray(view, value);
  if (state.type === 'ENUM') return checkState(view, value);
  if (state.type === 'STRING') return checkText(state, String(value));
  if (state.type === 'CHAR' && view.capacity > 1 && typeof value === 'string') return checkBytes(view, value);
  const number = typeof value === 'string' ? parseNumber(value) : Number(value);
  if (number === null) return refuse(state, 'WRONG_TYPE', `"${String(value)}" is not a number. Enter a number${unitHint(state)}`);
  return checkNumber(view, number, true) ?? { ok: true, value: settle(state, number) };
}

/** `12`, `-1.5e3`, `0x1f`, `nan`, `-inf`; null: none of them. */
export function parseNumber(text: string): number | null {
  const trimmed = text.trim();
  const special = /^([+-]?)(nan|inf|infinity)$/i.exec(trimmed);
  if (special) return special[2]?.toLowerCase() === 'nan' ? Number.NaN : special[1] === '-' ? -Infinity : Infinity;
  const number = trimmed === '' ? Number.NaN : Number(trimmed);
  return Number.isNaN(number) ? null : number;
}

function checkNumber(view: GateView, number: number, scalar: boolean): Refusal | null {
  const { state } = view;
  const range = state.type === 'SHORT' || state.type === 'CHAR' || state.type === 'LONG' ? wholeRanges[state.type] : null;
  if (range && !(Math.abs(number - Math.round(number)) <= wholeTolerance)) {
    return refuse(state, 'WRONG_TYPE', `it takes whole numbers, not ${numberText(number)}. Enter a whole number`);
  }
  if (range && (number < range[0] || number > range[1])) {
    return refuse(state, 'WRONG_TYPE', `its type ${state.type} holds ${range[0]} to ${range[1]}, not ${numberText(number)}. Enter a number in that range`);
  }
  const own = state.type === 'FLOAT' ? Math.fround(number) : number;
  if (view.limits) {
    const refusal = checkLimits(state, own, view.limits, `of the profile "${view.profile}"`, 'change the profile\'s limits');
    if (refusal) return refusal;
  }
  const control = scalar && state.control && state.control.low < state.control.high ? state.control : null;
  return control && checkLimits(state, own, control, 'of the PV', 'change the limit in the IOC');
}

function checkLimits(state: PvState, number: number, limits: Limits, whose: string, remedy: string): Refusal | null {
  if (number >= limits.low && number <= limits.high) return null;
  const value = withUnit(state, number);
  if (Number.isNaN(number)) {
    return refuse(state, 'OUT_OF_LIMITS', `NaN is not within the limits ${whose} (${numberText(limits.low)} to ${withUnit(state, limits.high)}). Enter a number`);
  }
  const [side, limit, most] = number > limits.high ? ['above the high', limits.high, 'most'] as const : ['below the low', limits.low, 'least'] as const;
  return refuse(state, 'OUT_OF_LIMITS', `${value} is ${side} limit ${whose} (${withUnit(state, limit)}). Enter at ${most} ${numberText(limit)}, or ${remedy}`);
}

function checkState(view: GateView, value: number | string | boolean): GateResult {
  const { state } = view;
  const states = state.states ?? [];
  const listed = states.length === 0 ? 'It has no named states: enter a number from 0 to 15' : `States: ${states.map((name) => `"${name}"`).join(', ')}. Enter one of them`;
  if (typeof value === 'string') {
    const name = states.includes(value) ? value : value.trim();
    if (states.includes(name) && name !== '') return checkStateLimits(view, states.indexOf(name), states.lastIndexOf(name)) ?? { ok: true, value: name };
    const index = parseNumber(value);
    if (index === null) return refuse(state, 'UNKNOWN_STATE', `it has no state "${value}". ${listed}`);
    return checkIndex(view, states, index, listed);
  }
  return checkIndex(view, states, Number(value), listed);
}

function checkIndex(view: GateView, states: readonly string[], index: number, listed: string): GateResult {
  const count = states.length === 0 ? 16 : states.length;
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    return refuse(view.state, 'UNKNOWN_STATE', `it has no state number ${numberText(index)}. ${listed}`);
  }
  const refusal = checkStateLimits(view, index);
  if (refusal) return refusal;
  // By name, so that an IOC whose states changed meanwhile refuses it instead of doing something else (a bare number where names are not unique).
  const name = states[index];
  const unique = name !== undefined && name !== '' && states.indexOf(name) === states.lastIndexOf(name);
  return { ok: true, value: unique ? name : index };
}

/** States by their numbers; all that a name may stand for. */
function checkStateLimits({ state, limits, profile }: GateView, ...numbers: readonly number[]): Refusal | null {
  const outside = limits && numbers.find((number) => !(number >= limits.low && number <= limits.high));
  if (!limits || outside === undefined) return null;
  const name = state.states?.[outside];
  const allowed = (state.states ?? []).filter((_, number) => number >= limits.low && number <= limits.high).map((each) => `"${each}"`);
  const what = name ? `state ${outside}, "${name}",` : `state ${outside}`;
  return refuse(state, 'OUT_OF_LIMITS', `${what} is outside the limits of the profile "${profile}" (${numberText(limits.low)} to ${numberText(limits.high)}). Enter ${allowed.length > 0 ? allowed.join(' or ') : 'another one'}, or change the profile's limits`);
}

function checkText(state: PvState, text: string): GateResult {
  const size = Buffer.byteLength(text, 'utf8');
  if (size <= stringRoom) return { ok: true, value: text };
  return refuse(state, 'WRONG_TYPE', `it holds ${stringRoom} bytes of text, not ${size}. Shorten the text`);
}

function checkBytes(view: GateView, text: string): GateResult {
  const size = Buffer.byteLength(text, 'utf8');
  if (size < view.capacity) return { ok: true, value: text };
  return refuse(view.state, 'WRONG_TYPE', `it holds ${view.capacity - 1} bytes of text, not ${size}. Shorten the text`);
}

function checkArray(view: GateView, value: Extract<WritableValue, object>): GateResult {
  const { state, capacity } = view;
  if (value.length > capacity) {
    const room = capacity === 1 ? 'it holds one value' : `it holds ${capacity} elements`;
    return refuse(state, 'WRONG_TYPE', `${room}, not ${value.length}. Write fewer`);
  }
  if (capacity === 1) {
    const only = value[0];
    return only === undefined ? refuse(state, 'WRONG_TYPE', 'it holds one value, and an empty array has none. Enter a value') : checkWrite(view, only);
  }
  if (state.type === 'STRING') {
    const texts = Array.from<number | string>(value).map(String);
    for (const text of texts) {
      const result = checkText(state, text);
      if (!result.ok) return result;
    }
    return { ok: true, value: texts };
  }
  const texts = typeof value[0] === 'string';
  const numbers = texts ? Array.from<number | string>(value).map((item) => parseNumber(String(item))) : (value as ArrayLike<number>);
  for (let i = 0; i < numbers.length; i += 1) {
    const number = numbers[i];
    if (typeof number !== 'number') return refuse(state, 'WRONG_TYPE', `element ${i + 1}, "${String(value[i])}", is not a number. Enter numbers`);
    const refusal = state.type === 'ENUM' ? checkStateLimits(view, number) : checkNumber(view, number, false);
    if (refusal) return { ...refusal, message: refusal.message.replace(' was not written: ', ` was not written: element ${i + 1}: `) };
  }
  return { ok: true, value: texts ? (numbers as number[]) : value };
}

/** A computed step such as 2.9999999996 is 3 where the type is whole. */
function settle(state: PvState, number: number): number {
  return state.type === 'SHORT' || state.type === 'CHAR' || state.type === 'LONG' ? Math.round(number) : number;
}

function withUnit(state: PvState, number: number): string {
  return state.units ? `${numberText(number)} ${state.units}` : numberText(number);
}

function unitHint(state: PvState): string { return state.units ? ` in ${state.units}` : ''; }

function refuse(state: PvState, code: PvErrorCode, why: string): Refusal {
  return { ok: false, code, message: `${state.pv} was not written: ${why}.` };
}
