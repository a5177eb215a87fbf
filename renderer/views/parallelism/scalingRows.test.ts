import { describe, expect, it } from 'vitest';
import { scalingRows } from './scalingRows';

const figures = {
  'cThreads.t1': { value: 0.18, unit: 's' }, 'cThreads.t2': { value: 0.185, unit: 's' }, 'cThreads.scaling': { value: 1.95, unit: 'x' },
  'cpythonThreads.t1': { value: 0.3, unit: 's' }, 'cpythonThreads.total': { value: 3, unit: '' },
};

describe('scalingRows', () => {
  it('makes a row of each runtime that has both times, with the article beside it', () => {
    const rows = scalingRows(figures, { 'cThreads.ratio': { value: 1, unit: 'x' } });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ key: 'cThreads', article: 1 });
    expect(rows[0]?.ratio.value).toBeCloseTo(1.028, 3);
  });
});
