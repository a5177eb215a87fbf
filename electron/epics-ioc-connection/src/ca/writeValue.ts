// What a caller writes -> DBR type, count and value for a channel of a given native type. Pure; refuses what cannot be said.
import { encodeText } from '../bytes/text';
import type { NativeType, NumericArray, PvValue, WritableValue } from '../value';
import { ValueError } from './errors';
import { nativeArrays, wholeRanges } from './nativeRanges';
import { dbrCode } from './protocol/dbrTypes';
import { requireElement, requireWritable } from './writable';

export interface WireWrite { readonly dataType: number; readonly count: number; readonly value: PvValue }

/** Bytes of text in a DBR_STRING, without its NUL. */
const stringRoom = 39;

/** How far from a whole number a computed step may be (2.9999999996 is 3). */
const wholeTolerance = 1e-6;

/** Throws ValueError (BAD_TYPE, BAD_COUNT) with a text that says what the PV takes. `capacity`: the channel's largest count. */
export function toWire(pv: string, type: NativeType, capacity: number, value: WritableValue): WireWrite {
  requireWritable(pv, value);
  if (typeof value === 'string') return textToWire(pv, type, capacity, value);
  if (typeof value === 'number' || typeof value === 'boolean') {
    const number = Number(value);
    if (type === 'STRING') return { dataType: dbrCode('STRING', 'plain'), count: 1, value: String(number) };
    return { dataType: dbrCode(type, 'plain'), count: 1, value: fit(pv, type, number) };
  }
  if (value.length > capacity) {
    throw new ValueError('BAD_COUNT', `"${pv}" holds ${capacity} element${capacity === 1 ? '' : 's'}, not ${value.length}. Write fewer.`, pv);
  }
  if (value.length === 0 && capacity === 1) throw new ValueError('BAD_COUNT', `"${pv}" holds one value: an empty array cannot be written.`, pv);
  if (typeof value[0] === 'string') return textsToWire(pv, type, value as readonly string[]);
  return numbersToWire(pv, type, value as ArrayLike<number>);
}

function textToWire(pv: string, type: NativeType, capacity: number, text: string): WireWrite {
  if (type === 'CHAR' && capacity > 1) {
    const bytes = encodeText(text);
    if (bytes.length >= capacity) throw new ValueError('BAD_COUNT', `"${pv}" holds ${capacity - 1} bytes of text, not ${bytes.length}. Shorten it.`, pv);
    const terminated = new Uint8Array(bytes.length + 1);
    terminated.set(bytes);
    return { dataType: dbrCode('CHAR', 'plain'), count: terminated.length, value: terminated };
  }
  if (type === 'STRING' || type === 'ENUM') return { dataType: dbrCode('STRING', 'plain'), count: 1, value: checkText(pv, text) };
  return { dataType: dbrCode(type, 'plain'), count: 1, value: fit(pv, type, parseNumber(pv, type, text)) };
}

function textsToWire(pv: string, type: NativeType, texts: readonly string[]): WireWrite {
  if (type !== 'STRING' && type !== 'ENUM') return numbersToWire(pv, type, texts.map((text) => (typeof text === 'string' ? parseNumber(pv, type, text) : text)));
  return { dataType: dbrCode('STRING', 'plain'), count: texts.length, value: texts.map((text) => textOf(pv, text)) };
}

function numbersToWire(pv: string, type: NativeType, numbers: ArrayLike<number>): WireWrite {
  const count = numbers.length;
  if (type === 'STRING') return { dataType: dbrCode('STRING', 'plain'), count, value: Array.from(numbers, (each) => textOf(pv, each)) };
  const dataType = dbrCode(type, 'plain');
  const make = nativeArrays[type];
  if (numbers instanceof make) return { dataType, count, value: numbers as NumericArray };
  const own = new make(count);
  for (let i = 0; i < count; i += 1) own[i] = fit(pv, type, numbers[i] as number);
  return { dataType, count, value: own };
}

function fit(pv: string, type: NativeType, element: number | boolean): number {
  const number = typeof element === 'boolean' ? Number(element) : element;
  if (typeof number !== 'number') throw new ValueError('BAD_TYPE', `"${pv}" takes numbers, not ${typeof number}.`, pv);
  const range = wholeRanges[type];
  if (!range) return number;
  const whole = Math.round(number);
  if (!(Math.abs(number - whole) <= wholeTolerance)) {
    throw new ValueError('BAD_TYPE', `"${pv}" is of type ${type} and takes whole numbers, not ${number}.`, pv);
  }
  if (whole < range[0] || whole > range[1]) {
    throw new ValueError('BAD_TYPE', `"${pv}" is of type ${type} and takes ${range[0]} to ${range[1]}, not ${number}.`, pv);
  }
  return whole;
}

function parseNumber(pv: string, type: NativeType, text: string): number {
  const trimmed = text.trim();
  const special = /^([+-]?)(nan|inf|infinity)$/i.exec(trimmed);
  if (special) return special[2]?.toLowerCase() === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity;
  const number = trimmed === '' ? NaN : Number(trimmed);
  if (Number.isNaN(number)) throw new ValueError('BAD_TYPE', `"${pv}" is of type ${type}: "${text}" is not a number.`, pv);
  return number;
}

/** Of a list that may be mixed. */
function textOf(pv: string, element: unknown): string {
  requireElement(pv, element);
  return checkText(pv, String(element));
}

function checkText(pv: string, text: string): string {
  const size = encodeText(text).length;
  if (size <= stringRoom) return text;
  throw new ValueError('BAD_COUNT', `"${pv}" takes text of at most ${stringRoom} bytes, not ${size}. Shorten it, or write to a CHAR waveform.`, pv);
}
