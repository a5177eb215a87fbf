import { describe, expect, it } from 'vitest';
import { numbersOf, plotTable, traceValues } from './plotData';

const state = { pv: 'x', connection: 'connected', severity: 'NO_ALARM', status: '', timestamp: null, staleSince: null } as const;

describe('plotData', () => {
  it('takes arrays, single numbers and nothing', () => {
    expect([...numbersOf({ ...state, value: Int32Array.of(1, 2) })]).toEqual([1, 2]);
    expect(numbersOf({ ...state, value: 4 })).toEqual([4]);
    expect(numbersOf({ ...state, value: 'no' })).toEqual([]);
    expect(numbersOf(undefined)).toEqual([]);
  });

  it('counts points where there is no x, and cuts to the shorter', () => {
    expect(traceValues(null, [5, 6])).toEqual({ x: [0, 1], y: [5, 6] });
    expect(traceValues([1, 2, 3], [5, 6])).toEqual({ x: [1, 2], y: [5, 6] });
  });

  it('shares x where it can, and joins the traces where it cannot', () => {
    expect(plotTable([{ x: [0, 1], y: [5, NaN] }, { x: [0, 1], y: [7, 8] }])).toEqual([[0, 1], [5, null], [7, 8]]);
    expect(plotTable([{ x: [0, 2], y: [5, 6] }, { x: [1, 2], y: [7, 8] }])).toEqual([[0, 1, 2], [5, undefined, 6], [undefined, 7, 8]]);
    expect(plotTable([{ x: [3, 1, NaN], y: [30, 10, 0] }])).toEqual([[1, 3], [10, 30]]);
    expect(plotTable([])).toEqual([[]]);
  });
});
