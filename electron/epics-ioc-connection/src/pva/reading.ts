// Normative types (NTScalar, NTScalarArray, NTEnum, NTNDArray) as the package's one value model. Pure.
import { RequestError } from '../ca/errors';
import { RemoteProtocolError } from '../ca/protocol/errors';
import type { AlarmStatus, Limits, Metadata, NativeType, NumericArray, PvValue, Reading, Timestamp } from '../value';
import { alarmStatuses, severities } from '../value';
import { dimensionsOf, readNdArray } from '../normative/readNdArray';
import type { Picture } from '../normative/readNdArray';
import { memberOf, numberOf, textOf, valueAt } from './protocol';
import type { Field, PvaData, PvaNumericArray, PvaStructure, ScalarType, StructureField } from './protocol';

/** The fields of a reading, those of a compressed picture too; what a structure has not is left out by the server. */
export const readingRequest = 'field(value,alarm,timeStamp,codec,compressedSize,uncompressedSize,dimension)';

export const nativeTypeOfScalar: Readonly<Record<ScalarType, NativeType>> = {
  boolean: 'ENUM', byte: 'CHAR', ubyte: 'CHAR', short: 'SHORT', ushort: 'LONG', int: 'LONG', uint: 'DOUBLE', long: 'DOUBLE', ulong: 'DOUBLE',
  float: 'FLOAT', double: 'DOUBLE', string: 'STRING',
};
const booleanStates = ['false', 'true'] as const;

/** alarm_t.status, where the message does not name the record's own: NONE, DEVICE, DRIVER, RECORD, DB, CONF, UNDEFINED, CLIENT. */
const statusClasses: readonly AlarmStatus[] = ['NO_ALARM', 'READ', 'COMM', 'STATE', 'LINK', 'BAD_SUB', 'UDF', 'SOFT'];

/** The type of `value` as the package's own types have it, and its count: 1, the bound of an array, 0 for one of any length. */
export function nativeTypeOf(field: Field | null): { type: NativeType; count: number } {
  const value = field?.kind === 'structure' ? memberOf(field, 'value')?.field ?? null : field;
  switch (value?.kind) {
    case 'scalar': return { type: nativeTypeOfScalar[value.type], count: 1 };
    case 'array': return { type: nativeTypeOfScalar[value.type], count: value.length ?? 0 };
    case 'structure': return { type: isEnum(value) ? 'ENUM' : 'STRING', count: 1 };
    case 'union': return { type: 'DOUBLE', count: 0 };
    default: return { type: 'STRING', count: 1 };
  }
}

export interface ReadingOptions { readonly asString: boolean; readonly count: number; readonly metadata: boolean }

/** Throws RequestError BAD_TYPE for a structure that has no `value` to show. */
export function toReading(pv: string, field: StructureField, structure: PvaStructure, options: ReadingOptions): Reading {
  const plain = compressedPicture(pv, field, structure) ?? plainValue(pv, memberOf(field, 'value')?.field, structure['value'] ?? null);
  const { type, value } = options.asString ? asText(plain) : plain;
  const shown = options.count > 0 && typeof value === 'object' ? value.slice(0, options.count) as PvValue : value;
  const count = typeof shown === 'object' ? shown.length : 1;
  const { severity, status } = alarmOf(structure['alarm']);
  const timestamp = timestampOf(structure['timeStamp']);
  const reading = options.metadata
    ? { type, value: shown, count, severity, status, timestamp, metadata: metadataOf(structure, plain.states) } : { type, value: shown, count, severity, status, timestamp };
  return isPicture(field) && shown === value ? { ...reading, size: plain.size ?? dimensionsOf(structure) } : reading;
}

interface Plain { readonly type: NativeType; readonly value: PvValue; readonly states?: readonly string[]; readonly size?: readonly number[] }

function isPicture(field: StructureField): boolean { return field.id.startsWith('epics:nt/NTNDArray:'); }

function plainValue(pv: string, field: Field | undefined, value: PvaData): Plain {
  switch (field?.kind) {
    case 'scalar': {
      const type = nativeTypeOfScalar[field.type];
      if (field.type === 'string') return { type, value: String(value) };
      return { type, value: Number(value), ...(field.type === 'boolean' ? { states: booleanStates } : {}) };
    }
    case 'array': return { type: nativeTypeOfScalar[field.type], value: plainArray(value) };
    case 'structure':
      if (isEnum(field)) return { type: 'ENUM', value: numberOf(valueAt(value, 'index')), states: textsOf(valueAt(value, 'choices')) };
      break;
    case 'union': {
      const chosen = value as { member: string; value: PvaData } | null;
      const member = chosen ? memberOf(field, chosen.member) : undefined;
      return chosen && member ? plainValue(pv, member.field, chosen.value) : { type: 'DOUBLE', value: new Float64Array(0) };
    }
    case 'any': {
      const given = value as { field: Field; value: PvaData } | null;
      if (given) return plainValue(pv, given.field, given.value);
      break;
    }
    default:
  }
  throw new RequestError('BAD_TYPE', `"${pv}" has no value that can be shown as a number, a text or an array: read its structure (getStructure).`, pv);
}

/** Null for what is no compressed NTNDArray: its bytes are no numbers yet. */
function compressedPicture(pv: string, field: StructureField, structure: PvaStructure): Plain | null {
  if (!isPicture(field) || !valueAt(structure, 'codec.name')) return null;
  const { data, compressed, size } = pictureOf(pv, structure);
  if (data) return { type: nativeTypeOfScalar[compressed?.elementType ?? 'ubyte'], value: plainArray(data), size };
  throw new RequestError('BAD_TYPE', `"${pv}" is a picture compressed by ${compressed?.codec ?? 'a codec'}, which is not undone here: read its structure (getStructure, readNdArray).`, pv);
}

/** A camera's broken picture is nothing that its server's connection should be given up for. */
function pictureOf(pv: string, structure: PvaStructure): Picture {
  try {
    return readNdArray(structure);
  } catch (error) {
    // A RangeError: this machine has no room for it.
    if (!(error instanceof RemoteProtocolError || error instanceof RangeError)) throw error;
    throw new RequestError('BAD_TYPE', `"${pv}" has no picture that can be shown. ${error.message}`, pv);
  }
}

/** Arrays of types that the package's own have not are copied into the next wider one. */
export function plainArray(value: PvaData): PvValue {
  if (Array.isArray(value)) return value as readonly string[];
  const array = value as PvaNumericArray;
  if (array instanceof Int8Array) return new Uint8Array(array.buffer, array.byteOffset, array.length);
  if (array instanceof Uint16Array) return Int32Array.from(array);
  if (array instanceof Uint32Array) return Float64Array.from(array);
  if (array instanceof BigInt64Array || array instanceof BigUint64Array) return Float64Array.from(array as BigInt64Array, Number);
  return array as NumericArray;
}

function asText({ type, value, states }: Plain): Plain {
  if (type === 'STRING') return { type, value };
  const text = (number: number): string => states?.[number] ?? String(number);
  return { type: 'STRING', value: typeof value === 'object' ? Array.from(value as NumericArray, text) : text(value as number) };
}

function isEnum(field: StructureField): boolean {
  return field.byName.has('index') && field.byName.has('choices');
}

function textsOf(value: PvaData | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly PvaData[]).map(textOf) : [];
}

/** A member of what should be a structure: every update asks for some, so that no path is split. */
function memberValue(value: PvaData | undefined, name: string): PvaData | undefined {
  return typeof value === 'object' && value !== null ? (value as PvaStructure)[name] : undefined;
}

function alarmOf(alarm: PvaData | undefined): Alarm {
  const severity = numberOf(memberValue(alarm, 'severity'));
  return severity === 0 ? noAlarm : alarmBy(severity, numberOf(valueAt(alarm, 'status')), textOf(valueAt(alarm, 'message')));
}

type Alarm = Pick<Reading, 'severity' | 'status'>;
export const noAlarm: Alarm = { severity: 'NO_ALARM', status: 'NO_ALARM' };

/** What `alarm_t` says in the package's own words. */
export function alarmBy(severity: number, status: number, message: string): Alarm {
  if (severity === 0) return noAlarm;
  const named = alarmStatuses.find((known) => known === message);
  // 4 is UNDEFINED: not to be trusted either.
  return { severity: severities[severity] ?? 'INVALID', status: named ?? statusClasses[status] ?? 'UDF' };
}

function timestampOf(stamp: PvaData | undefined): Timestamp | null {
  const seconds = numberOf(memberValue(stamp, 'secondsPastEpoch'));
  const nanoseconds = numberOf(memberValue(stamp, 'nanoseconds'));
  return seconds === 0 && nanoseconds === 0 ? null : { seconds, nanoseconds };
}

function metadataOf(structure: PvaStructure, states: readonly string[] | undefined): Metadata {
  const text = (path: string): string => textOf(valueAt(structure, path));
  const limits = (low: string, high: string): Limits | undefined => {
    const [from, to] = [valueAt(structure, low), valueAt(structure, high)];
    return from === undefined || to === undefined ? undefined : { low: numberOf(from), high: numberOf(to) };
  };
  const precision = precisionOf(structure);
  const display = limits('display.limitLow', 'display.limitHigh');
  const control = limits('control.limitLow', 'control.limitHigh');
  const warning = limits('valueAlarm.lowWarningLimit', 'valueAlarm.highWarningLimit');
  const alarm = limits('valueAlarm.lowAlarmLimit', 'valueAlarm.highAlarmLimit');
  return {
    ...(valueAt(structure, 'display.units') === undefined ? {} : { units: text('display.units') }),
    ...(precision === undefined ? {} : { precision }),
    ...(display ? { display } : {}), ...(control ? { control } : {}), ...(warning ? { warning } : {}), ...(alarm ? { alarm } : {}),
    ...(states ? { states } : {}),
  };
}

/** `display.precision`, or the digits of a C format such as `%.3f`, as servers before it had it. */
function precisionOf(structure: PvaStructure): number | undefined {
  const precision = valueAt(structure, 'display.precision');
  if (typeof precision === 'number') return precision;
  const digits = /%\d*\.(\d+)[feg]/i.exec(textOf(valueAt(structure, 'display.format')))?.[1];
  return digits === undefined ? undefined : Number(digits);
}
