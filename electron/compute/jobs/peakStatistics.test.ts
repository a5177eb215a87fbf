import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peakStatistics } from './peakStatistics';

function gaussian(centre: number, fwhm: number, height: number, background: number, from: number, to: number, count: number) {
  const x = Float64Array.from({ length: count }, (_, i) => from + (i * (to - from)) / (count - 1));
  const y = x.map((at) => background + height * Math.exp(-4 * Math.LN2 * ((at - centre) / fwhm) ** 2));
  return { x, y };
}

describe('peakStatistics', () => {
  it('finds the centre and width of a Gaussian between the points', () => {
    const found = peakStatistics(gaussian(1.234, 0.42, 1000, 20, 0, 2.5, 51));
    expect(found.cen).toBeCloseTo(1.234, 2);
    expect(found.com).toBeCloseTo(1.234, 3);
    expect(found.fwhm).toBeCloseTo(0.42, 1);
    expect(found.max.x).toBeCloseTo(1.25, 12);
    expect(found.crossings).toHaveLength(2);
  });

  it('gives exact figures for a triangle', () => {
    const found = peakStatistics({ x: Float64Array.of(0, 1, 2, 3, 4), y: Float64Array.of(0, 2, 4, 2, 0) });
    expect(found).toEqual({ max: { x: 2, y: 4 }, min: { x: 0, y: 0 }, com: 2, cen: 2, fwhm: 2, crossings: [1, 3] });
  });

  it('takes the crossings next to the maximum where a smaller peak stands beside it', () => {
    const found = peakStatistics({ x: Float64Array.of(0, 1, 2, 3, 4, 5, 6), y: Float64Array.of(0, 6, 0, 0, 10, 0, 0) });
    expect(found.crossings).toHaveLength(4);
    expect(found.cen).toBeCloseTo(4, 12);
    expect(found.fwhm).toBeCloseTo(1, 12);
  });

  it('leaves out what is not finite', () => {
    const found = peakStatistics({ x: Float64Array.of(0, 1, 2, 3, Number.NaN), y: Float64Array.of(0, 5, Number.POSITIVE_INFINITY, 0, 9) });
    expect(found.max).toEqual({ x: 1, y: 5 });
  });

  it('says null where the data have no peak', () => {
    const edge = peakStatistics({ x: Float64Array.of(0, 1, 2), y: Float64Array.of(0, 1, 2) });
    expect(edge).toMatchObject({ cen: null, fwhm: null, crossings: [1] });
    const flat = peakStatistics({ x: Float64Array.of(0, 1), y: Float64Array.of(3, 3) });
    expect(flat).toMatchObject({ com: null, cen: null, fwhm: null, crossings: [] });
  });

  it('refuses what is not a curve', () => {
    expect(() => peakStatistics({ x: Float64Array.of(1, 2), y: Float64Array.of(1) })).toThrow('x has 2 values and y has 1');
    expect(() => peakStatistics({ x: new Float64Array(), y: new Float64Array() })).toThrow('no finite point');
  });

  it('does not depend on the direction of the scan', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 40 }), (values) => {
      const x = Float64Array.from(values, (_, i) => i);
      const y = Float64Array.from(values);
      const forward = peakStatistics({ x, y });
      const backward = peakStatistics({ x: x.slice().reverse(), y: y.slice().reverse() });
      expect(backward).toEqual(forward);
    }));
  });
});
