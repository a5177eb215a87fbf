// A PV's value in the type that a client asks for (the conversions of EPICS base dbConvert.c). PURE.
import type { Metadata, NativeType, NumericArray, PvValue } from '../../value';

/** There is no sensible value of that type: a text that is no number, for instance. */
export class ConversionError extends Error {
  readonly code = 'NO_CONVERSION';
  override readonly name = 'ConversionError';
}

/** Beyond this a number's text would not fit into 39 bytes with its decimals. */
const longestFixed = 1e15;

/** `value` of a PV of type `from` as type `to`: one element stays a scalar. Errors: `ConversionError`. */
export function convertForReading(value: PvValue, from: NativeType, to: NativeType, metadata: Metadata): PvValue {
  if (from === to) return value;
  if (to === 'STRING') return mapToText(value, (element) => numberText(element, from, metadata));
  if (from === 'STRING') {
    if (typeof value === 'string') return textToNumber(value);
    if (typeof value === 'number') return value;
    return Float64Array.from(value as readonly string[], textToNumber);
  }
  if (typeof value === 'number') return toType(value, to);
  return value;
}

/** A number as an IOC writes it: with the PV's precision, an enum as its state, or its index where there is no such state. */
export function numberText(value: number, from: NativeType, metadata: Metadata): string {
  if (from === 'ENUM') return metadata.states?.[value] ?? String(value);
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (from !== 'DOUBLE' && from !== 'FLOAT') return String(value);
  const digits = Math.min(Math.max(metadata.precision ?? 0, 0), 17);
  return Math.abs(value) < longestFixed ? value.toFixed(digits) : value.toExponential(digits);
}

/** A number's text, decimal or 0x, also nan and inf. Errors: `ConversionError`. */
export function textToNumber(text: string): number {
  const [, minus, word = ''] = /^(?:(-)|\+)?([^+-].*)$/.exec(text.trim().toLowerCase()) ?? [];
  const sign = minus ? -1 : 1;
  if (word === 'nan') return NaN;
  if (word === 'inf' || word === 'infinity') return sign * Infinity;
  const number = word === '' ? NaN : sign * Number(word);
  if (Number.isNaN(number)) throw new ConversionError(`"${text}" is not a number.`);
  return number;
}

function mapToText(value: PvValue, text: (element: number) => string): PvValue {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return text(value);
  if (typeof value[0] === 'string') return value;
  return Array.from(value as NumericArray, text);
}

const ranges: Readonly<Partial<Record<NativeType, readonly [number, number]>>> = {
  SHORT: [-32768, 32767], ENUM: [0, 65535], CHAR: [0, 255], LONG: [-2147483648, 2147483647],
};

/** The nearest number that the type can hold: a readback beyond a LONG shows its end and not some other number. */
function toType(value: number, to: NativeType): number {
  const range = ranges[to];
  if (!range) return value;
  return Number.isNaN(value) ? 0 : Math.trunc(Math.min(Math.max(value, range[0]), range[1]));
}
