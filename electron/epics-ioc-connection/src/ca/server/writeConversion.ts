// What a client wrote, in the PV's own type; what does not fit is refused and not bent. PURE.
import { encodeText } from '../../bytes/text';
import type { Metadata, NativeType, NumericArray, PvValue } from '../../value';
import { nativeArrays, wholeRanges } from '../nativeRanges';
import { ConversionError, numberText, textToNumber } from './readConversion';

export interface WriteTarget {
  readonly type: NativeType;
  /** Largest number of elements; 1: a scalar. */
  readonly count: number;
  readonly metadata: Metadata;
}

/** `value`, as decoded from the wire with type `from`, for `target`. Errors: `ConversionError`. */
export function convertWritten(value: PvValue, from: NativeType, target: WriteTarget): PvValue {
  if (target.type === 'STRING') return toStrings(value, from, target);
  if (target.type === 'CHAR' && target.count > 1 && from === 'STRING') return textBytes(value, target.count);
  const type = target.type;
  if (target.count === 1) return toNumber(first(value), target);
  const elements = typeof value === 'number' || typeof value === 'string' ? [value] : value;
  if (from === type && typeof elements !== 'string' && elements instanceof nativeArrays[type]) return elements as NumericArray;
  const converted = new nativeArrays[type](elements.length);
  for (let index = 0; index < converted.length; index += 1) converted[index] = toNumber(elements[index] as number | string, target);
  return converted;
}

function toStrings(value: PvValue, from: NativeType, { count, metadata }: WriteTarget): PvValue {
  const text = (element: number | string): string =>
    typeof element === 'string' ? element : numberText(element, from === 'ENUM' ? 'LONG' : from, { precision: metadata.precision ?? 6 });
  if (count === 1) return text(first(value));
  if (typeof value === 'number' || typeof value === 'string') return [text(value)];
  return Array.from(value as ArrayLike<number | string>, text);
}

/** A text for a CHAR waveform: its UTF-8 bytes, as a long string. */
function textBytes(value: PvValue, room: number): PvValue {
  const bytes = encodeText(String(first(value)));
  if (bytes.length > room) throw new ConversionError(`The text takes ${bytes.length} bytes, and there is room for ${room}.`);
  return Uint8Array.from(bytes);
}

function first(value: PvValue): number | string {
  if (typeof value === 'number' || typeof value === 'string') return value;
  const element = value[0];
  if (element === undefined) throw new ConversionError('Nothing was written: no element.');
  return element;
}

function toNumber(value: number | string, { type, metadata }: WriteTarget): number {
  if (type === 'ENUM' && typeof value === 'string') return enumIndex(value, metadata.states ?? []);
  const number = typeof value === 'string' ? textToNumber(value) : value;
  const range = wholeRanges[type];
  if (type === 'FLOAT' && Number.isFinite(number) && !Number.isFinite(Math.fround(number))) throw new ConversionError(`${number} does not fit a FLOAT.`);
  if (!range) return number;
  const whole = Math.trunc(number);
  if (!(whole >= range[0] && whole <= range[1])) throw new ConversionError(`${number} does not fit a ${type}, which takes ${range[0]} to ${range[1]}.`);
  return type === 'CHAR' ? whole & 255 : whole;
}

/** A state by its name; else by its number. */
function enumIndex(text: string, states: readonly string[]): number {
  const index = states.indexOf(text);
  if (index >= 0) return index;
  const number = /^\s*\d+\s*$/.test(text) ? Number(text) : -1;
  if (number < 0 || (states.length > 0 && number >= states.length)) {
    throw new ConversionError(`"${text}" is none of the states${states.length > 0 ? ` ${states.join(', ')}` : ''}.`);
  }
  return number;
}
