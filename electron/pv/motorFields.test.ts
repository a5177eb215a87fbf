import { describe, expect, it } from 'vitest';
import { beyondLimits, motorFieldOf, reachOf } from './motorFields';

const values: Record<string, number> = { DIR: 1, OFF: 2, MRES: 0.5, VAL: 3, TWV: 0.5, HLM: 10, LLM: -10 };
const of = (field: string): number => values[field] ?? Number.NaN;

describe('a write to a motor\'s other fields', () => {
  it.each([
    ['M.DVAL', 4, [-2]], ['M.RVAL', 4, [0]], ['M.RLV', -1, [2]], ['M.TWF', 1, [3.5]], ['M.TWR', 1, [2.5]], ['M.TWF', 0, []], ['M.JOGF', 1, [10]], ['M.JOGR', 1, [-10]], ['M.JOGF', 0, []], ['M.HOMF', 1, [-10, 10]],
  ])('%s = %d reaches %j', (pv, value, reach) => {
    const field = motorFieldOf(pv);
    expect(field && reachOf(field, value, of)).toEqual(reach);
  });
  it('is refused where it leads beyond the profile\'s limits, or where nobody can know', () => {
    const limits = { low: 0, high: 5 };
    const tell = (pv: string, value: number, read = of): string | null => { const field = motorFieldOf(pv); return field ? beyondLimits(field, value, limits, read) : null; };
    expect(tell('M.RLV', 3)).toMatch(/could come to 6, and the profile allows 0 to 5/);
    expect(tell('M.RLV', 1)).toBeNull();
    expect(tell('M.JOGF', 1)).toMatch(/could come to 10/);
    expect(tell('M.JOGF', 1, (field) => (field === 'HLM' || field === 'LLM' ? 0 : of(field)))).toMatch(/can not be known/);
    expect(tell('M.DVAL', 1, () => Number.NaN)).toMatch(/can not be known/);
    expect([motorFieldOf('M.VAL'), motorFieldOf('M.VELO'), motorFieldOf('M')]).toEqual([null, null, null]);
  });
});
