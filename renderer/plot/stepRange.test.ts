import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascendingExtent, decadeRange, extent, growRange, niceRange } from './stepRange';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });

describe('ranges of axes', () => {
  it('hold their values, in whole steps', () => {
    fc.assert(fc.property(finite, finite, (a, b) => {
      const [low, high] = niceRange(Math.min(a, b), Math.max(a, b));
      expect(low).toBeLessThanOrEqual(Math.min(a, b));
      expect(high).toBeGreaterThanOrEqual(Math.max(a, b));
      expect(high).toBeGreaterThan(low);
    }));
    expect(niceRange(0, 10)).toEqual([0, 12]);
    expect(niceRange(NaN, NaN)).toEqual([0, 1]);
  });

  it('stand still while new values fit', () => {
    const before = growRange(null, 0, 10);
    expect(growRange(before, 0, 11)).toBe(before);
    expect(growRange(before, 0, 11.9)).toBe(before);
    expect(growRange(before, 0, 13)[1]).toBeGreaterThan(13);
  });

  it('shrink when another run fills only a small part', () => {
    expect(growRange([0, 1000], 0, 10)).toEqual([0, 12]);
  });

  it('change few times while a peak grows point by point', () => {
    let range = growRange(null, 0, 1);
    let changes = 0;
    for (let high = 1; high <= 1000; high++) {
      const next = growRange(range, 0, high);
      if (next !== range) changes++;
      range = next;
    }
    expect(changes).toBeLessThan(60);
  });

  it('cover whole decades on a logarithmic axis, and nothing at or below 0', () => {
    expect(decadeRange(3, 4000)).toEqual([1, 10_000]);
    expect(decadeRange(10, 10)).toEqual([10, 100]);
    expect(decadeRange(-5, -1)).toEqual([0.1, 10]);
  });

  it('of ascending values are those of its ends that are numbers', () => {
    expect(ascendingExtent(Float64Array.of(NaN, -1, NaN, 3, NaN))).toEqual([-1, 3]);
    expect(ascendingExtent(Float64Array.of(NaN))).toBeNull();
    expect(ascendingExtent(Float64Array.of(2))).toEqual([2, 2]);
  });

  it('take no notice of what is not a number', () => {
    expect(extent([Float64Array.of(NaN, 2, Infinity), Float64Array.of(-1)])).toEqual([-1, 2]);
    expect(extent([Float64Array.of(-1, 0, 3)], true)).toEqual([3, 3]);
    expect(extent([new Float64Array(0)])).toBeNull();
  });
});
