// The charts of each experiment, from figures recorded on two shared cores, 2026-11-22.
import { describe, expect, it } from 'vitest';
import type { Figure, LabRuntime } from '@shared/lab';
import { chartSource } from './chartSource';
import type { BarChart, ChartSpec } from './chartSpec';
import { chartsOf } from './resultCharts';

const f = (value: number, unit = '', spread?: number): Figure => ({ value, unit, ...(spread === undefined ? {} : { spread }) });
const runtimes: readonly LabRuntime[] = [
  { id: 'cpython-threads', key: 'cpythonThreads', title: 'CPython threads', standard: true, available: true, version: '3.11.7' },
  { id: 'c-threads', key: 'cThreads', title: 'C threads', standard: true, available: true, version: 'gcc 12' },
];
const charts = (id: string, figures: Record<string, Figure>, article: Record<string, Figure> = {}) => chartsOf(chartSource({ id, article }, { figures, cores: 2 }, runtimes));
const rowsOf = (chart: ChartSpec | undefined) => (chart?.kind === 'bars' ? chart.rows.map(({ label, note, bars }) => [label, note, ...bars.map(({ text }) => text)]) : []);

describe('charts of the experiments', () => {
  it('speedup: bars against one thread, and a curve with the ideal and the article', () => {
    const [bars, curve] = charts('speedup', {
      'cpythonThreads.t1': f(0.16, 's', 0.01), 'cpythonThreads.t2': f(0.32, 's'), 'cpythonThreads.scaling': f(1, 'x', 0.1), 'cpythonThreads.ratio': f(2, 'x', 0.1),
      'cThreads.t1': f(0.2, 's'), 'cThreads.t2': f(0.2, 's'), 'cThreads.scaling': f(2, 'x'), 'cThreads.scaling3': f(2.02, 'x'), 'cThreads.scaling4': f(1.98, 'x'),
    }, { 'cpythonThreads.ratio': f(1.87, 'x') });
    expect(rowsOf(bars)).toEqual([['CPython threads', '3.11.7', '0.160 s', '0.320 s, 1.00× work'], ['C threads', 'gcc 12', '0.200 s', '0.200 s, 2.00× work']]);
    expect((bars as BarChart).rows[0]?.marks).toEqual([{ mark: 0, value: 1.87 }]);
    expect(curve).toMatchObject({
      kind: 'lines',
      lines: [
        { name: 'ideal on 2 cores', points: [{ x: 1, y: 1 }, { x: 2, y: 2 }, { x: 4, y: 2 }], ideal: true },
        { name: 'CPython threads', points: [{ x: 1, y: 1 }, { x: 2, y: 1, spread: 0.1 }] },
        { name: 'C threads', points: [{ x: 1, y: 1 }, { x: 2, y: 2 }, { x: 3, y: 2.02 }, { x: 4, y: 1.98 }] },
      ],
      marks: [{ x: 2, y: 2 / 1.87 }],
    });
  });
  it('speedup: many runtimes in charts of their own, so that their curves can be told apart', () => {
    const keys = ['cpythonThreads', 'cpythonProcesses', 'cpythonFreeThreaded', 'pypyThreads', 'cThreads', 'nodeMain', 'wasmWorkers', 'cpython39Threads', 'cpython313tThreads', 'graalpy312Threads'];
    const figures = Object.fromEntries(keys.map((key) => [`${key}.scaling`, f(1, 'x', 0.1)]));
    const curves = charts('speedup', figures, { 'cpythonThreads.ratio': f(1.87, 'x') }).flatMap((chart) => (chart.kind === 'lines' ? [chart] : []));
    expect(curves.map(({ title, lines, marks = [] }) => [title, lines.length - 1, marks.length])).toEqual([
      ['Scaling with threads', 5, 1], ['Scaling with threads, JavaScript and WebAssembly', 2, 0], ['Scaling with threads, other interpreters', 3, 0],
    ]);
  });
  it('race: lost of all in percent, and the cost beside the article\'s window', () => {
    const [lost, cost] = charts('race', {
      'cpythonThreads.lostInAll': f(0, 'of 2000000 updates'), 'cpythonThreads.lostWithCallInAll': f(100_000, 'of 400000 updates'), 'cpythonThreads.callCost': f(137, 'ns an update'),
      'cpythonThreads.lostWithLockInAll': f(0, 'of 200000 updates'), 'cpythonThreads.lockCost': f(1470, 'ns an update'), 'cpythonThreads.window': f(29, 'ns'),
    }, { 'cpythonThreads.window': f(200, 'ns') });
    expect(rowsOf(lost)).toEqual([
      ['CPython threads', 'without protection', 'none of 2,000,000'], ['CPython threads', 'with a call in the statement', '25 %, 100,000 of 400,000'], ['CPython threads', 'with a lock', 'none of 200,000'],
    ]);
    expect((cost as BarChart).rows[0]).toMatchObject({ note: 'from load to store, one thread', marks: [{ value: 200 }] });
    expect(rowsOf(cost)).toHaveLength(3);
  });
  it('switch-interval: handovers and work against the interval in milliseconds', () => {
    const [handovers, work] = charts('switch-interval', { 'cpythonThreads.handovers.10us': f(326, 'a second', 3), 'cpythonThreads.handovers.5ms': f(96, 'a second'), 'cpythonThreads.throughput.5ms': f(6e6, 'loops/s', 1e6) });
    expect(handovers).toMatchObject({ x: { log: true, unit: 'ms' }, lines: [{ points: [{ x: 0.01, y: 326, spread: 3 }, { x: 5, y: 96 }] }], marks: [{ y: 20 }] });
    const [beside] = charts('switch-interval', { 'cpythonThreads.throughput.5ms': f(6e6, 'loops/s'), 'pypyThreads.throughput.5ms': f(400e6, 'loops/s') });
    expect(beside).toMatchObject({ y: { log: true } });
    expect(work).toMatchObject({ y: { unit: 'millions/s', log: false }, lines: [{ points: [{ x: 5, y: 6, spread: 1 }] }] });
  });
  it('polling: a row a client, way and load, and the article\'s ten rounds', () => {
    const [latency, , , rounds] = charts('polling', {
      'cpythonThreads.poll.1x20Hz.p50': f(6.6, 'ms'), 'cpythonThreads.poll.1x20Hz.p99': f(11.7, 'ms'), 'cpythonThreads.poll.1x20Hz.cpu': f(8.8, '% of a core'), 'cpythonThreads.poll.1x20Hz.unchanged': f(77, '% of values read'),
      'cpythonThreads.monitor.1x20Hz.p50': f(0.97, 'ms'), 'cpythonThreads.monitor.1x20Hz.cpu': f(1.9, '% of a core'), 'cpythonThreads.tenRounds': f(116, 'ms'), 'cpythonThreads.answering': f(14, 'ms'),
    }, { 'cpythonThreads.tenRounds': f(100, 'ms') });
    expect(rowsOf(latency)).toEqual([['PyEpics polls', '1 PV at 20 Hz', '6.60 ms', '11.7 ms'], ['PyEpics is told', '1 PV at 20 Hz', '0.970 ms']]);
    expect((rounds as BarChart).rows[0]).toMatchObject({ label: 'PyEpics', marks: [{ value: 100 }] });
  });
  it('sleep0, hog, waiting, callbacks, ui and hpc: what they compare, with units', () => {
    expect(rowsOf(charts('sleep0', { 'cpythonThreads.sleep0.advanced.50ms': f(80, '% of calls'), 'cpythonThreads.nothing.advanced.50ms': f(0, '% of calls') })[0])).toEqual([['CPython threads', 'switch interval 50 ms', '80 % of calls', '0 % of calls']]);
    expect((charts('hog', { 'cpythonAsyncio.block.longestGap': f(519, 'ms'), 'cpythonAsyncio.block.sleep': f(500, 'ms') })[0] as BarChart).rows[0]).toMatchObject({ note: 'sleeps without await', marks: [{ value: 500 }] });
    expect(rowsOf(charts('waiting', { 'cThreads.idle.cpu': f(0.4, '% of a core'), 'cThreads.many.cpu': f(0.5, '% of a core') })[0])).toEqual([['C, libca', undefined, '0.400 % of a core', '0.500 % of a core']]);
    expect(rowsOf(charts('callbacks', { 'nodeMain.main.p50': f(22, 'ms'), 'nodeMain.alone.p50': f(0.4, 'ms') })[0]).map(([, note]) => note)).toEqual(['alone', 'its own thread computes']);
    expect(rowsOf(charts('ui', { 'nodeMain.worker.dropped': f(1.7, '% of frames') })[0])).toEqual([['in a worker', undefined, '1.70 % of frames']]);
    expect(rowsOf(charts('hpc', { 'cpythonThreads.statements.gain': f(0.9, 'x serial'), 'cpythonThreads.numpy.gain': f(1.5, 'x serial') })[0])).toEqual([['CPython threads', 'in Python statements', '0.900 x serial'], ['CPython threads', 'with NumPy', '1.50 x serial']]);
    expect(charts('hpc', { 'cpythonThreads.gain': f(1.6, 'x serial') })[0]).toMatchObject({ level: { value: 1 }, rows: [{ label: 'CPython threads' }] });
  });
  it('interleave and experiments to come: their own curves and timelines; nothing without figures', () => {
    const series = { name: 'CPython threads', x: { title: 'Time', unit: 's' }, y: { title: 'Rounds', unit: '' }, lines: ['ones', 'millions'], points: [[0, 0, 0], [1, 5, 6], [2, 10, 10], [3, 11, 12], [4, 20, 20]] };
    const source = chartSource({ id: 'interleave' }, { figures: {}, cores: 2, series: [series, { ...series, name: 'C', points: [[0, 0, 0], [1, 9, 9], [2, 10, 10]] }] }, runtimes);
    expect(chartsOf(source)).toMatchObject([{ kind: 'lines', title: 'CPython threads', lines: [{ name: 'ones', points: [{ x: 0, y: 0 }, { x: 1, y: 5 }, { x: 2, y: 10 }, { x: 3, y: 11 }, { x: 4, y: 20 }] }, { name: 'millions' }] }]);
    for (const id of ['speedup', 'race', 'sleep0', 'switch-interval', 'hog', 'polling', 'waiting', 'callbacks', 'ui', 'hpc', 'interleave']) expect(charts(id, {})).toEqual([]);
  });
});
