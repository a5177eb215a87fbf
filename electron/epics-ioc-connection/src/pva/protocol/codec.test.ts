// Every type both ways against bytes written by hand, in both byte orders, whole and byte by byte (pvAccess specification, "Data encoding").
import { describe, expect, it } from 'vitest';
import { RemoteProtocolError } from '../../ca/protocol/errors';
import { BitSet } from './bitSet';
import { commands } from './commands';
import { readField, SentTypes, TypeCache, writeField } from './fieldCodec';
import { array, arrayOf, fieldAt, fixedArray, sameField, scalar, structure, variantUnion, variantUnionArray } from './fields';
import type { Field, StructureField } from './fields';
import { chunkings, feed, orders, wire } from './pvaBytes.testing';
import type { Order, Wire } from './pvaBytes.testing';
import { readStatus, writeStatus } from './status';
import type { Status } from './status';
import { choice, point, typeRows as rows } from './typeRows.testing';
import { readAny, readDelta, readValue } from './valueDecode';
import { bitsGiven, writeDelta, writeValue } from './valueEncode';
import { changedPaths, defaultValue, isChanged } from './values';
import type { PvaData, PvaStructure } from './values';
import { WireReader } from './wireReader';
import { WireWriter } from './wireWriter';

const write = (order: Order, act: (writer: WireWriter) => void): number[] => {
  const writer = new WireWriter('server');
  writer.littleEndian = order === 'little';
  act(writer);
  return [...writer.take()];
};
const reader = (order: Order, bytes: readonly number[]): WireReader => WireReader.of(Uint8Array.from(bytes), order === 'little');

describe.each(orders)('types, %s-endian', (order) => {
  const w = wire(order);
  it.each(rows)('%s: description', (_name, field, description) => {
    expect(write(order, (writer) => writeField(writer, field))).toEqual(description(w));
    const source = reader(order, description(w));
    expect(sameField(readField(source, new TypeCache()) as Field, field)).toBe(true);
    expect(source.remaining).toBe(0);
  });
  it.each(rows)('%s: value to bytes', (_name, field, _description, value, bytes) => {
    expect(write(order, (writer) => writeValue(writer, field, value))).toEqual(bytes(w));
  });
  it.each(rows)('%s: bytes to value', (_name, field, _description, value, bytes) => {
    const source = reader(order, bytes(w));
    expect(readValue(source, field, new TypeCache())).toEqual(value);
    expect(source.remaining).toBe(0);
  });
  describe.each(chunkings)('as an RPC answer, %s', (_chunking, cut) => {
    it.each(rows)('%s', (_name, _field, description, value, bytes) => {
      const got: PvaData[] = [];
      feed('server', cut(w.message('server', commands.RPC, [...description(w), ...bytes(w)])), (_command, payload) => {
        const { value: result } = readAny(payload, new TypeCache()) ?? { value: 'no type' };
        got.push(result);
      });
      expect(got).toEqual([value]);
    });
  });
  it.each(rows.filter(([, , , value]) => value !== null && value !== ''))('%s: every cut is refused', (_name, field, _description, _value, bytes) => {
    const all = bytes(w);
    for (let length = 0; length < all.length; length += Math.max(1, all.length >> 5)) {
      expect(() => readValue(reader(order, all.slice(0, length)), field, new TypeCache())).toThrow(RemoteProtocolError);
    }
  });

  it('gives arrays that stay when the chunk is overwritten, and aligned ones from a buffer of their own without a copy', () => {
    const numbers = Array.from({ length: 2000 }, (_, i) => i * 1.25);
    const payload = [0x4b, ...[254, ...w.u32(2000)], ...w.f64(...numbers)];
    // 2 bytes more, so that the elements lie on a multiple of 8.
    const aligned = [0xff, 0xff, ...payload];
    const all: Float64Array[] = [];
    feed('server', [w.message('server', commands.RPC, aligned).slice(0, 100), w.message('server', commands.RPC, aligned).slice(100)].map((part) => Uint8Array.from(part)), (_command, source) => {
      source.take(2);
      all.push((readAny(source, new TypeCache()) as { value: Float64Array }).value);
      expect(all[0]?.buffer).toBe(source.bytes.buffer);
    });
    expect([...(all[0] ?? [])]).toEqual(numbers);
  });
});

const nt = structure('epics:nt/NTScalar:1.0', {
  value: scalar('double'), alarm: structure('alarm_t', { severity: scalar('int'), status: scalar('int'), message: scalar('string') }), unit: scalar('string'),
});
const first: PvaStructure = { value: 1, alarm: { severity: 0, status: 0, message: '' }, unit: 'mm' };

describe.each(orders)('BitSets and deltas, %s-endian', (order) => {
  const w = wire(order);
  const bits: [name: string, set: number[], bytes: (w: Wire) => number[]][] = [
    ['none', [], () => [0]],
    ['bit 0', [0], () => [1, 1]],
    ['bits 1 and 7', [1, 7], () => [1, 0x82]],
    ['bit 8', [8], () => [2, 0, 1]],
    ['bit 62', [62], (x) => [8, ...x.i64(2n ** 62n)]],
    ['bits 0, 31, 32, 63', [0, 31, 32, 63], (x) => [8, ...x.i64(BigInt.asIntN(64, 1n + 2n ** 31n + 2n ** 32n + 2n ** 63n))]],
    ['bit 64', [64], (x) => [9, ...x.i64(0n), 1]],
    ['bits 3, 70, 127', [3, 70, 127], (x) => [16, ...x.i64(8n), ...x.i64(BigInt.asIntN(64, 2n ** 6n + 2n ** 63n))]],
    ['bits 5 and 140', [5, 140], (x) => [18, ...x.i64(32n), ...x.i64(0n), 0, 0x10]],
  ];
  it.each(bits)('%s', (_name, set, bytes) => {
    expect(write(order, (writer) => BitSet.of(...set).write(writer))).toEqual(bytes(w));
    expect(BitSet.read(reader(order, bytes(w))).toArray()).toEqual(set);
  });

  const deltas: [name: string, set: number[], bytes: (w: Wire) => number[], value: PvaStructure, paths: string[]][] = [
    ['nothing', [], () => [], first, []],
    ['the value', [1], (x) => x.f64(2.5), { ...first, value: 2.5 }, ['value']],
    ['a field of a structure', [5], (x) => x.text('HIHI'), { ...first, alarm: { severity: 0, status: 0, message: 'HIHI' } }, ['alarm.message']],
    ['a whole structure', [2], (x) => [...x.u32(2, 3), ...x.text('m')], { ...first, alarm: { severity: 2, status: 3, message: 'm' } }, ['alarm']],
    ['everything', [0], (x) => [...x.f64(9), ...x.u32(1, 2), ...x.text('a'), ...x.text('V')],
      { value: 9, alarm: { severity: 1, status: 2, message: 'a' }, unit: 'V' }, ['']],
    ['the first and the last', [1, 6], (x) => [...x.f64(9), ...x.text('V')], { ...first, value: 9, unit: 'V' }, ['value', 'unit']],
  ];
  it.each(deltas)('delta of %s', (_name, set, bytes, value, paths) => {
    const changed = BitSet.of(...set);
    const whole = [...write(order, (writer) => changed.write(writer)), ...bytes(w)];
    const source = reader(order, whole);
    const got = readDelta(source, nt, new TypeCache(), first);
    expect(source.remaining).toBe(0);
    expect(got.value).toEqual(value);
    expect(changedPaths(nt, got.changed)).toEqual(paths);
    expect(write(order, (writer) => writeDelta(writer, nt, value, changed))).toEqual(whole);
  });

  it('PVA 5: bit 0 is the whole structure; a field that is covered twice is sent once', () => {
    // Bits 0, 1 and 5 are all set: the structure is there once, whole.
    const whole = [...w.f64(9), ...w.u32(1, 2), ...w.text('a'), ...w.text('V')];
    const changed = BitSet.of(0, 1, 5);
    const got = readDelta(reader(order, [1, 0x23, ...whole]), nt, new TypeCache(), first);
    expect(got.value).toEqual({ value: 9, alarm: { severity: 1, status: 2, message: 'a' }, unit: 'V' });
    expect(write(order, (writer) => writeDelta(writer, nt, got.value, changed))).toEqual([1, 0x23, ...whole]);
    // The same one level down: the structure's bit and the bit of a field in it.
    const alarm = [...w.u32(2, 3), ...w.text('m')];
    expect(readDelta(reader(order, [1, 0x24, ...alarm, 77]), nt, new TypeCache(), first).value).toEqual({ ...first, alarm: { severity: 2, status: 3, message: 'm' } });
    expect(write(order, (writer) => writeDelta(writer, nt, { alarm: { severity: 2, status: 3, message: 'm' } }, BitSet.of(2, 5)))).toEqual([1, 0x24, ...alarm]);
  });

  it('leaves the value before alone, and shares what did not change', () => {
    const { value } = readDelta(reader(order, [1, 2, ...w.f64(2)]), nt, new TypeCache(), first);
    expect(value).not.toBe(first);
    expect(first['value']).toBe(1);
    expect(value['alarm']).toBe(first['alarm']);
  });

  it('PVA 3: 255 is null, 254 comes before an i32; a union selector is not a size', () => {
    expect(write(order, (writer) => { writer.size(-1); writer.size(253); writer.size(254); writer.size(70000); })).toEqual([255, 253, 254, ...w.u32(254), 254, ...w.u32(70000)]);
    const source = reader(order, [255, 253, 254, ...w.u32(3), 254, ...w.u32(70000)]);
    expect([source.sizeOrNull(), source.sizeOrNull(), source.sizeOrNull(), source.sizeOrNull()]).toEqual([-1, 253, 3, 70000]);
    expect(() => reader(order, [255]).size()).toThrow(RemoteProtocolError);
    expect(() => reader(order, [254, ...w.u32(-1)]).size()).toThrow(RemoteProtocolError);
    // A selector of 1 is followed by the member's value, not by one byte; a null selector by nothing.
    const source2 = reader(order, [1, ...w.text('hi'), 255, 0, ...w.u32(5)]);
    const read = (): PvaData => readValue(source2, choice, new TypeCache());
    expect([read(), read(), read()]).toEqual([{ member: 'text', value: 'hi' }, null, { member: 'number', value: 5 }]);
    expect(() => readValue(reader(order, [2, 0]), choice, new TypeCache())).toThrow(/no member 2/);
  });

  it('PVA 6: arrays of structures, unions and any carry a presence byte per element; any value but 0 is presence', () => {
    expect(readValue(reader(order, [3, 0, 7, ...w.f64(1, 2), 0]), arrayOf(point), new TypeCache())).toEqual([null, { x: 1, y: 2 }, null]);
    expect(readValue(reader(order, [2, 1, 255, 1, 1, ...w.text('a')]), arrayOf(choice), new TypeCache())).toEqual([null, { member: 'text', value: 'a' }]);
    expect(readValue(reader(order, [2, 1, 0xff, 0]), variantUnionArray, new TypeCache())).toEqual([null, null]);
  });

  it('PVA 13: any boolean but 0 is true; there are no null strings', () => {
    expect(readValue(reader(order, [0x80]), scalar('boolean'), new TypeCache())).toBe(true);
    expect(readValue(reader(order, [3, 0, 255, 2]), array('boolean'), new TypeCache())).toEqual(Uint8Array.of(0, 1, 1));
    expect(readValue(reader(order, [255]), scalar('string'), new TypeCache())).toBe('');
    expect(readValue(reader(order, [2, 255, 0]), array('string'), new TypeCache())).toEqual(['', '']);
    expect(write(order, (writer) => writeValue(writer, scalar('string'), null))).toEqual([0]);
  });

  it('PVA 7: status 0xFF is OK, a warning is a success', () => {
    const statuses: [Status, number[]][] = [
      [{ type: 'OK', message: '', callTree: '' }, [0xff]],
      [{ type: 'OK', message: 'fine', callTree: '' }, [0, ...w.text('fine'), 0]],
      [{ type: 'WARNING', message: 'mind', callTree: '' }, [1, ...w.text('mind'), 0]],
      [{ type: 'ERROR', message: 'no', callTree: 'here' }, [2, ...w.text('no'), ...w.text('here')]],
      [{ type: 'FATAL', message: 'dead', callTree: '' }, [3, ...w.text('dead'), 0]],
    ];
    for (const [status, bytes] of statuses) {
      expect(write(order, (writer) => writeStatus(writer, status))).toEqual(bytes);
      expect(readStatus(reader(order, bytes))).toEqual(status);
    }
    expect(() => readStatus(reader(order, [4, 0, 0]))).toThrow(RemoteProtocolError);
  });

  it('PVA 4: type codes null, cached id, id + definition, tag; a second definition overrides', () => {
    const cache = new TypeCache();
    const description = [0x80, ...w.text('point'), 2, ...w.member('x', 0x43), ...w.member('y', 0x43)];
    expect(readField(reader(order, [0xff]), cache)).toBeNull();
    const defined = readField(reader(order, [0xfd, ...w.u16(7), ...description]), cache) as Field;
    expect(sameField(defined, point)).toBe(true);
    expect(readField(reader(order, [0xfe, ...w.u16(7)]), cache)).toBe(defined);
    expect(() => readField(reader(order, [0xfe, ...w.u16(8)]), cache)).toThrow(/never defined/);
    expect(readField(reader(order, [0xfc, ...w.u16(9), ...w.u32(1234), 0x22]), cache)).toEqual(scalar('int'));
    expect(readField(reader(order, [0xfe, ...w.u16(9)]), cache)).toEqual(scalar('int'));
    // A definition within a definition, and one that names a cached type.
    const nested = readField(reader(order, [0xfd, ...w.u16(10), 0x80, 0, 2, ...w.member('a', 0xfd, ...w.u16(11), ...description), ...w.member('b', 0xfe, ...w.u16(11))]), cache);
    expect(sameField(nested as Field, structure('', { a: point, b: point }))).toBe(true);
    readField(reader(order, [0xfd, ...w.u16(7), 0x60]), cache);
    expect(readField(reader(order, [0xfe, ...w.u16(7)]), cache)).toEqual(scalar('string'));
    cache.clear();
    expect(() => readField(reader(order, [0xfe, ...w.u16(7)]), cache)).toThrow(RemoteProtocolError);
    // One registry per direction: what we send is numbered by us.
    const sent = new SentTypes();
    const twice = write(order, (writer) => { writeField(writer, point, sent); writeField(writer, point, sent); });
    expect(twice).toEqual([0xfd, ...w.u16(1), ...description, 0xfe, ...w.u16(1)]);
  });
});

describe('caps on what comes from the network', () => {
  const be = wire('big');
  it('refuses a description that is too deep, directly and through the cache', () => {
    const deep = (levels: number): number[] => [...Array.from({ length: levels }, () => [0x80, 0, 1, 1, 0x61]).flat(), 0x22];
    expect(readField(reader('big', deep(31)), new TypeCache())).not.toBeNull();
    expect(() => readField(reader('big', deep(32)), new TypeCache())).toThrow(/deeper than 32/);
    const cache = new TypeCache();
    readField(reader('big', [0xfd, 0, 1, ...deep(20)]), cache);
    expect(() => readField(reader('big', [...Array.from({ length: 20 }, () => [0x80, 0, 1, 1, 0x61]).flat(), 0xfe, 0, 1]), cache)).toThrow(/deeper than 32/);
  });

  it('refuses a description that grows by naming itself twice again and again', () => {
    const cache = new TypeCache();
    readField(reader('big', [0xfd, 0, 0, 0x80, 0, 1, 1, 0x61, 0x22]), cache);
    expect(() => {
      for (let id = 1; id < 30; id += 1) readField(reader('big', [0xfd, 0, id, 0x80, 0, 2, 1, 0x61, 0xfe, 0, id - 1, 1, 0x62, 0xfe, 0, id - 1]), cache);
    }).toThrow(/more than 16384 fields/);
  });

  it('refuses values of variants in variants without end, and arrays longer than their message', () => {
    expect(() => readValue(reader('big', new Array<number>(100).fill(0x82)), variantUnion, new TypeCache())).toThrow(/deeper than 32/);
    for (const type of ['double', 'string', 'ubyte'] as const) {
      expect(() => readValue(reader('big', [254, ...be.u32(0x7ffffff0), 0, 0]), array(type), new TypeCache())).toThrow(RemoteProtocolError);
    }
    expect(() => readValue(reader('big', [0]), fixedArray('double', 0x7ffffff0), new TypeCache())).toThrow(RemoteProtocolError);
    expect(() => readValue(reader('big', [254, ...be.u32(0x7ffffff0), 0]), arrayOf(point), new TypeCache())).toThrow(RemoteProtocolError);
    expect(defaultValue(fixedArray('double', 0x7ffffff0))).toEqual(new Float64Array(0));
  });

  it('refuses more cached types than are allowed, type codes that do not exist, and __proto__', () => {
    const cache = new TypeCache();
    expect(() => { for (let id = 0; id < 0x10000; id += 1) readField(reader('big', [0xfd, id >> 8, id & 255, 0x22]), cache); }).toThrow(/More than 8192 types/);
    for (const code of [0x01, 0x41, 0x61, 0x84, 0xa0, 0xe0, 0xfb]) expect(() => readField(reader('big', [code, 0, 0]), new TypeCache()), String(code)).toThrow(RemoteProtocolError);
    expect(() => readField(reader('big', [0x80, 0, 1, 9, ...Buffer.from('__proto__'), 0x22]), new TypeCache())).toThrow(/__proto__/);
  });
});

describe('what a structure is asked for and given', () => {
  const display: StructureField = structure('', { value: scalar('int'), display: structure('display_t', { units: scalar('string'), low: scalar('double') }) });
  it('tells the bits of what is given, and of a path', () => {
    expect(bitsGiven(display, { display: { units: 'mm' } }).toArray()).toEqual([3]);
    expect(bitsGiven(display, { value: 1, display: { low: 1 } }).toArray()).toEqual([1, 4]);
    expect(() => bitsGiven(display, { vale: 1 })).toThrow('There is no field "vale"');
    expect(fieldAt(display, 'display.low')).toEqual({ field: scalar('double'), bit: 4 });
    expect(fieldAt(display, 'display.high')).toBeUndefined();
    expect([isChanged(display, BitSet.of(4), 'display'), isChanged(display, BitSet.of(2), 'display.low'), isChanged(display, BitSet.of(1), 'display')]).toEqual([true, true, false]);
  });
});
