import type { LabEvent } from '@shared/lab';
import { describe, expect, it } from 'vitest';
import { LabBench } from './labBench';
import type { Runtime } from './runtimes/runtime';

const runtime: Runtime = { info: { id: 'node-main', key: 'nodeMain', title: 'Node main thread', standard: true, available: true }, mode: 'main', language: 'typescript', parallel: false, host: null };

describe('LabBench', () => {
  const make = (events: LabEvent[] = []) => new LabBench({ job: 'j', experiment: 'ui', runtimes: [runtime], quick: true, signal: new AbortController().signal, emit: (event) => events.push(event) });

  it('keeps no figure that is no number: its row failed, with the figure\'s name', async () => {
    const events: LabEvent[] = [];
    const bench = make(events);
    expect(await bench.row(runtime, () => Promise.resolve(bench.figure('nodeMain.p50', { value: Number.NaN, unit: 'ms' }, runtime)))).toBe(false);
    expect(bench.figures).toEqual({});
    expect(events).toEqual([]);
    expect(bench.errors['nodeMain']).toMatchObject({ code: 'PROGRAM_OUTPUT', message: expect.stringContaining('nodeMain.p50') as string });
  });

  it('keeps no figure of a row that failed between its repeats, and those of before', async () => {
    const bench = make();
    const figure = (part: string, value: number) => bench.figure(`nodeMain.${part}`, { value, unit: 'x' }, runtime);
    await bench.row(runtime, () => Promise.resolve(figure('first', 1)));
    await bench.row(runtime, () => {
      figure('first', 2);
      figure('second', 1);
      return Promise.reject(new Error('killed'));
    });
    expect(bench.figures).toEqual({ 'nodeMain.first': { value: 1, unit: 'x' } });
    expect(bench.errors['nodeMain']).toMatchObject({ message: 'killed' });
  });

  it('keeps a figure whose spread is no number without it', () => {
    const bench = make();
    bench.figure('nodeMain.p50', { value: 2, unit: 'ms', spread: Number.NaN }, runtime);
    expect(bench.figures).toEqual({ 'nodeMain.p50': { value: 2, unit: 'ms' } });
  });
});
