// Normative types: ids, fields and values as the specification and QSRV have them.
import { describe, expect, it } from 'vitest';
import type { ServerPvState } from '../../../api';
import { BitSet, fieldName, type Field, type PvaStructure } from '../../protocol';
import { encodeUpdate } from '../pvaServerPv';
import { ndArrayType, ndArrayValue } from './ndArray';
import { alarmValue } from './parts';
import { normativeType, normativeValue } from './scalarTypes';
import { rpcArguments, tableValue } from './table';
import { array, scalar, structure } from '../../protocol';

const state = (value: ServerPvState['value'], metadata: ServerPvState['metadata'] = {}): ServerPvState =>
  ({ value, metadata, severity: 'MINOR', status: 'HIGH', timestamp: { seconds: 1_700_000_000, nanoseconds: 42 } });

/** `name: type` of each field, structures in brackets. */
function outline(field: Field): string {
  if (field.kind !== 'structure') return fieldName(field);
  return `${field.id}{${field.members.map(({ name, field: inner }) => `${name}: ${outline(inner)}`).join(', ')}}`;
}

const common = 'alarm: alarm_t{severity: int, status: int, message: string}, timeStamp: time_t{secondsPastEpoch: long, nanoseconds: int, userTag: int}';
const numeric = 'display: display_t{limitLow: double, limitHigh: double, description: string, units: string, precision: int, form: enum_t{index: int, choices: string[]}}, '
  + 'control: control_t{limitLow: double, limitHigh: double, minStep: double}, '
  + 'valueAlarm: valueAlarm_t{active: boolean, lowAlarmLimit: double, lowWarningLimit: double, highWarningLimit: double, highAlarmLimit: double, '
  + 'lowAlarmSeverity: int, lowWarningSeverity: int, highWarningSeverity: int, highAlarmSeverity: int, hysteresis: double}';

describe('types', () => {
  it.each([
    ['DOUBLE', 1, `epics:nt/NTScalar:1.0{value: double, ${common}, ${numeric}}`],
    ['SHORT', 1, `epics:nt/NTScalar:1.0{value: short, ${common}, ${numeric}}`],
    ['LONG', 5, `epics:nt/NTScalarArray:1.0{value: int[], ${common}, ${numeric}}`],
    ['CHAR', 9, `epics:nt/NTScalarArray:1.0{value: ubyte[], ${common}, ${numeric}}`],
    ['STRING', 1, `epics:nt/NTScalar:1.0{value: string, ${common}, display: {description: string, units: string}}`],
    ['STRING', 3, `epics:nt/NTScalarArray:1.0{value: string[], ${common}, display: {description: string, units: string}}`],
    ['ENUM', 1, `epics:nt/NTEnum:1.0{value: enum_t{index: int, choices: string[]}, ${common}, display: {description: string, units: string}}`],
    ['ENUM', 4, `epics:nt/NTScalarArray:1.0{value: ushort[], ${common}, ${numeric}}`],
  ] as const)('%s of %i', (type, count, expected) => {
    expect(outline(normativeType({ type, count }))).toBe(expected);
    expect(normativeType({ type, count })).toBe(normativeType({ type, count }));
  });

  it('NTNDArray', () => {
    expect(ndArrayType.id).toBe('epics:nt/NTNDArray:1.0');
    expect(ndArrayType.members.map(({ name }) => name)).toEqual([
      'value', 'codec', 'compressedSize', 'uncompressedSize', 'dimension', 'uniqueId', 'dataTimeStamp', 'attribute', 'descriptor', 'alarm', 'timeStamp', 'display',
    ]);
  });
});

describe('values', () => {
  it('of a number carry its limits; alarm limits that there are none of are NaN', () => {
    const metadata = { units: 'mm', precision: 3, display: { low: -10, high: 10 }, control: { low: -5, high: 5 }, alarm: { low: -9, high: 9 } };
    expect(normativeValue({ type: 'DOUBLE', count: 1, description: 'Sample x' }, state(1.5, metadata))).toEqual({
      value: 1.5,
      alarm: { severity: 1, status: 1, message: 'HIGH' },
      timeStamp: { secondsPastEpoch: 1_700_000_000, nanoseconds: 42, userTag: 0 },
      display: {
        limitLow: -10, limitHigh: 10, description: 'Sample x', units: 'mm', precision: 3,
        form: { index: 0, choices: ['Default', 'String', 'Binary', 'Decimal', 'Hex', 'Exponential', 'Engineering'] },
      },
      control: { limitLow: -5, limitHigh: 5, minStep: 0 },
      valueAlarm: {
        active: true, lowAlarmLimit: -9, lowWarningLimit: NaN, highWarningLimit: NaN, highAlarmLimit: 9,
        lowAlarmSeverity: 2, lowWarningSeverity: 0, highWarningSeverity: 0, highAlarmSeverity: 2, hysteresis: 0,
      },
    });
  });

  it('of a choice have its index and its states', () => {
    expect(normativeValue({ type: 'ENUM', count: 1, description: '' }, state(1, { states: ['Out', 'In'] }))['value']).toEqual({ index: 1, choices: ['Out', 'In'] });
    expect(normativeValue({ type: 'ENUM', count: 1, description: '' }, state(3))['value']).toEqual({ index: 3, choices: [] });
  });

  it('of a waveform are arrays, also of one element', () => {
    expect(normativeValue({ type: 'DOUBLE', count: 4, description: '' }, state(2))['value']).toEqual([2]);
    expect(normativeValue({ type: 'STRING', count: 4, description: '' }, state(['a', 'b']))['value']).toEqual(['a', 'b']);
  });

  it('can be sent, every one', () => {
    for (const [type, value] of [['STRING', 'x'], ['SHORT', 1], ['FLOAT', NaN], ['ENUM', 2], ['CHAR', 255], ['LONG', -1], ['DOUBLE', Infinity]] as const) {
      for (const count of [1, 2]) {
        const shape = { type, count, description: '' };
        expect(encodeUpdate(normativeType(shape), normativeValue(shape, state(value)), BitSet.of(0), new BitSet()).length).toBeGreaterThan(20);
      }
    }
  });

  it('of alarms name the record\'s status and where it comes from, as QSRV maps them', () => {
    const mapped = (['NO_ALARM', 'HIHI', 'COMM', 'UDF', 'LINK', 'SIMM'] as const).map((status) => alarmValue('INVALID', status)['status']);
    expect(mapped).toEqual([0, 1, 2, 2, 3, 4]);
  });

  it('of a picture name the kind of its pixels, its size and its attributes', () => {
    const picture = ndArrayValue({ data: new Uint16Array(6), size: [3, 2], uniqueId: 8, timestamp: { seconds: 1, nanoseconds: 2 }, attributes: [{ name: 'ColorMode', value: 0 }, { name: 'Note', value: 'x' }] });
    expect(picture).toMatchObject({
      value: { member: 'ushortValue' }, compressedSize: 12, uncompressedSize: 12, uniqueId: 8, dataTimeStamp: { secondsPastEpoch: 1, nanoseconds: 2 },
      dimension: [{ size: 3, offset: 0, fullSize: 3, binning: 1, reverse: false }, { size: 2 }],
      attribute: [{ name: 'ColorMode', value: { field: { type: 'int' }, value: 0 } }, { name: 'Note', value: { field: { type: 'string' }, value: 'x' } }],
    });
    expect(encodeUpdate(ndArrayType, picture, BitSet.of(0), new BitSet()).length).toBeGreaterThan(100);
  });

  it('of a table have a column a field', () => {
    const { field, value } = tableValue({ name: { type: 'string', label: 'Name', values: ['a'] }, n: { type: 'int', values: Int32Array.of(1) } }, 'all');
    expect(outline(field)).toBe('epics:nt/NTTable:1.0{labels: string[], value: {name: string[], n: int[]}, descriptor: string}');
    expect(value).toEqual({ labels: ['Name', 'n'], value: { name: ['a'], n: Int32Array.of(1) }, descriptor: 'all' });
  });

  it('of a question come from an NTURI\'s query or from the structure itself', () => {
    const query = structure('', { a: scalar('int') });
    const uri = structure('epics:nt/NTURI:1.0', { scheme: scalar('string'), path: scalar('string'), query });
    expect(rpcArguments({ field: uri, value: { scheme: 'pva', path: 'x', query: { a: 1 } } })).toEqual({ a: 1 });
    expect(rpcArguments({ field: query, value: { a: 2 } })).toEqual({ a: 2 });
    expect([rpcArguments(null), rpcArguments({ field: array('int'), value: Int32Array.of(1) as unknown as PvaStructure })]).toEqual([{}, {}]);
  });
});
