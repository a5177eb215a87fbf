import { describe, expect, it } from 'vitest';
import { interleave, overlap } from './interleave';
import type { Evidence } from './experiment';

function evidence(total: number, expected: number, gap: number, samples: number): Evidence {
  const value = (number: number, unit = '') => ({ value: number, unit });
  return {
    figures: {
      'cpythonThreads.total': value(total), 'cpythonThreads.expected': value(expected), 'cpythonThreads.rounds': value(expected % 1_000_000),
      'cpythonThreads.samples': value(samples), 'cpythonThreads.largestGap': value(gap, '%'),
    },
    cores: 2, errors: {}, missing: {},
  };
}

describe('the rule of interleave', () => {
  it('holds for what was recorded: never 3.3 % apart, and the sum is the article\'s', () => {
    const judged = interleave.judge(evidence(500_000_500, 500_000_500, 3.3, 180));
    expect(judged).toMatchObject({ verdict: 'holds', warnings: [] });
    expect(judged.reason).toContain('500,000,500');
  });
  it('fails when one thread waits for the other', () => {
    expect(interleave.judge(evidence(500_000_500, 500_000_500, 98, 180)).verdict).toBe('fails');
  });
  it('says so when there were fewer rounds than the article\'s, or an update was lost', () => {
    expect(interleave.judge(evidence(60_000_060, 60_000_060, 3, 20)).warnings.join()).toContain('60 rounds a thread instead of the article\'s 500');
    expect(interleave.judge(evidence(500_000_499, 500_000_500, 3, 180)).warnings.join()).toContain('an update was lost');
  });
  it('does not judge from a few looks, or without Python', () => {
    expect(interleave.judge(evidence(500_000_500, 500_000_500, 3, 2)).verdict).toBe('not measurable here');
    const none = interleave.judge({ figures: {}, cores: 2, errors: {}, missing: { cpythonThreads: 'Install Python.' } });
    expect(none).toMatchObject({ verdict: 'not measurable here', reason: expect.stringContaining('Install Python.') as string });
  });
});

describe('overlap', () => {
  it('is the time in which both ran', () => {
    expect(overlap([[0, 5], [10, 15]], [[5, 10], [15, 20]])).toBe(0);
    expect(overlap([[0, 5], [10, 15]], [[4, 12]])).toBe(3);
    expect(overlap([], [[0, 1]])).toBe(0);
  });
});
