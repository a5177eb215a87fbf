import { describe, expect, it } from 'vitest';
import type { NativeType, WritableValue } from '../value';
import { toWire } from './writeValue';

const S = 0, I = 1, F = 2, E = 3, C = 4, L = 5, D = 6;
const good: [NativeType, number, WritableValue, ReturnType<typeof toWire>][] = [
  ['DOUBLE', 1, 1.5, { dataType: D, count: 1, value: 1.5 }],
  ['DOUBLE', 1, '1e3', { dataType: D, count: 1, value: 1000 }],
  ['DOUBLE', 1, ' -inf ', { dataType: D, count: 1, value: -Infinity }],
  ['DOUBLE', 1, 'NaN', { dataType: D, count: 1, value: NaN }],
  ['FLOAT', 1, true, { dataType: F, count: 1, value: 1 }],
  ['SHORT', 1, -32768, { dataType: I, count: 1, value: -32768 }],
  ['LONG', 1, 2.9999999996, { dataType: L, count: 1, value: 3 }],
  ['ENUM', 1, 2, { dataType: E, count: 1, value: 2 }],
  ['ENUM', 1, false, { dataType: E, count: 1, value: 0 }],
  ['ENUM', 1, 'Busy', { dataType: S, count: 1, value: 'Busy' }],
  ['CHAR', 1, -1, { dataType: C, count: 1, value: -1 }],
  ['CHAR', 8, 'é', { dataType: C, count: 3, value: Uint8Array.of(0xc3, 0xa9, 0) }],
  ['STRING', 1, 1.25, { dataType: S, count: 1, value: '1.25' }],
  ['STRING', 3, ['a', 'b'], { dataType: S, count: 2, value: ['a', 'b'] }],
  ['STRING', 3, [1, 2], { dataType: S, count: 2, value: ['1', '2'] }],
  ['SHORT', 3, [1, 2], { dataType: I, count: 2, value: Int16Array.of(1, 2) }],
  ['SHORT', 3, ['1', '2'], { dataType: I, count: 2, value: Int16Array.of(1, 2) }],
  ['FLOAT', 3, Float64Array.of(0.5), { dataType: F, count: 1, value: Float32Array.of(0.5) }],
  ['DOUBLE', 3, ['1', 2] as never, { dataType: D, count: 2, value: Float64Array.of(1, 2) }],
  ['DOUBLE', 3, [true, false] as never, { dataType: D, count: 2, value: Float64Array.of(1, 0) }],
  ['STRING', 3, [1, true] as never, { dataType: S, count: 2, value: ['1', 'true'] }],
  ['DOUBLE', 3, [], { dataType: D, count: 0, value: new Float64Array(0) }],
];
const bad: [NativeType, number, WritableValue, string, RegExp][] = [
  ['STRING', 3, [null, 'a'] as never, 'BAD_TYPE', /: null is neither/],
  ['STRING', 3, ['a', {}] as never, 'BAD_TYPE', /: an object is neither/],
  ['DOUBLE', 3, ['1', null] as never, 'BAD_TYPE', /takes numbers, not object/],
  ['SHORT', 1, 32768, 'BAD_TYPE', /-32768 to 32767, not 32768/],
  ['ENUM', 1, -1, 'BAD_TYPE', /0 to 65535/],
  ['ENUM', 1, 65536, 'BAD_TYPE', /0 to 65535/],
  ['LONG', 1, 1.5, 'BAD_TYPE', /whole numbers/],
  ['LONG', 1, NaN, 'BAD_TYPE', /whole numbers/],
  ['DOUBLE', 1, 'abc', 'BAD_TYPE', /"abc" is not a number/],
  ['DOUBLE', 1, '', 'BAD_TYPE', /not a number/],
  ['DOUBLE', 1, [1, 2], 'BAD_COUNT', /holds 1 element, not 2/],
  ['DOUBLE', 1, [], 'BAD_COUNT', /empty array/],
  ['SHORT', 2, Float64Array.of(1, 1e6), 'BAD_TYPE', /not 1000000/],
  ['STRING', 1, 'x'.repeat(40), 'BAD_COUNT', /at most 39 bytes, not 40/],
  ['STRING', 2, ['ok', 'é'.repeat(20)], 'BAD_COUNT', /not 40/],
  ['CHAR', 4, 'abcd', 'BAD_COUNT', /holds 3 bytes of text, not 4/],
];

describe('what is written', () => {
  it.each(good)('%s[%i] <- %j', (type, capacity, value, expected) => {
    expect(toWire('X', type, capacity, value)).toEqual(expected);
  });
  it.each(bad)('%s[%i] refuses %j', (type, capacity, value, code, message) => {
    let error: unknown;
    try { toWire('X', type, capacity, value); } catch (reason) { error = reason; }
    expect(error).toMatchObject({ name: 'ValueError', code, pv: 'X' });
    expect((error as Error).message).toMatch(message);
  });
});
