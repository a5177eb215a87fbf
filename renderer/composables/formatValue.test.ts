import type { PvState } from '@shared/pv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAge, formatNumber, formatValue, formatWithUnits, holdsText, noValue } from './formatValue';

const state = (part: Partial<PvState>): PvState => ({
  pv: 'SIM:X', connection: 'connected', value: 0, severity: 'NO_ALARM', status: '', timestamp: null, staleSince: null, type: 'DOUBLE', ...part,
});

describe('formatValue', () => {
  it('takes a CHAR array for a text, a picture of bytes and a single byte for numbers', () => {
    expect(holdsText(state({ type: 'CHAR', count: 256 }))).toBe(true);
    expect(holdsText(state({ type: 'CHAR', count: 28_800, size: [3, 120, 80] }))).toBe(false);
    expect(holdsText(state({ type: 'CHAR', count: 1 }))).toBe(false);
    expect(holdsText(state({ type: 'SHORT', count: 256 }))).toBe(false);
  });

  it('shows the precision of the IOC, and another where one is asked for', () => {
    expect(formatValue(state({ value: 1.23456, precision: 3 }))).toBe('1.235');
    expect(formatValue(state({ value: 1.23456, precision: 3 }), { precision: 1 })).toBe('1.2');
    expect(formatValue(state({ value: 1.23456, precision: 3 }), { precision: -1 })).toBe('1.235');
    expect(formatValue(state({ value: 2, precision: 0 }))).toBe('2');
    expect(formatValue(state({ value: 0.1 + 0.2 }))).toBe('0.3');
  });

  it('never shows a small value as zero, nor a zero as anything else', () => {
    expect(formatValue(state({ value: 1.5e-9, precision: 3 }))).toBe('1.500e-9');
    expect(formatValue(state({ value: -2e-7, precision: 0 }))).toBe('-2.0e-7');
    expect(formatValue(state({ value: -0, precision: 2 }))).toBe('0.00');
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 15 }), (value, precision) => {
      expect(Number(formatNumber(value, precision)) === 0).toBe(value === 0);
    }));
  });

  it('writes what can be read back', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Math.abs(Number(formatNumber(value)) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-5);
    }));
  });

  it('names NaN and the infinities', () => {
    expect([NaN, Infinity, -Infinity].map((value) => formatValue(state({ value, precision: 2 })))).toEqual(['NaN', 'Infinity', '-Infinity']);
  });

  it('shows huge values without a wall of digits', () => {
    expect(formatNumber(1.5e300, 4)).toBe('1.5000e+300');
    expect(formatNumber(123456789012, 1)).toBe('123456789012.0');
  });

  it('shows an enum by its state, by its number where the state has no name', () => {
    const mode = state({ type: 'ENUM', states: ['Off', '', 'On'], value: 2 });
    expect(formatValue(mode)).toBe('On');
    expect(formatValue({ ...mode, value: 1 })).toBe('1');
    expect(formatValue({ ...mode, value: 7 })).toBe('7');
    expect(formatValue(mode, { format: 'decimal' })).toBe('2');
  });

  it('summarises arrays with their length', () => {
    expect(formatValue(state({ value: new Float64Array(0) }))).toBe('[ ] empty');
    expect(formatValue(state({ value: Float64Array.of(1, 2.5), precision: 1 }))).toBe('[1.0, 2.5]');
    expect(formatValue(state({ value: new Float64Array(1_000_000), precision: 0 }))).toBe('[0, 0, 0, 0, … 1,000,000]');
    expect(formatValue(state({ type: 'STRING', value: ['a', 'b'] }))).toBe('[a, b]');
  });

  it('shows bytes as text where that is asked for', () => {
    expect(formatValue(state({ type: 'CHAR', value: Uint8Array.from([194, 181, 109, 0, 65]) }), { format: 'string' })).toBe('µm');
  });

  it('shows whole numbers whole, in hex where asked', () => {
    expect(formatValue(state({ type: 'LONG', value: 42, precision: 3 }))).toBe('42');
    expect(formatValue(state({ type: 'LONG', value: 255 }), { format: 'hex' })).toBe('0xFF');
    expect(formatNumber(-5, undefined, 'binary')).toBe('-0b101');
  });

  it('says that there is no value, without a unit', () => {
    expect(formatWithUnits(undefined)).toBe(noValue);
    expect(formatWithUnits(state({ value: null, units: 'mm' }))).toBe(noValue);
    expect(formatWithUnits(state({ value: 12.5, precision: 1, units: 'mm' }))).toBe('12.5 mm');
  });

  it('gives an age in one unit', () => {
    expect([-1, 12.9, 60, 7199, 7200, 200_000].map(formatAge)).toEqual(['0 s', '12 s', '1 min', '1 h', '2 h', '2 d']);
  });
});
