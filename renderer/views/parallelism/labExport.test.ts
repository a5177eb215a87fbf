import { describe, expect, it } from 'vitest';
import type { LabResult } from '@shared/lab';
import { exportName, newestResults, resultCsv } from './labExport';

const result: LabResult = {
  id: 'speedup', title: '', claim: '', verdict: 'holds', reason: '', finishedAt: Date.UTC(2026, 10, 22, 20, 5, 1),
  figures: { 'cpythonThreads.t1': { value: 0.324, unit: 's', spread: 0.06 }, 'cThreads.scaling': { value: 1.98, unit: 'x' } },
  environment: { cpu: 'AMD "EPYC", 2', cores: 2, os: 'Linux 6', versions: {} }, runtime: { name: '', version: '', path: '' },
};

describe('export of a result', () => {
  it('writes a line a figure, with the article beside it, and quotes what needs it', () => {
    expect(resultCsv(result, { 'cpythonThreads.t1': { value: 2.366 } }).split('\n')).toEqual([
      'experiment,finished,figure,value,unit,spread,article,cpu,cores,os',
      'speedup,2026-11-22T20:05:01.000Z,cpythonThreads.t1,0.324,s,0.06,2.366,"AMD ""EPYC"", 2",2,Linux 6',
      'speedup,2026-11-22T20:05:01.000Z,cThreads.scaling,1.98,x,,,"AMD ""EPYC"", 2",2,Linux 6',
      '',
    ]);
  });
  it('names the file by experiment and time', () => {
    expect(exportName(result, 'csv')).toBe('speedup-2026-11-22T20-05-01.csv');
  });
  it('takes the newest of each experiment, quick and full apart', () => {
    const of = (id: string, quick: boolean, finishedAt: number): LabResult => ({ ...result, id, quick, finishedAt });
    expect(newestResults([of('a', true, 5), of('a', false, 4), of('b', true, 3), of('a', true, 2)]).map(({ id, finishedAt }) => `${id} ${finishedAt}`)).toEqual(['a 5', 'a 4', 'b 3']);
  });
});
