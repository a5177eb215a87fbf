// Time limits: who is late is told, once, and nobody else.
import { expect, it } from 'vitest';
import { ManualClock } from '../transport/memory';
import { Deadlines, Limited } from './deadlines';

class Limit extends Limited {
  constructor(readonly limit: number, private readonly late: () => void) { super(); }
  expired(): void { this.late(); }
}

it('tells those whose time is up, whoever of their neighbours goes before', async () => {
  const clock = new ManualClock();
  const deadlines = new Deadlines(clock);
  const late: number[] = [];
  const limits = [30, 10, 20, 40, 10, 50].map((at, i) => {
    const limit: Limit = new Limit(at, () => {
      late.push(i);
      // Its answer came in the same moment.
      if (i === 1) deadlines.remove(limits[4] as Limit);
    });
    deadlines.add(limit);
    return limit;
  });
  await clock.settle();
  deadlines.remove(limits[0] as Limit);
  deadlines.remove(limits[5] as Limit);
  expect(deadlines.items).toEqual([limits[1], limits[2], limits[3], limits[4]]);
  await clock.advance(25);
  expect([late, deadlines.items]).toEqual([[1, 2], [limits[3]]]);
  deadlines.add(limits[5] as Limit);
  deadlines.remove(limits[3] as Limit);
  deadlines.remove(limits[3] as Limit);
  await clock.advance(100);
  expect([late, deadlines.items, clock.pendingTimers]).toEqual([[1, 2, 5], [], 0]);
});

it('tells nobody once it is closed', async () => {
  const clock = new ManualClock();
  const deadlines = new Deadlines(clock);
  deadlines.add(new Limit(5, () => { throw new Error('It was closed.'); }));
  deadlines.close();
  await clock.advance(100);
  expect([deadlines.items, clock.pendingTimers]).toEqual([[], 0]);
});
