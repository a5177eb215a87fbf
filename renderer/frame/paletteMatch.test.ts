import { describe, expect, it } from 'vitest';
import { matchEntries, wordScore } from './paletteMatch';

const entry = (title: string, kind = 'PV', detail?: string) => ({ title, kind, ...(detail ? { detail } : {}) });
const entries = [entry('Scan', 'View'), entry('Pause the scan', 'Command'), entry('SIM:M1', 'PV', 'Sample x'), entry('SIM:M1.RBV'), entry('SIM:SCALER1'), entry('Dark theme', 'Setting')];
const found = (query: string) => matchEntries(query, entries, 10).map(({ title }) => title);

describe('palette', () => {
  it('keeps the given order while nothing is typed, up to the limit', () => {
    expect(matchEntries('  ', entries, 2).map(({ title }) => title)).toEqual(['Scan', 'Pause the scan']);
  });
  it('puts the start of the title before a word inside it', () => {
    expect(found('scan')[0]).toBe('Scan');
    expect(found('scan')).toContain('Pause the scan');
  });
  it('finds a part of a PV name after its colon, the shorter name first', () => {
    expect(found('m1').slice(0, 2)).toEqual(['SIM:M1', 'SIM:M1.RBV']);
  });
  it('offers what was typed after what is known by that name', () => {
    const typed = { ...entry('im:m1', 'PV', 'Watch this name'), doubtful: true };
    expect(matchEntries('im:m1', [typed, ...entries], 3).map(({ title }) => title)).toEqual(['SIM:M1', 'SIM:M1.RBV', 'im:m1']);
    expect(matchEntries('nobody:knows', [{ ...typed, title: 'nobody:knows' }, ...entries], 3).map(({ title }) => title)).toEqual(['nobody:knows']);
  });
  it('wants every word, in any order, in the title, the kind or the description', () => {
    expect(found('theme dark')).toEqual(['Dark theme']);
    expect(found('sample x')).toEqual(['SIM:M1']);
    expect(found('scan nothing')).toEqual([]);
  });
  it('takes letters in order only where they are near each other', () => {
    expect(wordScore('scl', 'sim:scaler1')).toBeGreaterThan(0);
    expect(wordScore('sma', 's...................m...............a')).toBe(0);
  });
});
