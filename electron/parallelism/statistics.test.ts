import { describe, expect, it } from 'vitest';
import { figureOf, median, quantile } from './statistics';

describe('statistics of repeats', () => {
  it('takes the middle, of an even number between the two', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])]).toEqual([2, 2.5, 7]);
    expect(median([])).toBeNaN();
  });
  it('gives half the range as the spread, and none for a single value', () => {
    expect(figureOf([2, 5, 3], 's')).toEqual({ value: 3, unit: 's', spread: 1.5 });
    expect(figureOf([2], 's')).toEqual({ value: 2, unit: 's' });
  });
  it('interpolates quantiles', () => {
    expect(quantile([10, 20, 30, 40, 50], 0.99)).toBeCloseTo(49.6, 10);
    expect(quantile([1, 2], 0.25)).toBe(1.25);
  });
});
