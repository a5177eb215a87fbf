import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultFilePattern, fileNameOf, filePatternProblem, filePlaceholders } from './fileNames';

const run = { scan_id: '00042', plan: 'grid_scan', date: '20261123', time: '140503', sample: 'Fe foil, 5 µm', user: 'jürgen', proposal: 'A/12', uid: '0123abcd' };

describe('a pattern for file names', () => {
  it.each([
    [defaultFilePattern, '00042_grid_scan_0123abcd'],
    ['{date}_{scan_id}_{plan}', '20261123_00042_grid_scan'],
    ['{sample}-{scan_id}', 'Fe_foil_5_µm-00042'],
    ['{proposal} {user} {scan_id}', 'A_12 jürgen 00042'],
    // What the run does not have goes with what separated it.
    ['{title}_{scan_id}_{profile}', '00042'],
    ['{scan_id}_{title}_{plan}', '00042_grid_scan'],
    ['{title}', 'run'],
    ['nul', 'run_nul'],
    ['a__{scan_id}', 'a__00042'],
  ])('%s gives %s', (pattern, name) => {
    expect(filePatternProblem(pattern)).toBeNull();
    expect(fileNameOf(pattern, run)).toBe(name);
  });

  it.each([
    ['', 'empty'], ['{scan_id', 'brace'], ['{nonsense}', '{nonsense}, which there is not. There are {scan_id}'], ['{date}/{scan_id}', '"/"'], ['a:b', '":"'], ['x'.repeat(121), 'longer than 120'],
  ])('%s can not be used', (pattern, why) => {
    expect(filePatternProblem(pattern)).toContain(why);
  });

  it('gives a name of every system, whatever the run is called', () => {
    const part = fc.constantFrom(...Object.keys(filePlaceholders).map((name) => `{${name}}`), '_', '-', '.', ' ', 'x');
    const values = fc.record(Object.fromEntries(Object.keys(filePlaceholders).map((name) => [name, fc.string({ unit: 'binary' })])));
    fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), values, (parts, own) => {
      const name = fileNameOf(parts.join(''), own);
      expect(name).toMatch(/^[\p{L}\p{N}][\p{L}\p{N}._ -]*$/u);
      expect(name).not.toMatch(/[. ]$/);
      expect(name.length).toBeLessThanOrEqual(154);
    }));
  });
});
