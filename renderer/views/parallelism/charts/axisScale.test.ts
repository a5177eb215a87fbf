import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaleOf, ticksTo } from './axisScale';

const ends = { from: 100, to: 300 };

describe('axes', () => {
  it('make round ticks that reach the top', () => {
    expect(ticksTo(2.16)).toEqual([0, 0.5, 1, 1.5, 2, 2.5]);
    expect(ticksTo(500)).toEqual([0, 100, 200, 300, 400, 500]);
    expect(ticksTo(0)).toEqual([0, 1]);
    expect(ticksTo(Number.NaN)).toEqual([0, 1]);
  });
  it('reach the top with few ticks, for any top', () => {
    fc.assert(fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (top) => {
      const ticks = ticksTo(top);
      expect(ticks.length).toBeLessThanOrEqual(8);
      expect((ticks.at(-1) ?? 0) * (1 + 1e-9)).toBeGreaterThanOrEqual(top);
    }));
  });
  it('place values between the ends, and keep those beyond at them', () => {
    const scale = scaleOf([1.5, 4, Number.NaN], ends);
    expect([scale.place(0), scale.place(2), scale.place(4), scale.place(9), scale.place(-1)]).toEqual([100, 200, 300, 300, 100]);
  });
  it('are logarithmic where they should be, with zero at their foot', () => {
    const scale = scaleOf([0.4, 0, 70], { ...ends, log: true });
    expect(scale.ticks.map(({ text }) => text)).toEqual(['1', '10', '100']);
    expect([scale.place(0.2), scale.place(0), scale.place(100)]).toEqual([100, 100, 300]);
    expect(scale.place(Math.sqrt(0.2 * 100))).toBeCloseTo(200, 6);
    expect(scaleOf([0.09, 108], { ...ends, log: true }).ticks.map(({ text }) => text)).toEqual(['0.1', '1', '10', '100']);
    expect(scaleOf([3], { ...ends, log: true }).ticks.map(({ text }) => text)).toEqual(['2', '5']);
  });
  it('write large ticks short', () => {
    expect(scaleOf([5e6], ends).ticks.at(-1)?.text).toBe('5 M');
    expect(scaleOf([8192, 19_000], ends).ticks.at(-1)?.text).toBe('20 k');
  });
});
