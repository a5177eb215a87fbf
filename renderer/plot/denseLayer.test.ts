import { describe, expect, it } from 'vitest';
import { samePoints } from './denseLayer';
import { GrowingNumbers } from './growingNumbers';

describe('points that are as they were', () => {
  const column = (values: Float64Array, settled?: number) => ({ name: 'I1', units: '', values, ...(settled === undefined ? {} : { settled }) });

  it('are all of a column that grew in its memory, those that are settled of one whose end changes', () => {
    const numbers = new GrowingNumbers(Float64Array.of(1, 2, 3));
    numbers.push(4);
    const before = column(numbers.values);
    numbers.push(5);
    expect(samePoints(before, column(numbers.values))).toBe(4);
    expect(samePoints(column(numbers.values, 3), column(numbers.values))).toBe(3);
    expect(samePoints(column(numbers.values), before)).toBe(4);
  });

  it('are none of another memory, and none of nothing', () => {
    const now = column(Float64Array.of(1, 2));
    expect(samePoints(undefined, now)).toBe(0);
    expect(samePoints(column(Float64Array.of(1, 2)), now)).toBe(0);
    expect(samePoints(column(now.values.subarray(1)), now)).toBe(0);
  });
});
