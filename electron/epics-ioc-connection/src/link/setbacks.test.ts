// Where the next search starts, after what happened to a channel.
import { expect, it } from 'vitest';
import { Setbacks } from './setbacks';

it('begins at once for what had lasted, and later with each refusal in a row', () => {
  const setbacks = new Setbacks();
  expect(setbacks.level).toBe(0);
  const levels = [1, 2, 3].map(() => {
    setbacks.refused();
    return setbacks.level;
  });
  expect(levels).toEqual([4, 5, 6]);
  setbacks.created(10_000);
  setbacks.lost(20_000);
  expect(setbacks.level).toBe(0);
});

it('tries what never lasts at once three times, then ever later, up to once a second', () => {
  const setbacks = new Setbacks();
  const levels = [0, 1, 2, 3, 4, 5, 6, 7].map((time) => {
    setbacks.created(time * 100);
    setbacks.lost(time * 100 + 999);
    return setbacks.level;
  });
  expect(levels).toEqual([0, 0, 0, 4, 5, 6, 6, 6]);
  // A connection that breaks before the channel is created counts as well.
  setbacks.lost(5000);
  expect(setbacks.level).toBe(6);
  setbacks.created(10_000);
  setbacks.lost(11_000);
  expect(setbacks.level).toBe(0);
});
