// The table of requests under way: whatever the order of answers, it is the same as a map.
import { expect, it } from 'vitest';
import { RequestTable } from './requestTable';

it.each([1, 7, 0xffff_ffc0])('holds what a map holds, ids from %i on', (firstId) => {
  const table = new RequestTable<{ id: number }>();
  const known = new Map<number, { id: number }>();
  let seed = firstId;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  let next = firstId;
  for (let step = 0; step < 6000; step += 1) {
    // Now more questions, now more answers; some are answered late.
    if (random(100) < (step % 2000 < 1000 ? 60 : 40)) {
      const item = { id: next };
      table.set(next, item);
      known.set(next, item);
      next = next === 0xffff_ffff ? 1 : next + 1;
    } else {
      const ids = [...known.keys()];
      const id = ids.length > 0 && random(10) > 0 ? ids[random(random(2) ? Math.min(ids.length, 3) : ids.length)] as number : next + random(50);
      expect(table.has(id)).toBe(known.has(id));
      expect(table.take(id)).toBe(known.get(id));
      known.delete(id);
    }
    expect(table.size).toBe(known.size);
  }
  const byId = (a: { id: number }, b: { id: number }): number => a.id - b.id;
  expect(table.takeAll().sort(byId)).toEqual([...known.values()].sort(byId));
  expect([table.size, table.takeAll()]).toEqual([0, []]);
});
