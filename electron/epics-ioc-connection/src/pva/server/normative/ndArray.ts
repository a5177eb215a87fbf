// NTNDArray: a picture or any other array with dimensions (EPICS V4 Normative Types, "NTNDArray"), as areaDetector's PVA plugin sends it. PURE.
import type { AlarmStatus, NumericArray, Severity, Timestamp } from '../../../value';
import { array, arrayOf, scalar, structure, union, variantUnion } from '../../protocol';
import type { ScalarType } from '../../protocol';
import type { PvaData, PvaStructure } from '../../protocol';
import { alarmType, alarmValue, displayForms, displayType, timeType, timeValue } from './parts';

const members = ['boolean', 'byte', 'short', 'int', 'long', 'ubyte', 'ushort', 'uint', 'ulong', 'float', 'double'] as const;
const dimensionType = structure('dimension_t', {
  size: scalar('int'), offset: scalar('int'), fullSize: scalar('int'), binning: scalar('int'), reverse: scalar('boolean'),
});
const attributeType = structure('epics:nt/NTAttribute:1.0', {
  name: scalar('string'), value: variantUnion, tags: array('string'), descriptor: scalar('string'), alarm: alarmType, timeStamp: timeType,
  sourceType: scalar('int'), source: scalar('string'),
});

export const ndArrayType = structure('epics:nt/NTNDArray:1.0', {
  value: union('', members.map((type) => [`${type}Value`, array(type)] as const)),
  codec: structure('codec_t', { name: scalar('string'), parameters: variantUnion }),
  compressedSize: scalar('long'), uncompressedSize: scalar('long'),
  dimension: arrayOf(dimensionType), uniqueId: scalar('int'), dataTimeStamp: timeType, attribute: arrayOf(attributeType),
  descriptor: scalar('string'), alarm: alarmType, timeStamp: timeType, display: displayType,
});

export interface NdArray {
  /** Elements, the first dimension fastest. */
  readonly data: NumericArray;
  /** Elements along each dimension, the fastest first: width, height for a picture. */
  readonly size: readonly number[];
  readonly uniqueId: number;
  /** When the data was taken. */
  readonly timestamp: Timestamp;
  readonly description?: string;
  readonly attributes?: readonly { readonly name: string; readonly value: number | string; readonly description?: string }[];
  readonly severity?: Severity;
  readonly status?: AlarmStatus;
  /** Where `data` is the bytes that a codec made: its name as areaDetector has it, and what the numbers were, of how many bytes in all. */
  readonly codec?: { readonly name: string; readonly elementType: Exclude<ScalarType, 'string'>; readonly uncompressedSize: number };
}

function memberFor(data: NumericArray): ScalarType {
  if (data instanceof Float64Array) return 'double';
  if (data instanceof Float32Array) return 'float';
  if (data instanceof Int32Array) return 'int';
  if (data instanceof Int16Array) return 'short';
  return data instanceof Uint16Array ? 'ushort' : 'ubyte';
}

/** The NTNDArray value. `data` is not copied: don't change it afterwards. */
export function ndArrayValue(picture: NdArray): PvaStructure {
  const { data, size, uniqueId, timestamp, description = '', attributes = [], severity = 'NO_ALARM', status = 'NO_ALARM', codec } = picture;
  const time = timeValue(timestamp);
  const alarm = alarmValue(severity, status);
  return {
    value: { member: `${memberFor(data)}Value`, value: data },
    codec: codec ? { name: codec.name, parameters: { field: scalar('int'), value: members.indexOf(codec.elementType) } } : { name: '', parameters: null },
    compressedSize: data.byteLength, uncompressedSize: codec?.uncompressedSize ?? data.byteLength,
    dimension: size.map((length) => ({ size: length, offset: 0, fullSize: length, binning: 1, reverse: false })),
    uniqueId, dataTimeStamp: time,
    attribute: attributes.map(({ name, value, description: descriptor = '' }) => ({
      name, value: attributeValue(value), tags: [], descriptor, alarm: alarmValue('NO_ALARM', 'NO_ALARM'), timeStamp: time, sourceType: 0, source: '',
    })),
    descriptor: description, alarm, timeStamp: time,
    display: { limitLow: 0, limitHigh: 0, description, units: '', precision: 0, form: { index: 0, choices: displayForms } },
  };
}

function attributeValue(value: number | string): PvaData {
  if (typeof value === 'string') return { field: scalar('string'), value };
  return { field: scalar(Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 'int' : 'double'), value };
}
