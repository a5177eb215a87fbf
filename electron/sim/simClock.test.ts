import { describe, expect, it } from 'vitest';
import { SimClock } from './simClock';

describe('SimClock', () => {
  it('runs tasks in the order of their times, each at its own', () => {
    const clock = new SimClock();
    const seen: [string, number][] = [];
    clock.at(2, () => seen.push(['late', clock.now]));
    clock.at(1, () => {
      seen.push(['early', clock.now]);
      clock.after(0.5, () => seen.push(['made by early', clock.now]));
    });
    clock.advance(3);
    expect(seen).toEqual([['early', 1], ['made by early', 1.5], ['late', 2]]);
    expect(clock.now).toBe(3);
    expect(clock.nextDue).toBe(Infinity);
  });

  it('repeats until cancelled, also from within the task', () => {
    const clock = new SimClock();
    let runs = 0;
    const repeated = clock.every(0.1, () => {
      if (++runs === 3) repeated.cancel();
    });
    clock.advance(10);
    expect(runs).toBe(3);
  });

  it('does not run what was cancelled', () => {
    const clock = new SimClock();
    let ran = false;
    clock.after(1, () => (ran = true)).cancel();
    clock.advance(2);
    expect(ran).toBe(false);
  });
});
