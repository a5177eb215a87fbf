// Large payloads that a socket reads to where they belong: the same value as in any other way, and no copy.
import { expect, it } from 'vitest';
import { decodeReading, MessageReader as CaReader, writeReadReply } from '../ca/protocol';
import { array, BitSet, defaultValue, MessageReader as PvaReader, readDelta, structure, TypeCache, WireWriter, writeDataResponse } from '../pva/protocol';
import { commands, ok, readOperationResponse } from '../pva/protocol';
import { ByteWriter } from './byteWriter';

const numbers = Float64Array.from({ length: 30_000 }, (_, i) => i * 1.5);

const isRight = (values: Float64Array): boolean => values.length === numbers.length && values.every((value, i) => value === numbers[i]);

/** Reads as a socket does: up to `size` bytes at a time, into the reader's target where it has one. Returns the targets' memory. */
function feed(reader: { readonly target: Uint8Array | null; push(chunk: Uint8Array): void }, bytes: Uint8Array, size: number): Set<ArrayBufferLike> {
  const used = new Set<ArrayBufferLike>();
  for (let at = 0; at < bytes.length;) {
    const { target } = reader;
    const into = target ?? new Uint8Array(size);
    const take = Math.min(into.length, size, bytes.length - at);
    into.set(bytes.subarray(at, at + take));
    if (target) used.add(target.buffer);
    reader.push(into.subarray(0, take));
    at += take;
  }
  return used;
}

it.each([1000, 65_536, 1 << 20])('gives a Channel Access array that came %i bytes at a time', (size) => {
  const writer = new ByteWriter();
  for (let i = 0; i < 3; i += 1) writeReadReply(writer, 20, numbers.length, i, { value: numbers });
  const seen: Float64Array[] = [];
  const used = feed(new CaReader((message) => seen.push(decodeReading(message, false).value as Float64Array)), writer.take(), size);
  expect(seen.map(isRight)).toEqual([true, true, true]);
  if (size < 1 << 20) expect(seen.every((value) => used.has(value.buffer))).toBe(true);
});

it.each([1000, 65_536])('gives a pvAccess array that came %i bytes at a time, from the second on without a copy', (size) => {
  const field = structure('', { value: array('double') });
  const writer = new WireWriter('server');
  writer.littleEndian = true;
  for (let i = 0; i < 3; i += 1) {
    writeDataResponse(writer, commands.GET, { requestId: i, subcommand: 0, status: ok }, field, { value: numbers }, BitSet.of(0));
  }
  const seen: Float64Array[] = [];
  const reader = new PvaReader({
    message: (_command, payload) => {
      readOperationResponse(payload);
      seen.push(readDelta(payload, field, new TypeCache(), defaultValue(field) as never).value['value'] as Float64Array);
    },
    control: () => undefined,
  }, { from: 'server' });
  const used = feed(reader, writer.take(), size);
  expect(seen.map(isRight)).toEqual([true, true, true]);
  expect(seen.map((value) => used.has(value.buffer))).toEqual([false, true, true]);
});
