import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percent, ticksTo } from './chartScale';

describe('chart scale', () => {
  it('makes round ticks that reach the top', () => {
    expect(ticksTo(2.16)).toEqual([0, 0.5, 1, 1.5, 2, 2.5]);
    expect(ticksTo(500)).toEqual([0, 100, 200, 300, 400, 500]);
    expect(ticksTo(0)).toEqual([0, 1]);
  });
  it('reaches the top with few ticks, for any top', () => {
    fc.assert(fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (top) => {
      const ticks = ticksTo(top);
      expect(ticks.length).toBeLessThanOrEqual(8);
      expect((ticks.at(-1) ?? 0) * (1 + 1e-9)).toBeGreaterThanOrEqual(top);
    }));
  });
  it('places values, and keeps those beyond within', () => {
    expect([percent(1, 4), percent(9, 4), percent(-1, 4)]).toEqual(['25.000%', '100.000%', '0.000%']);
  });
});
