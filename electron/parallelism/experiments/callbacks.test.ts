// The rule on figures recorded with PyEpics 3.5 and Endstation's client on two shared cores, 2026-11-22.
import { describe, expect, it } from 'vitest';
import type { Figure } from '@shared/lab';
import { quantileOfBlocks } from './blocks';
import { callbacks } from './callbacks';

function row(name: string, p50: number, p99: number, others = 0.1, missed = 0): Record<string, Figure> {
  return {
    [`${name}.p50`]: { value: p50, unit: 'ms' }, [`${name}.p99`]: { value: p99, unit: 'ms' },
    [`${name}.others`]: { value: others, unit: 'cores' }, [`${name}.missed`]: { value: missed, unit: 'changes' },
  };
}
const alone = row('cpythonThreads.alone', 1.22, 3.59);
const computing = { ...row('cpythonThreads.thread', 8.33, 20.41), ...row('cpythonThreads.process', 1.224, 2.145) };
const own = { ...row('nodeMain.alone', 0.638, 4.22), ...row('nodeMain.worker', 1.484, 10.9), ...row('nodeMain.main', 89.12, 184.6) };
const base = { cores: 2, errors: {}, missing: {} };

describe('the rule of callbacks', () => {
  it('holds where threads that wait do not delay a callback, and tells what computing does', () => {
    const judged = callbacks.judge({ ...base, figures: { ...alone, ...row('cpythonThreads.devices', 1.26, 2.48), ...computing, ...own } });
    expect(judged.claims).toMatchObject([{ claim: 16, verdict: 'holds' }]);
    expect(judged.reason).toContain('Beside a thread that computes it is 8.33 ms (99 %: 20.4 ms), and 1.22 ms with the same work in a process');
    expect(judged.warnings.join()).toContain('with the work in a worker after 1.48 ms, and with jobs on its own thread after 89.1 ms');
  });
  it('fails where waiting threads delay it, or changes are missed', () => {
    expect(callbacks.judge({ ...base, figures: { ...alone, ...row('cpythonThreads.devices', 6, 12), ...computing } }).verdict).toBe('fails');
    expect(callbacks.judge({ ...base, figures: { ...alone, ...row('cpythonThreads.devices', 1.3, 6, 0.1, 4), ...computing } }).verdict).toBe('fails');
  });
  it('is too busy to judge while other programs have the cores', () => {
    expect(callbacks.judge({ ...base, figures: { ...alone, ...row('cpythonThreads.devices', 6, 12, 1.7), ...computing } })).toMatchObject({ verdict: 'not measurable here', reason: expect.stringContaining('1.7 cores: too busy to judge') as string });
  });
  it('says why there is nothing of PyEpics, and still speaks of our client', () => {
    const judged = callbacks.judge({ ...base, figures: own, errors: { cpythonThreads: { code: 'PROGRAM_FAILED', message: 'PyEpics is not installed for this Python.' } } });
    expect(judged).toMatchObject({ verdict: 'not measurable here', reason: expect.stringContaining('PyEpics is not installed') as string });
    expect(judged.warnings).toHaveLength(1);
  });
});

describe('quantileOfBlocks', () => {
  it('is the median of five blocks with half their range, and of all where there are too few', () => {
    expect(quantileOfBlocks([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 99], 0.5, 'ms')).toEqual({ value: 3, unit: 'ms', spread: 2 });
    expect(quantileOfBlocks([1, 2, 3], 0.5, 'ms')).toEqual({ value: 2, unit: 'ms' });
  });
});
