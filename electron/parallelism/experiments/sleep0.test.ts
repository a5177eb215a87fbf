// The rule on figures recorded on two shared cores, 2026-11-22.
import { describe, expect, it } from 'vitest';
import { sleep0 } from './sleep0';

function judge(slept: number, nothing: number, typical: number, longest: number, longestNothing: number, more: Record<string, number> = {}) {
  const value = (number: number) => ({ value: number, unit: '' });
  return sleep0.judge({
    figures: {
      'cpythonThreads.sleep0.advanced.5ms': value(slept), 'cpythonThreads.nothing.advanced.5ms': value(nothing), 'cpythonThreads.sleep0.time.50ms': value(typical),
      'cpythonThreads.sleep0.longest.50ms': value(longest), 'cpythonThreads.nothing.longest.50ms': value(longestNothing),
      ...Object.fromEntries(Object.entries(more).map(([name, number]) => [`cpythonThreads.${name}`, value(number)])),
    },
    cores: 2, errors: {}, missing: {},
  });
}

describe('the rule of sleep0', () => {
  it('fails on CPython 3.11, quiet and busy: the GIL is handed over', () => {
    expect(judge(96, 0, 50.3, 53.5, 0.04)).toMatchObject({ verdict: 'fails', reason: expect.stringContaining('does release the GIL here:') as string });
    expect(judge(98, 0, 50.5, 91.9, 0.04).verdict).toBe('fails');
    expect(judge(70, 0, 50.5, 91.9, 60).verdict).toBe('fails');
  });
  it('fails on CPython 3.8, where the GIL is mostly back before the other woke up', () => {
    expect(judge(2, 0, 0.01, 52.5, 0.03)).toMatchObject({ verdict: 'fails', reason: expect.stringContaining('mostly has it back') as string });
  });
  it('fails on CPython 3.9 too, where one call in a hundred hands it over: seen at the standard interval alone', () => {
    const judged = judge(1, 0, 0.0126, 0.024, 0.046, { 'sleep0.longest.5ms': 9.04, 'nothing.longest.5ms': 0.047, 'sleep0.calls.5ms': 1900 });
    expect(judged).toMatchObject({ verdict: 'fails', reason: expect.stringContaining('within 1.0 % of the 1,900 calls') as string });
    // A call that takes as long without a release is the machine, not the GIL.
    expect(judge(1, 0.9, 0.0126, 0.024, 0.046, { 'sleep0.longest.5ms': 9.04, 'nothing.longest.5ms': 8 }).verdict).toBe('holds');
  });
  it('holds where the other thread goes on no more than beside a call that does nothing', () => {
    expect(judge(0, 0, 0.01, 0.05, 0.03).verdict).toBe('holds');
    expect(judge(3, 3, 0.01, 60, 60).verdict).toBe('holds');
  });
  it('does not judge where even a call that does nothing lets the other go on', () => {
    expect(judge(25, 24, 0.01, 60, 60).verdict).toBe('not measurable here');
  });
});
