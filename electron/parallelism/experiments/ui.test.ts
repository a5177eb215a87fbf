// The rule on the loop delays of a child host on two shared cores, 2026-11-22.
import { describe, expect, it } from 'vitest';
import type { Figure } from '@shared/lab';
import { ui } from './ui';

const row = (mode: string, dropped: number, longest: number, others = 0.2): Record<string, Figure> => ({
  [`nodeMain.${mode}.dropped`]: { value: dropped, unit: '%' }, [`nodeMain.${mode}.longest`]: { value: longest, unit: 'ms' }, [`nodeMain.${mode}.others`]: { value: others, unit: 'cores' },
});
const base = { cores: 2, errors: {}, missing: {} };
const judge = (figures: Record<string, Figure>) => ui.judge({ ...base, figures });

describe('the rule of ui', () => {
  it('holds where only the job on the events\' own thread loses frames', () => {
    const judged = judge({ ...row('idle', 0, 2), ...row('main', 83, 61), ...row('worker', 1, 12), ...row('process', 2, 14) });
    expect(judged).toMatchObject({ verdict: 'holds', claims: [], reason: expect.stringContaining('83 % are lost') as string });
  });
  it('asks no more of a worker on a busy machine than of no job at all', () => {
    expect(judge({ ...row('idle', 9.167, 40.35, 1.98), ...row('main', 100, 316.4, 1), ...row('worker', 5, 44.95, 1), ...row('process', 13.33, 86.13, 1) }).verdict).toBe('holds');
  });
  it('fails where a worker loses them too, and does not judge it on a busy machine', () => {
    const figures = { ...row('idle', 0, 2), ...row('main', 83, 61), ...row('process', 2, 14) };
    expect(judge({ ...figures, ...row('worker', 40, 60) }).verdict).toBe('fails');
    expect(judge({ ...figures, ...row('worker', 40, 60, 1.5) })).toMatchObject({ verdict: 'not measurable here', reason: expect.stringContaining('1.5 cores: too busy') as string });
  });
  it('has nothing to say without figures', () => {
    expect(judge({}).verdict).toBe('not measurable here');
  });
});
