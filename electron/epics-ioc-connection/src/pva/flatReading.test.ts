// Readings straight from the wire are those that the way by the structure gives, update by update, in both byte orders.
import { expect, it } from 'vitest';
import { FlatReading } from './flatReading';
import { array, BitSet, defaultValue, readDelta, scalar, structure, TypeCache, union, WireReader, WireWriter, writeDelta } from './protocol';
import type { Field, PvaStructure, ScalarType, StructureField } from './protocol';
import { toReading } from './reading';

const alarm = structure('alarm_t', { severity: scalar('int'), status: scalar('int'), message: scalar('string') });
const stamp = structure('time_t', { secondsPastEpoch: scalar('long'), nanoseconds: scalar('int'), userTag: scalar('int') });
const plainly = { asString: false, count: 0, metadata: false };

const alarms = [{ severity: 0, status: 0, message: '' }, { severity: 2, status: 3, message: 'HIHI' }, { severity: 1, status: 6, message: 'no such word' }, { severity: 4, status: 99, message: '' }];

const values: Partial<Record<ScalarType, readonly [unknown, unknown]>> = {
  double: [1.5, -2e300], float: [0.5, -1], int: [-7, 2 ** 31 - 1], long: [5, -(2n ** 60n)], ulong: [7, 2n ** 63n], ubyte: [255, 1], byte: [-1, 5], ushort: [65_535, 3],
  boolean: [true, false], string: ['text', 'µm'],
};

/** What both ways make of the same updates: `changed` are the bits, each with what the structure then holds. */
function bothWays(field: StructureField, updates: readonly { bits: readonly number[]; value: PvaStructure }[], littleEndian: boolean): void {
  const flat = FlatReading.of(field) as FlatReading;
  expect(flat).not.toBeNull();
  let held = defaultValue(field) as PvaStructure;
  for (const { bits, value } of updates) {
    const bytes = (overrun: boolean): WireReader => {
      const writer = new WireWriter('server');
      writer.littleEndian = littleEndian;
      writeDelta(writer, field, value, BitSet.of(...bits));
      if (overrun) BitSet.of(1).write(writer);
      return WireReader.of(writer.take(), littleEndian);
    };
    held = readDelta(bytes(false), field, new TypeCache(), held).value;
    const reader = bytes(true);
    expect(flat.read(reader)).toEqual(toReading('A', field, held, plainly));
    expect(reader.remaining).toBe(0);
  }
}

it.each(Object.entries(values).flatMap(([type, pair]) => [[type, true, pair], [type, false, pair]] as const))('reads %s, little endian %s', (type, littleEndian, [first, second]) => {
  const times = [{ secondsPastEpoch: 0, nanoseconds: 0, userTag: 0 }, { secondsPastEpoch: 1_700_000_000, nanoseconds: 5, userTag: 1 }];
  const updates = [first, second].flatMap((value, i) => alarms.flatMap((wrong) => [[0], [1], [1, 2], [3, 7], [6], [5, 8], []].map((bits) => (
    { bits, value: { value, alarm: wrong, timeStamp: times[i] } as unknown as PvaStructure }))));
  bothWays(structure('epics:nt/NTScalar:1.0', { value: scalar(type as ScalarType), alarm, timeStamp: stamp }), updates, littleEndian);
  // An array of it, whose place is not the first.
  const arrays = [[first, second], []].map((elements) => (
    { bits: [0], value: { alarm: alarms[1], timeStamp: times[1], value: elements } as unknown as PvaStructure }));
  bothWays(structure('', { timeStamp: stamp, alarm, value: array(type as ScalarType) }), [...arrays, { bits: [4, 5], value: arrays[0]!.value }], littleEndian);
});

it.each<[string, Record<string, Field>]>([
  ['an enum', { value: structure('enum_t', { index: scalar('int'), choices: array('string') }), alarm }],
  ['a picture', { value: union('', { doubleValue: array('double') }) }],
  ['no value', { alarm, timeStamp: stamp }],
  ['an alarm in words', { value: scalar('double'), alarm: structure('', { severity: scalar('string') }) }],
  ['a time within another', { value: scalar('double'), timeStamp: structure('', { inner: stamp }) }],
  ['very many bits', { value: scalar('double'), alarm: structure('', Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`a${i}`, scalar('int')]))) }],
])('leaves %s to the way by the structure', (_name, members) => {
  expect(FlatReading.of(structure('', members))).toBeNull();
});

it.each([true, false])('of the type of a whole record while the rest does not come, little endian %s', (littleEndian) => {
  const limits = structure('', { low: scalar('double'), high: scalar('double') });
  const field = structure('epics:nt/NTScalar:1.0', {
    value: scalar('double'), alarm, timeStamp: stamp, display: structure('', { units: scalar('string'), limits, form: structure('', Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`a${i}`, scalar('int')]))) }),
    control: limits,
  });
  const content = { value: 1.5, alarm: alarms[1], timeStamp: { secondsPastEpoch: 1_700_000_000, nanoseconds: 5, userTag: 0 }, control: { low: -1, high: 1 } };
  bothWays(field, [[1, 2, 6], [1], [3, 7], [8]].map((bits) => ({ bits, value: content as unknown as PvaStructure })), littleEndian);
  // What a reading has not, everything at once, and what lies beyond 32 bits: nothing is read, and what was read before goes on by the structure.
  for (const bits of [[1, 11], [0], [1, field.bits - 1], [1, 10]]) {
    const flat = FlatReading.of(field) as FlatReading;
    const update = (...changed: number[]): WireReader => {
      const writer = new WireWriter('server');
      writer.littleEndian = littleEndian;
      writeDelta(writer, field, content as unknown as PvaStructure, BitSet.of(...changed));
      return WireReader.of(writer.take(), littleEndian);
    };
    const reading = flat.read(update(1, 2, 6));
    expect(reading).toMatchObject({ value: 1.5, severity: 'MAJOR', status: 'HIHI' });
    const reader = update(...bits);
    expect([flat.read(reader), reader.at]).toEqual([null, 0]);
    expect(toReading('A', field, flat.structure(field), plainly)).toEqual(reading);
    expect(readDelta(reader, field, new TypeCache(), flat.structure(field)).value).toMatchObject({ value: 1.5, alarm: alarms[1] });
  }
});
