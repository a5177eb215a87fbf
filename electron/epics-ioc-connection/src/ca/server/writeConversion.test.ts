import { describe, expect, it } from 'vitest';
import { ConversionError } from './readConversion';
import { convertWritten, type WriteTarget } from './writeConversion';
import type { NativeType } from '../../value';

const target = (type: NativeType, count = 1, states?: string[]): WriteTarget => ({ type, count, metadata: states ? { states } : { precision: 3 } });
const shutter = target('ENUM', 1, ['Closed', 'Open']);

describe('convertWritten', () => {
  it('takes a state by name and by number', () => {
    expect(convertWritten('Open', 'STRING', shutter)).toBe(1);
    expect(convertWritten('1', 'STRING', shutter)).toBe(1);
    expect(convertWritten(0, 'DOUBLE', shutter)).toBe(0);
    expect(convertWritten('5', 'STRING', target('ENUM', 1, []))).toBe(5);
  });

  it.each(['open', '2', '-1', ''])('refuses the state %j', (text) => {
    expect(() => convertWritten(text, 'STRING', shutter)).toThrow(ConversionError);
  });

  it('converts between numbers and texts', () => {
    expect(convertWritten('1.25', 'STRING', target('DOUBLE'))).toBe(1.25);
    expect(convertWritten(1.25, 'DOUBLE', target('STRING'))).toBe('1.250');
    expect(convertWritten(7, 'LONG', target('STRING'))).toBe('7');
    expect(convertWritten(2.7, 'DOUBLE', target('LONG'))).toBe(2);
    expect(convertWritten(-1, 'CHAR', target('CHAR'))).toBe(255);
  });

  it.each([[70000, 'SHORT'], [NaN, 'LONG'], [Infinity, 'CHAR'], [-1, 'ENUM']] as const)('refuses %d for a %s', (value, type) => {
    expect(() => convertWritten(value, 'DOUBLE', target(type))).toThrow(/does not fit/);
  });

  it('refuses a number that is too large for a FLOAT', () => {
    for (const value of [1e300, '1e300']) expect(() => convertWritten(value, typeof value === 'string' ? 'STRING' : 'DOUBLE', target('FLOAT'))).toThrow(ConversionError);
    expect(convertWritten(Infinity, 'DOUBLE', target('FLOAT'))).toBe(Infinity);
  });

  it('makes arrays of the PV’s own type, also of one element', () => {
    expect(convertWritten(Float64Array.of(1, 2), 'DOUBLE', target('LONG', 10))).toEqual(Int32Array.of(1, 2));
    expect(convertWritten(5, 'DOUBLE', target('DOUBLE', 10))).toEqual(Float64Array.of(5));
    expect(convertWritten(['1', '2'], 'STRING', target('SHORT', 10))).toEqual(Int16Array.of(1, 2));
    expect(convertWritten('a', 'STRING', target('STRING', 3))).toEqual(['a']);
    expect(convertWritten(Float64Array.of(3, 4), 'DOUBLE', target('DOUBLE'))).toBe(3);
  });

  it('stores a text in a CHAR waveform as UTF-8 if there is room', () => {
    expect(convertWritten('5 µm', 'STRING', target('CHAR', 20))).toEqual(Uint8Array.from(Buffer.from('5 µm', 'utf8')));
    expect(() => convertWritten('too long', 'STRING', target('CHAR', 4))).toThrow(/room for 4/);
  });
});
