import { describe, expect, it } from 'vitest';
import { figureText, numberText, timeLeftText } from './figureText';

describe('figures as text', () => {
  it('keeps three significant digits, and whole numbers whole', () => {
    expect([0.3239, 12.345, 101.9, 0.00786, 500_000_500, 0, -0.0451, 1e-12].map(numberText)).toEqual(['0.324', '12.3', '102', '0.00786', '500000500', '0', '-0.0451', '1.00e-12']);
    expect(numberText(Number.NaN)).toBe('not known');
  });
  it('adds spread and unit', () => {
    expect(figureText({ value: 0.3239, unit: 's', spread: 0.058 })).toBe('0.324 ± 0.0580 s');
    expect(figureText({ value: 60_000_060, unit: '' })).toBe('60000060');
  });
  it('says the time left in words', () => {
    expect([0.2, 7.1, 59.5, 125].map(timeLeftText)).toEqual(['about 1 s left', 'about 8 s left', 'about 1 min 0 s left', 'about 2 min 5 s left']);
  });
});
