// Normative types as readings, what may be written to them, and the client's settings.
import { describe, expect, it } from 'vitest';
import { readPvaSettings } from './clientOptions';
import { array, boundedArray, defaultValue, scalar, structure, union, variantUnion } from './protocol';
import type { Field, PvaData, PvaStructure, ScalarType } from './protocol';
import { nativeTypeOf, toReading } from './reading';
import { toPut } from './writeValue';

const alarm = structure('alarm_t', { severity: scalar('int'), status: scalar('int'), message: scalar('string') });
const time = structure('time_t', { secondsPastEpoch: scalar('long'), nanoseconds: scalar('int'), userTag: scalar('int') });
const enumType = structure('enum_t', { index: scalar('int'), choices: array('string') });
const nt = (value: Field): ReturnType<typeof structure> => structure('epics:nt/NT:1.0', { value, alarm, timeStamp: time });
const plain = { asString: false, count: 0, metadata: false };
const read = (field: Field, value: PvaData, rest: PvaStructure = {}, options: Partial<typeof plain> = {}) =>
  toReading('PV', nt(field), { ...defaultValue(nt(field)) as PvaStructure, value, ...rest }, { ...plain, ...options });

describe('PVA 15: normative types', () => {
  it.each<[ScalarType, string, PvaData, unknown]>([
    ['boolean', 'ENUM', true, 1], ['byte', 'CHAR', -1, -1], ['short', 'SHORT', 2, 2], ['ushort', 'LONG', 65535, 65535], ['int', 'LONG', -3, -3], ['uint', 'DOUBLE', 4e9, 4e9],
    ['long', 'DOUBLE', 2n ** 60n, 2 ** 60], ['ulong', 'DOUBLE', 5, 5], ['float', 'FLOAT', 1.5, 1.5], ['double', 'DOUBLE', NaN, NaN], ['string', 'STRING', 'µ', 'µ'],
  ])('NTScalar of %s is %s', (type, native, value, expected) => {
    expect(read(scalar(type), value)).toMatchObject({ type: native, value: expected, count: 1 });
    expect(nativeTypeOf(nt(scalar(type)))).toEqual({ type: native, count: 1 });
  });

  it.each<[ScalarType, PvaData, PvaData]>([
    ['byte', Int8Array.of(-1, 2), Uint8Array.of(255, 2)], ['ushort', Uint16Array.of(65535), Int32Array.of(65535)], ['uint', Uint32Array.of(4e9), Float64Array.of(4e9)],
    ['long', BigInt64Array.of(-5n), Float64Array.of(-5)], ['ulong', BigUint64Array.of(5n), Float64Array.of(5)], ['double', Float64Array.of(1, 2), Float64Array.of(1, 2)],
    ['string', ['a', 'b'], ['a', 'b']],
  ])('NTScalarArray of %s', (type, value, expected) => {
    expect(read(array(type), value)).toMatchObject({ value: expected, count: (expected as unknown[]).length });
  });

  it('NTEnum, with an index beyond its states too', () => {
    const value = { index: 1, choices: ['Off', 'On'] };
    expect(read(enumType, value, {}, { metadata: true })).toMatchObject({ type: 'ENUM', value: 1, metadata: { states: ['Off', 'On'] } });
    expect(read(enumType, value, {}, { asString: true })).toMatchObject({ type: 'STRING', value: 'On' });
    expect(read(enumType, { index: 7, choices: ['Off', 'On'] }, {}, { asString: true }).value).toBe('7');
  });

  it('NTNDArray by its present member', () => {
    const field = union('', { ubyteValue: array('ubyte'), doubleValue: array('double') });
    expect(read(field, { member: 'ubyteValue', value: Uint8Array.of(1, 2) })).toMatchObject({ type: 'CHAR', value: Uint8Array.of(1, 2), count: 2 });
    expect(read(field, null)).toMatchObject({ count: 0 });
  });

  it('NTNDArray with its dimensions, as long as it is whole', () => {
    const field = structure('epics:nt/NTNDArray:1.0', {
      value: union('', { ubyteValue: array('ubyte') }), codec: structure('codec_t', { name: scalar('string'), parameters: variantUnion }),
      dimension: { kind: 'structureArray', element: structure('dimension_t', { size: scalar('int') }) } as Field,
    });
    const value = { value: { member: 'ubyteValue', value: new Uint8Array(12) }, codec: { name: '', parameters: null }, dimension: [{ size: 3 }, { size: 2 }, { size: 2 }] };
    for (const metadata of [false, true]) expect(toReading('PV', field, value, { ...plain, metadata })).toMatchObject({ count: 12, size: [3, 2, 2] });
    expect(toReading('PV', field, value, { ...plain, count: 3 })).not.toHaveProperty('size');
    expect(read(scalar('int'), 1)).not.toHaveProperty('size');
  });

  it('what has no value to show says what to do', () => {
    const table = structure('epics:nt/NTTable:1.0', { labels: array('string'), value: structure('', { x: array('double') }) });
    expect(() => toReading('PV', table, defaultValue(table) as PvaStructure, plain)).toThrow(/read its structure \(getStructure\)/);
    expect(() => toReading('PV', structure('', {}), {}, plain)).toThrow(/getStructure/);
  });

  it('alarms by the record\'s own word, else by their class; a zero stamp is none', () => {
    const of = (severity: number, status: number, message: string) => read(scalar('int'), 1, { alarm: { severity, status, message } });
    expect(of(2, 3, 'HIHI')).toMatchObject({ severity: 'MAJOR', status: 'HIHI', timestamp: null });
    expect(of(1, 2, 'the driver is tired')).toMatchObject({ severity: 'MINOR', status: 'COMM' });
    expect(of(4, 6, 'nobody knows')).toMatchObject({ severity: 'INVALID', status: 'UDF' });
    expect(of(0, 0, 'anything')).toMatchObject({ severity: 'NO_ALARM', status: 'NO_ALARM' });
    expect(read(scalar('int'), 1, { timeStamp: { secondsPastEpoch: 1_700_000_000, nanoseconds: 5, userTag: 0 } }).timestamp).toEqual({ seconds: 1_700_000_000, nanoseconds: 5 });
  });

  it('precision of older servers is in the format', () => {
    const display = structure('', { units: scalar('string'), format: scalar('string') });
    const field = structure('', { value: scalar('double'), display });
    expect(toReading('PV', field, { value: 1, display: { units: 'mm', format: '%7.3f' } }, { ...plain, metadata: true }).metadata).toEqual({ units: 'mm', precision: 3 });
  });
});

describe('writing', () => {
  const put = (field: Field, value: Parameters<typeof toPut>[2], present: PvaData | null = null) => toPut('PV', nt(field), value, present === null ? null : { value: present });
  it.each<[Field, Parameters<typeof toPut>[2], unknown]>([
    [scalar('int'), 2.9999999996, 3], [scalar('double'), 'nan', NaN], [scalar('double'), ' 2.5 ', 2.5], [scalar('string'), 5, '5'], [scalar('boolean'), 'off', false], [scalar('boolean'), 2, true],
    [array('ubyte'), 'hi', Uint8Array.of(104, 105, 0)], [array('double'), 3, [3]], [array('string'), ['a'], ['a']], [scalar('int'), [4], 4],
  ])('%j <- %j', (field, value, expected) => {
    const built = put(field, value);
    expect(built?.value).toEqual({ value: expected });
    expect(built?.changed.toArray()).toEqual([1]);
  });
  it.each<[Field, Parameters<typeof toPut>[2], RegExp]>([
    [scalar('int'), 1.5, /whole numbers/], [scalar('ubyte'), 256, /takes 0 to 255/], [scalar('double'), 'x', /not a number/], [boundedArray('int', 2), [1, 2, 3], /holds 2 elements/],
    [scalar('int'), [1, 2], /holds one value/], [enumType, [1], /one state/], [structure('', { x: scalar('int') }), 1, /putStructure/], [scalar('boolean'), 'maybe', /true or false/],
  ])('%j refuses %j', (field, value, message) => {
    expect(() => put(field, value)).toThrow(message);
  });
  it('an enum by its state needs the choices first', () => {
    expect(put(enumType, 'On')).toBeNull();
    expect(put(enumType, 'On', { index: 0, choices: ['Off', 'On'] })).toMatchObject({ value: { value: { index: 1 } } });
    expect(put(enumType, 1)).toMatchObject({ value: { value: { index: 1 } } });
    expect(() => put(enumType, 'Melted', { index: 0, choices: ['Off', 'On'] })).toThrow('"PV" has no state "Melted": it has Off, On.');
  });
});

describe('settings', () => {
  const self = { userName: 'ada', hostName: 'desk' };
  it('come from the variables, and options come first', () => {
    const environment = {
      EPICS_PVA_ADDR_LIST: '10.0.0.1 10.0.0.2:6000', EPICS_PVA_AUTO_ADDR_LIST: 'NO', EPICS_PVA_BROADCAST_PORT: '6076', EPICS_PVA_NAME_SERVERS: 'gw', EPICS_PVA_SERVER_PORT: '6075', EPICS_PVA_CONN_TMO: '10',
    };
    expect(readPvaSettings({ environment }, self)).toMatchObject({
      addresses: [{ host: '10.0.0.1', port: 6076 }, { host: '10.0.0.2', port: 6000 }], autoAddresses: false, nameServers: [{ host: 'gw', port: 6075 }], connectionTimeout: 10_000, userName: 'ada',
    });
    expect(readPvaSettings({ environment, addressList: ['a'], broadcastPort: 7000, autoAddressList: true }, self)).toMatchObject({ addresses: [{ host: 'a', port: 7000 }], autoAddresses: true });
    expect(readPvaSettings({}, self)).toMatchObject({ addresses: [], autoAddresses: true, broadcastPort: 5076, connectionTimeout: 30_000 });
  });
  it('that cannot be are refused', () => {
    for (const [name, value] of [['EPICS_PVA_BROADCAST_PORT', 'x'], ['EPICS_PVA_SERVER_PORT', '70000'], ['EPICS_PVA_ADDR_LIST', 'a:b:c']]) {
      expect(() => readPvaSettings({ environment: { [name as string]: value } }, self), name).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    }
    for (const options of [{ broadcastPort: 0 }, { broadcastPort: 70_000 }, { serverPort: -1 }]) {
      expect(() => readPvaSettings(options, self), JSON.stringify(options)).toThrow(expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining('must be a port, 1 to 65535') as string }));
    }
    expect(() => readPvaSettings({ connectionTimeout: 0 }, self)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});

it('what is no number where one belongs harms nobody, not even an object that cannot become one', () => {
  const odd = structure('', { toString: scalar('int'), valueOf: scalar('int') });
  const value = { toString: 1, valueOf: 2 } as unknown as PvaStructure;
  const field = structure('epics:nt/NTScalar:1.0', {
    value: structure('enum_t', { index: odd, choices: array('string') }), alarm: structure('alarm_t', { severity: odd, status: odd, message: odd }),
    timeStamp: structure('time_t', { secondsPastEpoch: odd, nanoseconds: odd }), display: structure('', { limitLow: odd, limitHigh: odd, units: odd, format: odd }),
  });
  const given = {
    value: { index: value, choices: [] }, alarm: { severity: value, status: value, message: value }, timeStamp: { secondsPastEpoch: value, nanoseconds: value },
    display: { limitLow: value, limitHigh: value, units: value, format: value },
  };
  expect(toReading('PV', field, given, { ...plain, metadata: true })).toMatchObject({ type: 'ENUM', severity: 'INVALID' });
  const picture = structure('epics:nt/NTNDArray:1.0', {
    value: union('', { ubyteValue: array('ubyte') }), codec: structure('', { name: odd, parameters: odd }), compressedSize: odd, uncompressedSize: odd,
    dimension: { kind: 'structureArray', element: structure('', { size: odd }) } as Field,
  });
  const named = { value: { member: 'ubyteValue', value: Uint8Array.of(1) }, codec: { name: value, parameters: value }, compressedSize: value, uncompressedSize: value, dimension: [{ size: value }] };
  // No name of a codec: as if it were not compressed.
  expect(toReading('PV', picture, { ...named, value: { member: 'ubyteValue', value: Uint8Array.of(1) } }, plain).value).toEqual(Uint8Array.of(1));
  for (const name of ['lz4', 'jpeg']) {
    const codec = { name, parameters: name === 'lz4' ? 5 : value } as unknown as PvaStructure;
    expect(() => toReading('PV', picture, { ...named, codec }, plain)).toThrow(expect.objectContaining({ code: 'BAD_TYPE' }));
  }
});
