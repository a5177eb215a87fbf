import { describe, expect, it } from 'vitest';
import type { LabResult } from '@shared/lab';
import { compareChart, firstPart, partsOf, trendChart } from './overTime';

const figures = (scaling: number) => ({ 'cThreads.scaling': { value: scaling, unit: 'x', spread: 0.1 }, 'cpythonThreads.scaling': { value: 1, unit: 'x' }, 'cThreads.poll.1x20Hz.p50': { value: 1, unit: 'ms' } });
const result = (finishedAt: number, scaling: number): LabResult => ({
  id: 'speedup', title: '', claim: '', verdict: 'holds', reason: '', finishedAt, figures: figures(scaling), environment: { cpu: '', cores: 2, os: '', versions: {} }, runtime: { name: '', version: '', path: '' },
});
const article = { 'cpythonThreads.scaling': { value: 1.07, unit: 'x' } };

describe('one figure of every runtime', () => {
  it('is named by what follows the runtime', () => {
    expect(partsOf(figures(2))).toEqual(['scaling', 'poll.1x20Hz.p50']);
    expect(firstPart('speedup', figures(2))).toBe('scaling');
    expect(firstPart('polling', figures(2))).toBe('scaling');
    expect(firstPart('speedup', {})).toBe('');
  });
  it('goes over the kept results from the oldest to the newest, with the article as a level', () => {
    const chart = trendChart('scaling', [result(2000, 1.9), result(1000, 1.8)], article, (key) => key);
    expect(chart?.lines).toEqual([
      { name: 'cThreads', points: [{ x: 1000, y: 1.8, spread: 0.1 }, { x: 2000, y: 1.9, spread: 0.1 }] },
      { name: 'cpythonThreads', points: [{ x: 1000, y: 1 }, { x: 2000, y: 1 }] },
    ]);
    expect(chart?.y).toEqual({ title: 'scaling', unit: 'x' });
    expect(chart?.marks).toEqual([{ label: 'the article: 1.07 x', y: 1.07 }]);
    expect(trendChart('scaling', [result(1, 1)], article, (key) => key)).toBeNull();
    expect(trendChart('nothing', [result(1, 1), result(2, 1)], article, (key) => key)).toBeNull();
  });
  it('stands beside other machines, which may lack a runtime or have another', () => {
    const other = { 'cThreads.scaling': { value: 15.2, unit: 'x' }, 'cpython313tThreads.scaling': { value: 1.9, unit: 'x' } };
    const chart = compareChart('scaling', [{ name: 'this machine', figures: figures(1.9) }, { name: 'server', figures: other }], article, (key) => key);
    expect(chart).toMatchObject({ kind: 'bars', series: ['this machine', 'server'], marks: ['the article'] });
    expect(chart?.kind === 'bars' ? chart.rows.map(({ label, bars }) => [label, bars.map(({ series, value }) => [series, value])]) : []).toEqual([
      ['cThreads', [[0, 1.9], [1, 15.2]]], ['cpythonThreads', [[0, 1]]], ['cpython313tThreads', [[1, 1.9]]],
    ]);
  });
});
