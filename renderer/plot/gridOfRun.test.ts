import type { RunDocument, RunStart } from '@shared/documents';
import { describe, expect, it } from 'vitest';
import { cellOf, gridOfRun, isGridRun, positionOf } from './gridOfRun';
import { plannedRange } from './plannedRange';
import { RunTable } from './runTable';

function run(plan: string, axes: unknown): RunTable {
  const table = new RunTable();
  const start: RunStart = {
    uid: 'r', time: 0, scan_id: 1, plan_name: plan, plan_args: { axes }, detectors: ['D'], motors: ['Y', 'X'], hints: { dimensions: [[['Y'], 'primary'], [['X'], 'primary']] },
  };
  const key = { source: 'x', dtype: 'number', shape: [] } as const;
  table.apply({ name: 'start', doc: start });
  table.apply({ name: 'descriptor', doc: { uid: 'd', run_start: 'r', time: 0, name: 'primary', data_keys: { Y: key, X: key, D: key }, object_keys: { Y: ['Y'], X: ['X'], D: ['D'] }, configuration: {}, hints: {} } });
  return table;
}
const point = (Y: number, X: number, D: number): RunDocument => ({ name: 'event', doc: { uid: 'e', descriptor: 'd', time: 0, seq_num: 1, data: { Y, X, D }, timestamps: {} } });
const axes = [{ motor: 'Y', start: 0, stop: 1, num: 2 }, { motor: 'X', start: 10, stop: 30, num: 3 }];

describe('map of a grid scan', () => {
  it('puts snaking points where the motors were, the read-back a little off', () => {
    const table = run('grid_scan', axes);
    for (const [y, x, d] of [[0, 10, 1], [0.01, 20.2, 2], [0, 29.9, 3], [1, 30, 4], [0.99, 20, 5]] as const) table.apply(point(y, x, d));
    expect([...gridOfRun(table, 'D')!.values]).toEqual([1, 2, 3, NaN, 5, 4]);
  });
  it('is only for a grid of two axes', () => {
    expect(isGridRun(run('grid_scan', axes))).toBe(true);
    expect(isGridRun(run('grid_scan', axes.slice(0, 1)))).toBe(false);
    expect(isGridRun(run('scan', [{ motor: 'Y', start: 0, stop: 1 }, { motor: 'X', start: 0, stop: 1 }]))).toBe(false);
    expect(isGridRun(run('grid_scan', 'no axes'))).toBe(false);
  });
  it('finds the cell of a position and back, also downwards', () => {
    const down = { start: 5, stop: -5, num: 11 };
    for (let cell = 0; cell < 11; cell++) expect(cellOf(down, positionOf(down, cell))).toBe(cell);
    expect(cellOf(down, 100)).toBe(0);
  });
});

describe('planned range', () => {
  it('spans the axis of the plan whichever way it runs', () => {
    expect(plannedRange(run('scan', [{ motor: 'X', start: 10, stop: 0 }]), 'X')).toEqual([-0.2, 10.2]);
    expect(plannedRange(run('scan', []), 'X')).toBeNull();
  });
});
