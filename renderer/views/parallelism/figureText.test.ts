import { describe, expect, it } from 'vitest';
import { figureText, numberText, timeLeftText } from './figureText';

describe('figures as text', () => {
  it('keeps three significant digits, and whole numbers whole', () => {
    expect([0.3239, 12.345, 101.9, 0.00786, 500_000_500, 0, -0.0451, 1e-12].map(numberText)).toEqual(['0.324', '12.3', '102', '0.00786', '500000500', '0', '-0.0451', '1.00e-12']);
    expect(numberText(Number.NaN)).toBe('not known');
  });
  it('adds spread and unit', () => {
    expect(figureText({ value: 0.3239, unit: 's', spread: 0.058 })).toBe('0.324 ± 0.058 s');
    expect(figureText({ value: 6.632, unit: 'ms', spread: 0.847 })).toBe('6.63 ± 0.85 ms');
    expect(figureText({ value: 2319.1, unit: 'rounds/s', spread: 194.2 })).toBe('2319 ± 194 rounds/s');
    expect(figureText({ value: 519.5, unit: 'ms', spread: 0.0316 })).toBe('520 ± 0.0300 ms');
    expect(figureText({ value: 0, unit: '% of changes', spread: 0 })).toBe('0 % of changes');
    expect(figureText({ value: 60_000_060, unit: '' })).toBe('60000060');
  });
  it('says the time left in words', () => {
    expect([0.2, 7.1, 59.5, 125].map(timeLeftText)).toEqual(['about 1 s left', 'about 8 s left', 'about 1 min 0 s left', 'about 2 min 5 s left']);
  });
});
