import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameStatistics, regionSums } from './frameStatistics';

describe('frameStatistics', () => {
  it('gives the figures of NumPy and SciPy for a small frame', () => {
    // numpy: arange(12).reshape(3, 4) ** 2, and scipy.ndimage.center_of_mass of it
    const data = Float64Array.from({ length: 12 }, (_, i) => i * i);
    const found = frameStatistics({ data, width: 4, height: 3, histogram: { bins: 4 } });
    expect(found).toMatchObject({ pixels: 12, min: 0, max: 121, sum: 506 });
    expect(found.mean).toBeCloseTo(42.166666666666664, 12);
    expect(found.deviation).toBeCloseTo(39.40988313721431, 9);
    expect(found.centroid?.x).toBeCloseTo(1.826086956521739, 12);
    expect(found.centroid?.y).toBeCloseTo(1.6956521739130435, 12);
    expect([...(found.histogram?.counts ?? [])]).toEqual([6, 2, 2, 2]);
  });

  it('counts every pixel of a histogram once, and no masked or NaN one', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (values, bins) => {
      const data = Float64Array.of(...values, NaN, 7);
      const mask = Uint8Array.from(data, (_, i) => (i === data.length - 1 ? 1 : 0));
      const found = frameStatistics({ data, mask, width: data.length, height: 1, histogram: { bins } });
      expect(found.pixels).toBe(values.length);
      expect(found.histogram?.counts.reduce((a, b) => a + b)).toBe(values.length);
    }));
  });

  it('says so where nothing is left to count', () => {
    expect(() => frameStatistics({ data: Uint8Array.of(1), mask: Uint8Array.of(1), width: 1, height: 1 })).toThrow(/Check the mask/);
  });
});

describe('regionSums', () => {
  it('sums what lies inside, cut off at the edges', () => {
    const data = Uint16Array.from({ length: 12 }, (_, i) => i);
    const regions = [{ x: 1, y: 1, width: 2, height: 2 }, { x: 3, y: 2, width: 9, height: 9 }, { x: 20, y: 0, width: 1, height: 1 }];
    expect(regionSums({ data, width: 4, height: 3, regions })).toEqual([
      { sum: 30, pixels: 4, mean: 7.5, max: 10 }, { sum: 11, pixels: 1, mean: 11, max: 11 }, { sum: 0, pixels: 0, mean: NaN, max: NaN },
    ]);
  });
});
