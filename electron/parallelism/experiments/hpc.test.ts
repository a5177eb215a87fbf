// The rule on figures as two shared cores gave them with NumPy 2.4, dask and Open MPI, 2026-11-22.
import { describe, expect, it } from 'vitest';
import type { Figure } from '@shared/lab';
import { LabBench } from '../labBench';
import type { ProgramLine } from '../programLine';
import type { Runtime } from '../runtimes/runtime';
import { hpc } from './hpc';

const renamed = (figures: Record<string, Figure>, kind: string) => Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name.replace('.', `.${kind}.`), figure]));
const row = (...values: Parameters<typeof plainRow>) => renamed(plainRow(...values), 'statements');
function plainRow(key: string, gain: number, moved: number, difference = 0, beside = 0.1): Record<string, Figure> {
  return {
    [`${key}.gain`]: { value: gain, unit: 'x serial' }, [`${key}.moved`]: { value: moved, unit: 'MB' },
    [`${key}.difference`]: { value: difference, unit: '' }, [`${key}.beside`]: { value: beside, unit: 'cores' },
  };
}
const base = { cores: 2, errors: {}, missing: {} };
const dask = row('cpythonDask', 0.3, 18.94);

describe('what hpc measures', () => {
  const line = (difference: number): ProgramLine => ({ wall: 1, serial: 1.7, moved: 0, difference, pixels: 1e6 });
  /** Runs give these lines in turn; null: the program is killed. */
  async function measured(lines: readonly (ProgramLine | null)[]) {
    let runs = 0;
    const host = { language: 'python', run: () => Promise.resolve(lines[runs++]).then((told) => { if (!told) throw new Error('It was killed.'); return [told]; }) } as const;
    const runtime: Runtime = { info: { id: 'cpython-threads', key: 'cpythonThreads', title: 'CPython threads', standard: true, available: true }, mode: 'threads', language: 'python', parallel: false, host };
    const bench = new LabBench({ job: 'j', experiment: 'hpc', runtimes: [runtime], quick: true, signal: new AbortController().signal, emit: () => undefined });
    await hpc.measure(bench);
    return bench;
  }
  it('sees a wrong result of any repeat', async () => {
    const { figures } = await measured([line(0.5), line(0), line(0), line(0), line(0), line(0)]);
    expect([figures['cpythonThreads.statements.difference']?.value, figures['cpythonThreads.numpy.difference']?.value]).toEqual([0.5, 0]);
  });
  it('is not judged by the repeats before a program was killed', async () => {
    const { figures, errors } = await measured([line(0), null]);
    const judged = hpc.judge({ cores: 2, missing: {}, figures: { ...figures, ...row('cpythonProcesses', 1.7, 84) }, errors });
    expect(judged.claims).toMatchObject([{ verdict: 'not measurable here', reason: expect.stringContaining('It was killed.') as string }]);
  });
});

describe('the rule of hpc', () => {
  it('holds where processes gain and threads do not', () => {
    const judged = hpc.judge({ ...base, figures: { ...row('cpythonThreads', 0.87, 0), ...row('cpythonProcesses', 1.7, 84.05), ...dask } });
    expect(judged.claims).toMatchObject([{ claim: 15, verdict: 'holds' }]);
    expect(judged.reason).toContain('threads are 0.87 times as fast as one after the other; processes 1.70 (84 MB moved), dask 0.30 (19 MB moved)');
  });
  it('says of NumPy that threads do gain there, and is judged by Python statements', () => {
    const numpy = renamed({ ...plainRow('cpythonThreads', 1.45, 0), ...plainRow('cpythonProcesses', 0.95, 18.94) }, 'numpy');
    const judged = hpc.judge({ ...base, figures: { ...row('cpythonThreads', 0.9, 0), ...row('cpythonProcesses', 1.8, 18.94), ...numpy } });
    expect(judged).toMatchObject({ verdict: 'holds', reason: expect.stringContaining('With NumPy threads 1.45, processes 0.95: it lets go of the GIL') as string });
  });
  it('fails where threads gain, as they would without a GIL', () => {
    expect(hpc.judge({ ...base, figures: { ...row('cpythonThreads', 1.9, 0), ...row('cpythonProcesses', 1.8, 18.94) } }).verdict).toBe('fails');
  });
  it('holds beside other programs where processes are much faster than threads all the same', () => {
    expect(hpc.judge({ ...base, figures: { ...row('cpythonThreads', 0.8, 0, 0, 1.1), ...row('cpythonProcesses', 1.25, 18.94, 0, 1.1) } }).verdict).toBe('holds');
    expect(hpc.judge({ ...base, figures: { ...row('cpythonThreads', 0.8, 0, 0, 1.1), ...row('cpythonProcesses', 1.05, 18.94, 0, 1.1) } }).verdict).toBe('not measurable here');
  });
  it('fails where nothing gains on a quiet machine, and can not judge on a busy one', () => {
    expect(hpc.judge({ ...base, figures: { ...row('cpythonThreads', 1, 0), ...dask } }).verdict).toBe('fails');
    expect(hpc.judge({ ...base, figures: { ...row('cpythonThreads', 1, 0, 0, 1.4), ...dask } })).toMatchObject({ verdict: 'not measurable here', reason: expect.stringContaining('too busy') as string });
  });
  it('does not take a gain for real that noise can make', () => {
    const threads = { ...row('cpythonThreads', 1.614, 0, 0, 0.99), 'cpythonThreads.statements.gain': { value: 1.614, unit: 'x serial', spread: 0.5053 } };
    expect(hpc.judge({ ...base, figures: { ...threads, ...row('cpythonProcesses', 1.054, 6.339) } }).verdict).toBe('not measurable here');
  });
  it('fails where a result is another one', () => {
    expect(hpc.judge({ ...base, figures: { ...row('cpythonThreads', 1, 0), ...row('cpythonProcesses', 1.9, 84, 1e-3) } })).toMatchObject({ verdict: 'fails', reason: expect.stringContaining('processes differ') as string });
  });
  it('says what to install', () => {
    const judged = hpc.judge({ ...base, figures: { ...row('cpythonThreads', 1, 0), ...row('cpythonProcesses', 1.8, 84) }, missing: { cpythonMpi: 'Install mpi4py.' } });
    expect(judged.verdict).toBe('holds');
    expect(judged.warnings.join()).toContain('Install mpi4py.');
    expect(hpc.judge({ ...base, figures: {}, errors: { cpythonThreads: { code: 'PROGRAM_FAILED', message: 'NumPy is not installed.' } } }).reason).toContain('NumPy is not installed.');
  });
});
