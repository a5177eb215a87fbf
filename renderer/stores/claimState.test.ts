import { describe, expect, it } from 'vitest';
import type { LabResult, Verdict } from '@shared/lab';
import { claimStateOf } from './claimState';

const claim = { number: 6, text: 'C scales', experiments: ['speedup'] };
const result = (id: string, number: number, verdict: Verdict): LabResult => ({
  id, title: '', claim: '', verdict, reason: '', figures: {}, finishedAt: 0, claims: [{ claim: number, verdict, reason: `${id} says ${verdict}` }],
  environment: { cpu: '', cores: 2, os: '', versions: {} }, runtime: { name: '', version: '', path: '' },
});

describe('claimStateOf', () => {
  it('takes the newest result that speaks of the claim', () => {
    const results = [result('other', 6, 'fails'), result('speedup', 5, 'fails'), result('speedup', 6, 'holds'), result('speedup', 6, 'fails')];
    expect(claimStateOf(claim, results, null)).toEqual({ state: 'holds', reason: 'speedup says holds' });
  });
  it('keeps a verdict that a later run could not judge', () => {
    expect(claimStateOf(claim, [result('speedup', 6, 'not measurable here'), result('speedup', 6, 'holds')], null).state).toBe('holds');
    expect(claimStateOf(claim, [result('speedup', 6, 'not measurable here')], null).state).toBe('not measurable here');
  });
  it('is measuring while its experiment runs, whatever was measured before', () => {
    expect(claimStateOf(claim, [result('speedup', 6, 'holds')], 'speedup').state).toBe('measuring');
    expect(claimStateOf(claim, [result('speedup', 6, 'holds')], 'race').state).toBe('holds');
  });
  it('tells what was not measured from what can not be', () => {
    expect(claimStateOf(claim, [], null).state).toBe('not measured');
    expect(claimStateOf({ ...claim, experiments: [] }, [], 'speedup').state).toBe('no experiment');
  });
});
