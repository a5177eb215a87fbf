// The rule on figures recorded on two shared cores, 2026-11-22 (CPython 3.11.7, gcc 12.2, Node 20.20).
import { describe, expect, it } from 'vitest';
import type { Figure } from '@shared/lab';
import type { Evidence } from './experiment';
import { speedup, threadsOf } from './speedup';

function row(key: string, t1: number, t2: number, spread: number, cpu2: number, others: number): Record<string, Figure> {
  return {
    [`${key}.t1`]: { value: t1, unit: 's', spread }, [`${key}.t2`]: { value: t2, unit: 's', spread },
    [`${key}.scaling`]: { value: (2 * t1) / t2, unit: 'x', spread }, [`${key}.cpu2`]: { value: cpu2, unit: 'cores' }, [`${key}.others`]: { value: others, unit: 'cores' },
  };
}
const python = row('cpythonThreads', 0.324, 0.69, 0.06, 1.002, 0.01);
const c = row('cThreads', 0.182, 0.184, 0.02, 1.98, 0.02);
const processes = row('cpythonProcesses', 0.273, 0.29, 0.03, 1.9, 0.02);
const evidence = (figures: Evidence['figures'], more: Partial<Evidence> = {}): Evidence => ({ figures, cores: 2, errors: {}, missing: {}, ...more });
const claim = (judged: ReturnType<typeof speedup.judge>, number: number) => judged.claims.find((each) => each.claim === number);

describe('the rule of speedup', () => {
  it('holds where Python threads do not scale, and C threads and processes do', () => {
    const judged = speedup.judge(evidence({ ...python, ...c, ...processes }));
    expect(judged.verdict).toBe('holds');
    expect(judged.reason).toContain('CPython threads: two take 0.690 s where one takes 0.324 s (0.94');
    expect(judged.warnings).toEqual([]);
  });

  it('fails where Python threads scale, as they would without a GIL', () => {
    const judged = speedup.judge(evidence({ ...row('cpythonThreads', 0.56, 0.58, 0.02, 1.95, 0), ...c, ...processes }));
    expect(judged.verdict).toBe('fails');
    expect(claim(judged, 5)?.verdict).toBe('fails');
    expect(claim(judged, 6)?.verdict).toBe('holds');
  });

  it('fails where C does not scale although the machine is quiet', () => {
    expect(claim(speedup.judge(evidence({ ...python, ...row('cThreads', 0.18, 0.36, 0.01, 1, 0.05), ...processes })), 6)?.verdict).toBe('fails');
  });

  it('does not blame C for what other programs take', () => {
    const judged = speedup.judge(evidence({ ...python, ...row('cThreads', 0.2187, 0.4067, 0.17, 0.92, 1.047), ...processes }));
    expect(claim(judged, 6)).toMatchObject({ verdict: 'not measurable here', reason: expect.stringContaining('other programs used 1.0 cores') as string });
    expect(judged.verdict).toBe('not measurable here');
    expect(judged.rowWarnings?.['cThreads']).toEqual(['its scaling is 1.08 ± 0.17: the machine is noisy.', 'other programs used 1.0 of 2 cores beside it.'].slice(1));
    expect(judged.rowWarnings).not.toHaveProperty('cpythonThreads');
  });

  it('does not take it for the GIL where other programs had the cores, and C got no second one either', () => {
    const crowded = row('cpythonThreads', 0.325, 0.607, 1.24, 0.94, 1.06);
    expect(claim(speedup.judge(evidence(crowded)), 5)).toMatchObject({ verdict: 'not measurable here', reason: expect.stringContaining('too busy to judge') as string });
    expect(claim(speedup.judge(evidence({ ...crowded, ...row('cThreads', 0.2, 0.39, 0.1, 0.95, 1.1) })), 5)?.verdict).toBe('not measurable here');
    // In the same run C had a second core: then it is the GIL.
    expect(claim(speedup.judge(evidence({ ...crowded, ...row('cThreads', 0.2, 0.26, 0.1, 1.6, 0.4) })), 5)?.verdict).toBe('holds');
  });

  it('takes it as parallel when it used more than one core, and all that it got', () => {
    expect(claim(speedup.judge(evidence({ ...python, ...row('cThreads', 0.2, 0.28, 0.1, 1.45, 0.5), ...processes })), 6)?.verdict).toBe('holds');
  });

  it('can say nothing with one core', () => {
    const judged = speedup.judge(evidence({ ...python, ...c, ...processes }, { cores: 1 }));
    expect(judged.claims.map(({ verdict }) => verdict)).toEqual(['not measurable here', 'not measurable here', 'not measurable here']);
  });

  it('says what to install, and which row failed', () => {
    const judged = speedup.judge(evidence({ ...c }, {
      missing: { cpythonThreads: 'Install Python.' }, errors: { cpythonProcesses: { code: 'PROGRAM_KILLED', message: 'It was ended by SIGKILL.' } },
    }));
    expect(claim(judged, 5)?.reason).toContain('Install Python.');
    expect(claim(judged, 6)?.verdict).toBe('holds');
    expect(claim(judged, 7)?.reason).toContain('It was ended by SIGKILL.');
  });

  it('warns of noise in the row that is noisy', () => {
    const { warnings, rowWarnings } = speedup.judge(evidence({ ...python, ...row('cThreads', 0.18, 0.19, 0.8, 1.9, 0), ...processes }));
    expect(Object.keys(rowWarnings ?? {})).toEqual(['cThreads']);
    expect(warnings.join()).toContain('cThreads: its scaling is 1.89 ± 0.80: the machine is noisy');
  });

  it('looks at one up to twice the cores', () => {
    const runtime = (mode: string, id = 'c-threads') => ({ mode, info: { id } }) as Parameters<typeof threadsOf>[1];
    const at = (cores: number, quick = false) => threadsOf({ cores, quick }, runtime('threads'));
    expect(at(1)).toEqual([]);
    expect(at(2)).toEqual([3, 4]);
    expect(at(4)).toEqual([3, 4, 5, 6, 7, 8]);
    expect(at(16)).toEqual([3, 9, 16, 20, 26, 32]);
    expect(at(64)).toHaveLength(6);
    expect(at(64)).toEqual(expect.arrayContaining([64, 128]));
    expect(at(16, true)).toEqual([]);
    expect(threadsOf({ cores: 4, quick: false }, runtime('main'))).toEqual([]);
  });
});
