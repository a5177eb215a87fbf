// Structures without fields take no bytes on the wire, but memory here: what a message may make is bounded by its own size.
import { expect, it } from 'vitest';
import { RemoteProtocolError } from '../../ca/protocol/errors';
import { arrayOf, readValue, scalar, structure, TypeCache, WireReader } from '.';
import type { Field } from '.';

const empty = structure('', []);
const wide = structure('', Array.from({ length: 4000 }, (_, i): [string, Field] => [`f${i}`, empty]));

function elements(count: number, each: readonly number[]): WireReader {
  const bytes = [254, count & 255, (count >> 8) & 255, 0, 0, ...Array.from({ length: count }, () => each).flat()];
  return WireReader.of(Uint8Array.from(bytes), true);
}

it('refuses an array of structures that hold thousands of empty structures', () => {
  expect(() => readValue(elements(20_000, [1]), arrayOf(wide), new TypeCache())).toThrow(RemoteProtocolError);
});

it('takes empty structures, and nested ones, as they are', () => {
  expect(readValue(elements(3, [1]), arrayOf(empty), new TypeCache())).toEqual([{}, {}, {}]);
  const nested = structure('', { a: structure('', { b: structure('', { c: scalar('byte') }) }) });
  const value = readValue(elements(20_000, [1, 7]), arrayOf(nested), new TypeCache()) as unknown[];
  expect(value).toHaveLength(20_000);
  expect(value[19_999]).toEqual({ a: { b: { c: 7 } } });
});
