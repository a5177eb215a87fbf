import { describe, expect, it } from 'vitest';
import { createRandom } from './random';

const moments = (values: number[]): { mean: number; variance: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
};

describe('createRandom', () => {
  it('repeats itself for the same seed and differs for another', () => {
    const draw = (seed: number): number[] => Array.from({ length: 20 }, createRandom(seed).uniform);
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  it.each([0.3, 5, 39, 60, 5000])('has mean and variance %d', (expected) => {
    const random = createRandom(11);
    const { mean, variance } = moments(Array.from({ length: 40_000 }, () => random.poisson(expected)));
    expect(mean / expected).toBeCloseTo(1, 1);
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.05);
  });

  it('counts nothing where nothing comes', () => {
    expect(createRandom(1).poisson(0)).toBe(0);
    expect(createRandom(1).poisson(NaN)).toBe(0);
  });
});
