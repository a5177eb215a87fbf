import type { JobField } from '@shared/computeTasks';
import { describe, expect, it } from 'vitest';
import { emptyChoice, extentOf, foundNumbers } from './numbersSource';

const field = (needed: boolean): JobField => ({ name: 'data', label: 'Frame', kind: 'numbers', doc: '', needed });
const found = (change: Partial<ReturnType<typeof emptyChoice>>, needed = true) => foundNumbers(field(needed), { ...emptyChoice(), ...change });

describe('where numbers come from', () => {
  it('names a run\'s column, a PV and a file\'s array, without reading them', () => {
    expect(found({ from: 'run', run: 'ab12', column: 'SIM:MCA1', points: '2-4' })).toEqual({ values: { $run: 'ab12', column: 'SIM:MCA1', first: 1, count: 3 } });
    expect(found({ from: 'pv', pv: ' SIM:TEST:WAVE ' })).toEqual({ values: { $pv: 'SIM:TEST:WAVE' } });
    const arrays = [{ dataset: '/entry/data', shape: [3, 4], units: '', longName: '', itemSize: 8 }];
    expect(found({ from: 'file', path: '/d/run.nxs', arrays, dataset: '/entry/data', textColumn: '2' })).toEqual({ values: { $file: '/d/run.nxs', dataset: '/entry/data' } });
    expect(found({ from: 'file', path: '/d/a.csv', textColumn: 'I0' })).toEqual({ values: { $file: '/d/a.csv', column: 'I0' } });
    expect(found({ from: 'file', path: '/d/a.csv', textColumn: '2' })).toEqual({ values: { $file: '/d/a.csv', column: 2 } });
  });
  it('takes pasted numbers as they are', () => {
    expect(found({ from: 'text', text: '1 2\n3 4', textColumn: '2' })).toEqual({ values: Float64Array.of(2, 4), label: '2 pasted numbers' });
  });
  it('says what is missing, by the field\'s name; what may be left out is', () => {
    expect(() => found({})).toThrow('Frame: choose where its numbers come from.');
    expect(found({}, false)).toBeNull();
    expect(() => found({ from: 'file', path: '/d/run.nxs', arrays: [{ dataset: '/a', shape: [1], units: '', longName: '', itemSize: 8 }] })).toThrow('Frame: choose one of the 1 arrays of /d/run.nxs.');
    expect(() => found({ from: 'text', text: '1', textColumn: '0' })).toThrow('Frame: the column is a whole number from 1.');
  });
  it('says so where a text has no numbers, also in a field that may be left out', () => {
    for (const text of ['a b c', '# only a comment\n', '1e', ' ; ,']) for (const needed of [true, false]) expect(() => found({ from: 'text', text }, needed)).toThrow('Frame: there are no numbers in this field. Paste numbers, or choose a text file of them.');
    expect(found({ from: 'text', text: 'a b c\n1 2 3' })).toMatchObject({ values: Float64Array.of(1, 2, 3) });
  });
  it('understands points', () => {
    expect([extentOf(''), extentOf(' 3 '), extentOf('2-10'), extentOf('2 to 2')]).toEqual([{}, { first: 2, count: 1 }, { first: 1, count: 9 }, { first: 1, count: 1 }]);
    for (const text of ['0', '4-2', 'x', '1,2', '-1']) expect(() => extentOf(text)).toThrow(`"${text}" are no points`);
  });
});
