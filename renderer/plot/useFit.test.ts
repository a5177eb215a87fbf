import { expect, it } from 'vitest';
import { withGrid } from './useFit';

it('puts a fine grid after the points, whose y nobody knows', () => {
  const { grid, input } = withGrid(Float64Array.of(2, NaN, -1), Float64Array.of(5, 6, 7));
  expect([grid[0], grid[grid.length - 1]]).toEqual([-1, 2]);
  expect(input.x.length).toBe(3 + grid.length);
  expect([...input.y.slice(0, 3)]).toEqual([5, 6, 7]);
  expect(input.y.slice(3).every(Number.isNaN)).toBe(true);
});
