// Descriptions that came before: read once, held once, and never taken for others.
import { expect, it } from 'vitest';
import { readField, SentTypes, TypeCache, writeField } from './fieldCodec';
import { array, scalar, structure } from './fields';
import type { Field } from './fields';
import { WireReader } from './wireReader';
import { WireWriter } from './wireWriter';

const reading = structure('epics:nt/NTScalar:1.0', { value: scalar('double'), alarm: structure('alarm_t', { severity: scalar('int'), status: scalar('int'), message: scalar('string') }) });
const waveform = structure('epics:nt/NTScalar:1.0', { value: array('double'), alarm: structure('alarm_t', { severity: scalar('int'), status: scalar('int'), message: scalar('string') }) });

function message(fields: readonly Field[], sent: SentTypes | null = null, littleEndian = true): WireReader {
  const writer = new WireWriter('server');
  writer.littleEndian = littleEndian;
  for (const field of fields) writeField(writer, field, sent);
  return WireReader.of(writer.take(), littleEndian);
}

it('gives the same object for the same bytes, and what follows them', () => {
  const cache = new TypeCache();
  const reader = message([reading, waveform, reading, waveform]);
  const [first, second, third, fourth] = [0, 1, 2, 3].map(() => readField(reader, cache));
  expect(first).toEqual(reading);
  expect(second).toEqual(waveform);
  expect(third).toBe(first);
  expect(fourth).toBe(second);
  expect(reader.remaining).toBe(0);
});

it('reads again what defines an id or names one', () => {
  const cache = new TypeCache();
  const sent = new SentTypes();
  const defined = message([reading, reading], sent);
  expect([readField(defined, cache), readField(defined, cache)]).toEqual([reading, reading]);
  const redefined = message([structure('other_type_of_the_same_id', { a: scalar('double') })], new SentTypes());
  readField(redefined, cache);
  expect(readField(WireReader.of(Uint8Array.of(0xfe, 1, 0), true), cache)).toMatchObject({ id: 'other_type_of_the_same_id' });
});

it('forgets with the connection, and keeps byte orders apart', () => {
  const cache = new TypeCache();
  const first = readField(message([reading]), cache);
  expect(readField(message([reading], null, false), cache)).not.toBe(first);
  cache.clear();
  expect(readField(message([reading]), cache)).not.toBe(first);
});
