// The rule on figures recorded with PyEpics 3.5 and a softIoc on two shared cores, 2026-11-22.
import { describe, expect, it } from 'vitest';
import { polling } from './polling';

function figuresOf(key: string, poll: [p50: number, cpu: number, unchanged: number], monitor: [p50: number, cpu: number, missed: number], tenRounds: number) {
  const value = (number: number, unit: string) => ({ value: number, unit });
  const names = (mode: string, [p50, cpu]: readonly number[], unchanged: number, missed: number, requests: number) => ({
    [`${key}.${mode}.1x20Hz.p50`]: value(p50 ?? 0, 'ms'), [`${key}.${mode}.1x20Hz.cpu`]: value(cpu ?? 0, '%'), [`${key}.${mode}.1x20Hz.unchanged`]: value(unchanged, '%'),
    [`${key}.${mode}.1x20Hz.missed`]: value(missed, '%'), [`${key}.${mode}.1x20Hz.requests`]: value(requests, ''),
  });
  return { ...names('poll', poll, poll[2], 0, 86), ...names('monitor', monitor, 0, monitor[2], 0), [`${key}.tenRounds`]: value(tenRounds, 'ms'), [`${key}.answering`]: value(6.4, 'ms') };
}
const verdicts = (judged: ReturnType<typeof polling.judge>) => judged.claims.map(({ verdict }) => verdict);
const base = { cores: 2, errors: {}, missing: {} };

describe('the rule of polling', () => {
  it('holds for PyEpics: later, dearer, and three of four values unchanged', () => {
    const judged = polling.judge({ ...base, figures: figuresOf('cpythonThreads', [6.2, 10, 76.4], [0.58, 1.3, 0], 108) });
    expect(verdicts(judged)).toEqual(['holds', 'holds']);
    expect(judged.reason).toContain('PyEpics, one value that changes 20 times a second: polled, a change is noticed after 6.20 ms');
    expect(judged.reason).toContain('Ten rounds took 108 ms, of which the answers took 6.4 ms: the rest');
  });
  it('speaks of our own client where PyEpics is not installed, and says so', () => {
    const judged = polling.judge({ ...base, figures: figuresOf('nodeMain', [5.7, 3.5, 73], [0.3, 0.9, 0], 110), errors: { cpythonThreads: { code: 'PROGRAM_FAILED', message: 'PyEpics is not installed for this Python.' } } });
    expect(verdicts(judged)).toEqual(['holds', 'holds']);
    expect(judged.warnings).toEqual(['PyEpics was not measured: PyEpics is not installed for this Python.']);
  });
  it('fails where polling costs nothing more, or callbacks miss changes', () => {
    expect(verdicts(polling.judge({ ...base, figures: figuresOf('cpythonThreads', [0.5, 10, 76], [0.58, 1.3, 0], 108) }))).toEqual(['fails', 'fails']);
    expect(verdicts(polling.judge({ ...base, figures: figuresOf('cpythonThreads', [6.2, 10, 76], [0.58, 1.3, 4], 108) }))).toEqual(['holds', 'fails']);
  });
  it('has to hold on the simulated beamline and on a real IOC too, and says where there is none', () => {
    const other = (place: string, p50: number) => Object.fromEntries(Object.entries(figuresOf('cpythonThreads', [p50, 10, 70], [0.6, 1.4, 0], 108)).map(([name, figure]) => [name.replace('1x20Hz', place), figure]));
    const here = figuresOf('cpythonThreads', [6.2, 10, 76.4], [0.58, 1.3, 0], 108);
    const judged = polling.judge({ ...base, figures: { ...other('beamline', 6), ...other('ioc', 7), ...here } });
    expect(verdicts(judged)).toEqual(['holds', 'holds']);
    expect(judged.reason).toContain('On a real IOC 7.00 ms polled');
    expect(verdicts(polling.judge({ ...base, figures: { ...other('ioc', 0.5), ...here } }))).toEqual(['fails', 'fails']);
    expect(polling.judge({ ...base, figures: here, errors: { 'cpythonThreads.ioc': { code: 'PROGRAM_FAILED', message: 'There is no real IOC.' } } }).warnings).toEqual(['There is no real IOC.']);
  });
  it('can not judge without any client', () => {
    expect(verdicts(polling.judge({ ...base, figures: {} }))).toEqual(['not measurable here', 'not measurable here']);
  });
});
