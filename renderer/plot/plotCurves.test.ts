import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinned } from './plotCurves';

const places = (line: ReturnType<typeof thinned>) => line.flatMap((place) => (place ? [place] : []));

describe('a line thinned to its pixel columns', () => {
  it('is the line itself where each column has one point', () => {
    expect(thinned(Float64Array.of(0, 1, 2), Float64Array.of(5, 6, 7), (x) => x)).toEqual([[0, 5], [1, 6], [2, 7]]);
  });

  it('keeps first, lowest, highest and last of each column, in the order of x, and no more', () => {
    fc.assert(fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 300 }), fc.integer({ min: 1, max: 20 }), (ys, columns) => {
      const x = Float64Array.from(ys.keys());
      const kept = places(thinned(x, Float64Array.from(ys), (at) => (at / ys.length) * columns - 0.499));
      expect(kept.length).toBeLessThanOrEqual(4 * (columns + 1));
      expect(kept.every(([at], index) => index === 0 || at > (kept[index - 1]?.[0] ?? NaN))).toBe(true);
      expect(Math.max(...kept.map(([, y]) => y))).toBe(Math.max(...ys));
      expect(Math.min(...kept.map(([, y]) => y))).toBe(Math.min(...ys));
      expect([kept[0]?.[0], kept.at(-1)?.[0]]).toEqual([0, ys.length - 1]);
    }));
  });

  it('leaves a gap where a point is no number', () => {
    expect(thinned(Float64Array.of(0, 1, 2, 3), Float64Array.of(NaN, 1, NaN, 3), () => 0)).toEqual([[1, 1], null, [3, 3]]);
  });
});
