// What a caller writes -> the `value` of a normative type. Pure; refuses what the type cannot hold.
import { ValueError } from '../ca/errors';
import { requireElement, requireWritable } from '../ca/writable';
import type { WritableValue } from '../value';
import { arrayConstructors, bitsGiven, memberOf, valueAt } from './protocol';
import type { BitSet, Field, PvaInput, PvaStructure, ScalarType, StructureField } from './protocol';

/** How far from a whole number a computed step may be (2.9999999996 is 3). */
const wholeTolerance = 1e-6;
const ranges: Partial<Readonly<Record<ScalarType, readonly [number, number]>>> = {
  byte: [-128, 127], short: [-32768, 32767], int: [-2147483648, 2147483647], long: [-(2 ** 63), 2 ** 63], ubyte: [0, 255], ushort: [0, 65535],
  uint: [0, 4294967295], ulong: [0, 2 ** 64],
};

/** What to put, or null where the choices of an enum are needed first. Throws ValueError. */
export function toPut(pv: string, field: StructureField, value: WritableValue, present: PvaStructure | null): { value: PvaInput; changed: BitSet } | null {
  const own = memberOf(field, 'value')?.field;
  if (own?.kind !== 'any') requireWritable(pv, value);
  if (!own) throw new ValueError('BAD_TYPE', `"${pv}" has no "value": write its structure (putStructure).`, pv);
  if (own.kind === 'structure') {
    const index = enumIndex(pv, own, value, present);
    return index === null ? null : put(field, { value: { index } });
  }
  return put(field, { value: convert(pv, own, value) });
}

function put(field: StructureField, value: PvaInput): { value: PvaInput; changed: BitSet } {
  return { value, changed: bitsGiven(field, value) };
}

/** An enum takes a state by its name, or an index. */
function enumIndex(pv: string, field: StructureField, value: WritableValue, present: PvaStructure | null): number | null {
  if (!field.byName.has('index') || !field.byName.has('choices')) throw new ValueError('BAD_TYPE', `"${pv}" is a structure: write it with putStructure.`, pv);
  if (typeof value === 'number' || typeof value === 'boolean') return whole(pv, 'int', Number(value));
  if (typeof value !== 'string') throw new ValueError('BAD_TYPE', `"${pv}" is an enum and takes one state, not an array.`, pv);
  if (!present) return null;
  const choices = valueAt(present, 'value.choices') as readonly string[] | undefined ?? [];
  const index = choices.indexOf(value);
  if (index >= 0) return index;
  if (/^\d+$/.test(value) && Number(value) < choices.length) return Number(value);
  throw new ValueError('BAD_TYPE', `"${pv}" has no state "${value}": it has ${choices.join(', ')}.`, pv);
}

function convert(pv: string, field: Field, value: WritableValue): PvaInput {
  switch (field.kind) {
    case 'scalar':
      if (typeof value === 'object') {
        if (value.length !== 1) throw new ValueError('BAD_COUNT', `"${pv}" holds one value, not ${value.length}.`, pv);
        return scalar(pv, field.type, value[0] as number | string);
      }
      return scalar(pv, field.type, value);
    case 'array': {
      if (typeof value === 'string' && (field.type === 'byte' || field.type === 'ubyte')) {
        // A text in a CHAR waveform ends with a NUL, as Channel Access clients write it.
        return Uint8Array.from([...Buffer.from(value, 'utf8'), 0]);
      }
      const list: ArrayLike<number | string | boolean> = typeof value === 'object' ? value : [value];
      if (field.length !== undefined && list.length > field.length) {
        throw new ValueError('BAD_COUNT', `"${pv}" holds ${field.length} elements, not ${list.length}. Write fewer.`, pv);
      }
      if (field.type !== 'string' && field.type !== 'boolean' && list instanceof arrayConstructors[field.type]) return list as PvaInput;
      return Array.from(list, (element) => scalar(pv, field.type, element)) as PvaInput;
    }
    case 'any': return value as PvaInput;
    default: throw new ValueError('BAD_TYPE', `"${pv}" takes neither a number nor a text: write it with putStructure.`, pv);
  }
}

function scalar(pv: string, type: ScalarType, value: number | string | boolean): number | string | boolean {
  requireElement(pv, value);
  if (type === 'string') return String(value);
  if (type === 'boolean') return typeof value === 'string' ? parseBoolean(pv, value) : value !== false && value !== 0;
  const number = typeof value === 'string' ? parseNumber(pv, type, value) : Number(value);
  return type === 'double' || type === 'float' ? number : whole(pv, type, number);
}

function whole(pv: string, type: ScalarType, number: number): number {
  const rounded = Math.round(number);
  if (!(Math.abs(number - rounded) <= wholeTolerance)) throw new ValueError('BAD_TYPE', `"${pv}" is of type ${type} and takes whole numbers, not ${number}.`, pv);
  const [low, high] = ranges[type] ?? [-Infinity, Infinity];
  if (rounded < low || rounded > high) throw new ValueError('BAD_TYPE', `"${pv}" is of type ${type} and takes ${low} to ${high}, not ${number}.`, pv);
  return rounded;
}

function parseNumber(pv: string, type: ScalarType, text: string): number {
  const trimmed = text.trim();
  const special = /^([+-]?)(nan|inf|infinity)$/i.exec(trimmed);
  if (special) return special[2]?.toLowerCase() === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity;
  const number = trimmed === '' ? NaN : Number(trimmed);
  if (Number.isNaN(number)) throw new ValueError('BAD_TYPE', `"${pv}" is of type ${type}: "${text}" is not a number.`, pv);
  return number;
}

function parseBoolean(pv: string, text: string): boolean {
  if (/^(true|1|on|yes)$/i.test(text.trim())) return true;
  if (/^(false|0|off|no)$/i.test(text.trim())) return false;
  throw new ValueError('BAD_TYPE', `"${pv}" is true or false, not "${text}".`, pv);
}
