import { describe, expect, it } from 'vitest';
import { convertForReading, ConversionError, numberText, textToNumber } from './readConversion';

describe('convertForReading', () => {
  it.each([
    [1.23456, 'DOUBLE', { precision: 2 }, '1.23'], [2, 'DOUBLE', {}, '2'], [-0.5, 'FLOAT', { precision: 3 }, '-0.500'],
    [NaN, 'DOUBLE', { precision: 2 }, 'nan'], [Infinity, 'DOUBLE', {}, 'inf'], [-Infinity, 'DOUBLE', {}, '-inf'],
    [6.02e23, 'DOUBLE', { precision: 3 }, '6.020e+23'], [-42, 'LONG', { precision: 2 }, '-42'],
    [1, 'ENUM', { states: ['Closed', 'Open'] }, 'Open'], [7, 'ENUM', { states: ['Closed', 'Open'] }, '7'], [3, 'ENUM', { states: [] }, '3'],
  ] as const)('writes %d of type %s as text', (value, type, metadata, text) => {
    expect(convertForReading(value, type, 'STRING', metadata)).toBe(text);
    expect(numberText(value, type, metadata).length).toBeLessThanOrEqual(39);
  });

  it('keeps every text within 39 characters', () => {
    for (const value of [1e15, -9.99e14, 1e300, 5e-324]) expect(numberText(value, 'DOUBLE', { precision: 17 }).length).toBeLessThanOrEqual(39);
  });

  it('converts arrays element by element', () => {
    expect(convertForReading(Int32Array.of(1, 2), 'LONG', 'STRING', {})).toEqual(['1', '2']);
    expect([...convertForReading(['1.5', '-2'], 'STRING', 'DOUBLE', {}) as Float64Array]).toEqual([1.5, -2]);
  });

  it('ends at what an integer type can hold', () => {
    expect(convertForReading(1e12, 'DOUBLE', 'LONG', {})).toBe(2147483647);
    expect(convertForReading(-70000, 'LONG', 'SHORT', {})).toBe(-32768);
    expect(convertForReading(2.9, 'DOUBLE', 'SHORT', {})).toBe(2);
    expect(convertForReading(NaN, 'DOUBLE', 'LONG', {})).toBe(0);
  });

  it.each([['12', 12], [' -1.5e3 ', -1500], ['0x1F', 31], ['-Inf', -Infinity], ['NaN', NaN]])('reads %j as a number', (text, number) => {
    expect(textToNumber(text)).toBe(number);
  });

  it.each(['', 'five', '1,5', '--1'])('does not read %j as a number', (text) => {
    expect(() => textToNumber(text)).toThrow(ConversionError);
  });
});
