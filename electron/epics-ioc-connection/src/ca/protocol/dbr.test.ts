// Every DBR type both ways against bytes written by hand from db_access.h, whole and byte by byte.
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../bytes/byteWriter';
import type { PvValue, Reading } from '../../value';
import { decodeReading } from './dbrDecode';
import { payloadSize, writePayload } from './dbrEncode';
import { dbrCode, dbrTypes } from './dbrTypes';
import { RemoteProtocolError } from './errors';
import { bytes, extendedHeader, f32, f64, header, text, u16, u32, u8, zeros } from './hexBytes.testing';
import { MessageReader } from './messageReader';
import { writeReadReply } from './replies';

const time = { seconds: 631_152_000 + 1000, nanoseconds: 5 };
const alarm = { severity: 'MAJOR', status: 'HIHI' } as const;
const sts = u16(3, 2);
const stamped = [...sts, ...u32(1000, 5)];
const limits = { display: { high: 10, low: 0 }, alarm: { high: 9, low: 1 }, warning: { high: 8, low: 2 } };
const control = { control: { high: 7, low: 3 } };
const order = [10, 0, 9, 8, 2, 1];
const units = text('mm', 8);
const states = { states: ['Off', 'On'] };
const enumHead = [...sts, ...u16(2), ...text('Off', 26), ...text('On', 26), ...zeros(14 * 26)];
const none = { severity: 'NO_ALARM', status: 'NO_ALARM', timestamp: null } as const;
const undated = { ...alarm, timestamp: null };

type Row = [name: string, value: PvValue, wire: number[], rest: Partial<Reading>];
const rows: Row[] = [
  ['STRING', 'abc', text('abc', 8), none],
  ['SHORT', -2, [...u16(-2), ...zeros(6)], none],
  ['FLOAT', 1.5, [...f32(1.5), ...zeros(4)], none],
  ['ENUM', 1, [...u16(1), ...zeros(6)], none],
  ['CHAR', 200, [200, ...zeros(7)], none],
  ['LONG', -70000, [...u32(-70000), ...zeros(4)], none],
  ['DOUBLE', NaN, f64(NaN), none],
  ['STS_STRING', 'abc', [...sts, ...text('abc', 44)], undated],
  ['STS_SHORT', -2, [...sts, ...u16(-2), 0, 0], undated],
  ['STS_FLOAT', 1.5, [...sts, ...f32(1.5)], undated],
  ['STS_ENUM', 1, [...sts, ...u16(1), 0, 0], undated],
  ['STS_CHAR', 200, [...sts, 0, 200, 0, 0], undated],
  ['STS_LONG', -70000, [...sts, ...u32(-70000)], undated],
  ['STS_DOUBLE', Infinity, [...sts, ...zeros(4), ...f64(Infinity)], undated],
  ['TIME_STRING', 'abc', [...stamped, ...text('abc', 44)], { ...alarm, timestamp: time }],
  ['TIME_SHORT', -2, [...stamped, 0, 0, ...u16(-2)], { ...alarm, timestamp: time }],
  ['TIME_FLOAT', 1.5, [...stamped, ...f32(1.5)], { ...alarm, timestamp: time }],
  ['TIME_ENUM', 1, [...stamped, 0, 0, ...u16(1)], { ...alarm, timestamp: time }],
  ['TIME_CHAR', 200, [...stamped, 0, 0, 0, 200], { ...alarm, timestamp: time }],
  ['TIME_LONG', -70000, [...stamped, ...u32(-70000)], { ...alarm, timestamp: time }],
  ['TIME_DOUBLE', 2.25, [...stamped, ...zeros(4), ...f64(2.25)], { ...alarm, timestamp: time }],
  ['GR_STRING', 'abc', [...sts, ...text('abc', 44)], { ...undated, metadata: {} }],
  ['GR_SHORT', -2, [...sts, ...units, ...u16(...order), ...u16(-2), ...zeros(6)], { ...undated, metadata: { units: 'mm', ...limits } }],
  ['GR_FLOAT', 1.5, [...sts, ...u16(4), 0, 0, ...units, ...f32(...order), ...f32(1.5), ...zeros(4)],
    { ...undated, metadata: { units: 'mm', precision: 4, ...limits } }],
  ['GR_ENUM', 1, [...enumHead, ...u16(1)], { ...undated, metadata: states }],
  ['GR_CHAR', 200, [...sts, ...units, ...u8(...order), 0, 200, ...zeros(4)], { ...undated, metadata: { units: 'mm', ...limits } }],
  ['GR_LONG', -70000, [...sts, ...units, ...u32(...order), ...u32(-70000)], { ...undated, metadata: { units: 'mm', ...limits } }],
  ['GR_DOUBLE', 2.25, [...sts, ...u16(4), 0, 0, ...units, ...f64(...order), ...f64(2.25)],
    { ...undated, metadata: { units: 'mm', precision: 4, ...limits } }],
  ['CTRL_STRING', 'abc', [...sts, ...text('abc', 44)], { ...undated, metadata: {} }],
  ['CTRL_SHORT', -2, [...sts, ...units, ...u16(...order, 7, 3), ...u16(-2), 0, 0], { ...undated, metadata: { units: 'mm', ...limits, ...control } }],
  ['CTRL_FLOAT', 1.5, [...sts, ...u16(4), 0, 0, ...units, ...f32(...order, 7, 3), ...f32(1.5), ...zeros(4)],
    { ...undated, metadata: { units: 'mm', precision: 4, ...limits, ...control } }],
  ['CTRL_ENUM', 1, [...enumHead, ...u16(1)], { ...undated, metadata: states }],
  ['CTRL_CHAR', 200, [...sts, ...units, ...u8(...order, 7, 3), 0, 200, 0, 0], { ...undated, metadata: { units: 'mm', ...limits, ...control } }],
  ['CTRL_LONG', -70000, [...sts, ...units, ...u32(...order, 7, 3), ...u32(-70000)], { ...undated, metadata: { units: 'mm', ...limits, ...control } }],
  ['CTRL_DOUBLE', -0.5, [...sts, ...u16(4), 0, 0, ...units, ...f64(...order, 7, 3), ...f64(-0.5)],
    { ...undated, metadata: { units: 'mm', precision: 4, ...limits, ...control } }],
  ['PUT_ACKT', 1, [...u16(1), ...zeros(6)], none],
  ['PUT_ACKS', 2, [...u16(2), ...zeros(6)], none],
  ['STSACK_STRING', 'abc', [...sts, ...u16(1, 2), ...text('abc', 40)],
    { ...undated, metadata: { acknowledge: { transient: true, severity: 'MAJOR' } } }],
  ['CLASS_NAME', 'ai', text('ai', 8), none],
];

/** Reads one message, in pieces of `step` bytes. */
function read(wire: Uint8Array, step: number, scalar: boolean): Reading[] {
  const readings: Reading[] = [];
  const reader = new MessageReader((message) => { readings.push(decodeReading(message, scalar)); });
  for (let at = 0; at < wire.length; at += step) reader.push(wire.subarray(at, at + step));
  return readings;
}

describe('DBR types', () => {
  it('has the 39 types of db_access.h, each tested below', () => {
    expect(dbrTypes.map((type) => type.code)).toEqual(Array.from({ length: 39 }, (_, i) => i));
    expect(rows.map((row) => row[0])).toEqual(dbrTypes.map((type) => type.name));
  });

  it.each(rows)('%s', (name, value, payload, rest) => {
    const code = dbrTypes.findIndex((type) => type.name === name);
    const base = dbrTypes[code]!.base;
    const wire = bytes(header(15, payload.length, code, 1, 1, 77), payload);
    const expected = { type: base, value, count: 1, ...rest };
    for (const step of [wire.length, 1, 7]) expect(read(wire, step, true)).toEqual([expected]);

    const writer = new ByteWriter(16);
    writeReadReply(writer, code, 1, 77, { value, ...alarm, timestamp: time, metadata: { ...limits, ...control, units: 'mm', precision: 4, ...states, ...rest.metadata } });
    expect([...writer.take()]).toEqual([...wire]);
  });

  const arrays: [name: string, value: PvValue, element: (v: number) => number[]][] = [
    ['TIME_SHORT', Int16Array.of(1, -2, 3), (v) => u16(v)], ['TIME_FLOAT', Float32Array.of(1, -2, 3), (v) => f32(v)],
    ['TIME_ENUM', Uint16Array.of(1, 65535, 3), (v) => u16(v)], ['TIME_CHAR', Uint8Array.of(1, 254, 3), (v) => u8(v)],
    ['TIME_LONG', Int32Array.of(1, -2, 3), (v) => u32(v)], ['TIME_DOUBLE', Float64Array.of(1, -Infinity, 3), (v) => f64(v)],
  ];
  it.each(arrays)('arrays of %s', (name, value, element) => {
    const row = dbrTypes.find((type) => type.name === name)!;
    const size = payloadSize(row.code, 3);
    const data = [...stamped, ...zeros(row.valueOffset - 12), ...Array.from(value as ArrayLike<number>).flatMap(element)];
    const wire = bytes(header(1, size, row.code, 3, 1, 5), data, zeros(size - data.length));
    for (const step of [wire.length, 1]) expect(read(wire, step, false)[0]!.value).toEqual(value);
    const writer = new ByteWriter();
    writePayload(writer, row.code, 3, { value, ...alarm, timestamp: time });
    expect([...writer.take()]).toEqual([...wire.subarray(16)]);
  });

  it('hands out large arrays without a copy, aligned, from an extended header', () => {
    const count = 20_000;
    const data = Array.from({ length: count }, (_, i) => i / 3);
    const wire = bytes(extendedHeader(15, 16 + count * 8, dbrCode('DOUBLE', 'time'), count, 1, 1), stamped, zeros(4), f64(...data));
    const [reading] = read(wire, 10_000, false);
    expect(reading!.value).toEqual(Float64Array.from(data));
    expect((reading!.value as Float64Array).byteOffset).toBe(16);
  });

  it('reads a lone string that is sent short, one without its NUL, and text that is not UTF-8', () => {
    expect(read(bytes(header(15, 8, 0, 1, 1, 1), text('short', 8)), 100, true)[0]!.value).toBe('short');
    expect(read(bytes(header(15, 40, 0, 1, 1, 1), text('x'.repeat(40), 40)), 100, true)[0]!.value).toBe('x'.repeat(40));
    expect(read(bytes(header(15, 8, 0, 1, 1, 1), [0xb0, 0x43, ...zeros(6)]), 100, true)[0]!.value).toBe('°C');
    expect(read(bytes(header(15, 8, 0, 1, 1, 1), [0xc2, 0xb0, 0x43, ...zeros(5)]), 100, true)[0]!.value).toBe('°C');
  });

  it('reads an empty array, with or without the room of one element', () => {
    expect(read(bytes(header(15, 16, 20, 0, 1, 1), stamped, zeros(4)), 3, false)[0]!.value).toEqual(new Float64Array(0));
    expect(read(bytes(header(15, 24, 20, 0, 1, 1), stamped, zeros(12)), 3, false)[0]!.value).toEqual(new Float64Array(0));
  });

  it('takes a zero stamp for no time, an unknown severity for INVALID', () => {
    const [reading] = read(bytes(header(15, 16, dbrCode('LONG', 'time'), 1, 1, 1), u16(99, 9), zeros(8), u32(1)), 100, true);
    expect(reading).toEqual({ type: 'LONG', value: 1, count: 1, severity: 'INVALID', status: 'UDF', timestamp: null });
  });

  it('refuses a payload that is too short for its count, and a type that does not exist', () => {
    expect(() => read(bytes(header(15, 16, 6, 3, 1, 1), zeros(16)), 100, false)).toThrow(RemoteProtocolError);
    expect(() => read(bytes(header(15, 8, 39, 1, 1, 1), zeros(8)), 100, false)).toThrow(RemoteProtocolError);
  });

  it('cuts long strings at a character when it writes', () => {
    const writer = new ByteWriter();
    writePayload(writer, dbrCode('STRING', 'sts'), 1, { value: 'é'.repeat(30) });
    const written = writer.take();
    expect(Buffer.from(written.subarray(4, 44)).toString('utf8').replace(/\0+$/, '')).toBe('é'.repeat(19));
  });
});
