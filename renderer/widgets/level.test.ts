import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fractionOf, limitsOf, ticksOf } from './level';

const own = { limits_from_pv: true, minimum: 0, maximum: 100 };
const state = { pv: 'x', connection: 'connected', value: 1, severity: 'NO_ALARM', status: '', timestamp: null, staleSince: null } as const;

describe('levels', () => {
  it('takes the PV\'s limits where it has some, the file\'s otherwise', () => {
    const display = { low: -5, high: 5 };
    const control = { low: -1, high: 1 };
    expect(limitsOf(own, { ...state, display, control })).toEqual(display);
    expect(limitsOf(own, { ...state, display, control }, 'set')).toEqual(control);
    expect(limitsOf(own, { ...state, display: { low: 0, high: 0 } })).toEqual({ low: 0, high: 100 });
    expect(limitsOf({ ...own, limits_from_pv: false }, { ...state, display })).toEqual({ low: 0, high: 100 });
    expect(limitsOf({ limits_from_pv: false, minimum: 9, maximum: 1 }, undefined)).toEqual({ low: 1, high: 9 });
  });

  it('places a value between them, clipped', () => {
    const limits = { low: 1, high: 100 };
    expect(fractionOf(10, limits, true)).toBeCloseTo(0.5);
    expect([fractionOf(-3, limits), fractionOf(1e9, limits), fractionOf(0, limits, true)]).toEqual([0, 1, 0]);
    expect(fractionOf(NaN, limits)).toBeNaN();
    expect(fractionOf(1, { low: 0, high: 0 })).toBeNaN();
  });

  it('has round ticks within the limits', () => {
    expect(ticksOf({ low: 0, high: 100 }, 5)).toEqual([0, 20, 40, 60, 80, 100]);
    expect(ticksOf({ low: -0.3, high: 0.3 }, 6)).toEqual([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]);
    expect(ticksOf({ low: 1, high: 1 }, 5)).toEqual([]);
    fc.assert(fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.integer({ min: 1, max: 20 }), (low, span, wanted) => {
      const ticks = ticksOf({ low, high: low + span }, wanted);
      return ticks.length <= wanted + 1 && ticks.every((tick) => tick >= low - span * 1e-6 && tick <= low + span * (1 + 1e-6));
    }));
  });
});
