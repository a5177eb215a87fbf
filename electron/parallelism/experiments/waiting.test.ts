// The rule on figures recorded with PyEpics 3.5, libca 7.0.10 and Endstation's client on two shared cores, 2026-11-22.
import { describe, expect, it } from 'vitest';
import type { Figure } from '@shared/lab';
import { waiting } from './waiting';

function row(key: string, idle: number, control: number, many: number, cost: number, others = 0.1, heard = 100): Record<string, Figure> {
  const cpu = (value: number) => ({ value, unit: '% of a core' });
  return {
    [`${key}.idle.cpu`]: cpu(idle), [`${key}.control.cpu`]: cpu(control), [`${key}.many.cpu`]: cpu(many), [`${key}.many.cost`]: { value: cost, unit: 'µs an event' },
    [`${key}.control.events`]: { value: heard, unit: 'a second' },
    [`${key}.idle.others`]: { value: others, unit: 'cores' }, [`${key}.control.others`]: { value: others, unit: 'cores' },
  };
}
const python = row('cpythonThreads', 0.4974, 3.629, 100.1, 206.3, 1.995);
const c = row('cThreads', 0.4813, 0.5368, 0.617, 0.6716);
const own = row('nodeMain', 0.1133, 0.5432, 2.858, 2.786);
const base = { cores: 2, errors: {}, missing: {} };

describe('the rule of waiting', () => {
  it('holds where Python waits like C, and names the limit', () => {
    const judged = waiting.judge({ ...base, figures: { ...python, ...c, ...own } });
    expect(judged.claims).toMatchObject([{ claim: 14, verdict: 'holds' }]);
    expect(judged.reason).toContain('PyEpics used 0.50 % of a core for 1,000 monitors that wait, C 0.48 %');
    expect(judged.reason).toContain('with 10,000 events a second it is 100 %, C 0.62 %, 206.3 µs an event against 0.7 µs. Waiting is what is alike; to hear of an event costs 307 times as much.');
    expect(judged.warnings.join()).toContain('Endstation\'s client used 0.11 %, 0.54 % and 2.9 % (2.8 µs an event)');
  });
  it('fails where waiting itself costs, as a program that looks again and again would', () => {
    expect(waiting.judge({ ...base, figures: { ...row('cpythonThreads', 12, 14, 100, 200), ...c } }).verdict).toBe('fails');
    expect(waiting.judge({ ...base, figures: { ...row('cpythonThreads', 2, 3, 100, 200), ...c } }).verdict).toBe('fails');
    expect(waiting.judge({ ...base, figures: { ...row('cpythonThreads', 0.5, 9, 100, 200), ...c } }).verdict).toBe('fails');
  });
  it('does not blame Python while other programs have the cores', () => {
    const judged = waiting.judge({ ...base, figures: { ...row('cpythonThreads', 0.5, 9, 100, 200, 1.9), ...c } });
    expect(judged).toMatchObject({ verdict: 'not measurable here', reason: expect.stringContaining('1.9 of 2 cores: too busy to judge') as string });
  });
  it('claims nothing of a client that heard nothing, nor compares with one', () => {
    const judged = waiting.judge({ ...base, figures: { ...row('cpythonThreads', 0.4, 0.5, 1, 200, 0.1, 0), ...c } });
    expect(judged).toMatchObject({ verdict: 'not measurable here', reason: expect.stringContaining('heard 0 of 100 events a second') as string });
    const beside = waiting.judge({ ...base, figures: { ...row('cpythonThreads', 0.4, 3.1, 95, 200), ...row('cThreads', 0.4, 0.5, 0.5, 0, 0.1, 2) } });
    expect(beside.warnings[0]).toContain('Not compared with C: libca in C heard 2 of 100 events a second.');
  });
  it('does not divide by a cost that was too small to be measured', () => {
    expect(waiting.judge({ ...base, figures: { ...python, ...row('cThreads', 0.1, 0.1, 0, 0) } }).reason).not.toMatch(/Infinity|NaN/);
  });
  it('says that it was not compared with C, or what to install for PyEpics', () => {
    const judged = waiting.judge({ ...base, figures: python, errors: { cThreads: { code: 'PROGRAM_FAILED', message: 'libca can\'t be opened.' } } });
    expect(judged.verdict).toBe('holds');
    expect(judged.warnings[0]).toContain('libca can\'t be opened.');
    expect(waiting.judge({ ...base, figures: { ...c, ...own }, missing: { cpythonThreads: 'Install Python.' } })).toMatchObject({ verdict: 'not measurable here', reason: expect.stringContaining('Install Python.') as string });
  });
});
