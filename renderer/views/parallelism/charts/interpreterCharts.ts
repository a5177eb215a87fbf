// The interpreter and the loop of events: who holds the GIL, how often it changes hands, who hogs, and which frames are lost.
import { barChart, rowOf, type ChartSource } from './chartSource';
import type { ChartLine, ChartSpec, LineChart } from './chartSpec';

export function sleep0Charts(source: ChartSource): ChartSpec[] {
  const keys = keyed(source, /^(\w+)\.sleep0\.advanced\./);
  const intervals = [...new Set(Object.keys(source.figures).flatMap((name) => /\.advanced\.(\w+)$/.exec(name)?.[1] ?? []))];
  const series = ['time.sleep(0)', 'a call that does nothing'];
  const rows = (part: string) => keys.flatMap((key) => intervals.map((interval) => (
    rowOf(source, source.titleOf(key), `switch interval ${interval.replace(/(\d)([a-z])/, '$1 $2')}`, ['sleep0', 'nothing'].map((mode) => `${key}.${mode}.${part}.${interval}`)))));
  return [
    ...barChart({ title: 'Calls during which the other thread went on', axis: { title: 'Calls', unit: '%' }, series }, rows('advanced')),
    ...barChart({ title: 'The longest call', axis: { title: 'Time', unit: 'ms', log: true }, series }, rows('longest')),
  ];
}

const milliseconds: Readonly<Record<string, number>> = { us: 1e-3, ms: 1, s: 1e3 };
/** `10us` as 0.01, in milliseconds. */
function intervalOf(name: string): number {
  const [, value, unit] = /^([\d.]+)(us|ms|s)$/.exec(name) ?? [];
  return value === undefined || unit === undefined ? Number.NaN : Number(value) * (milliseconds[unit] ?? 1);
}

export function switchIntervalCharts(source: ChartSource): ChartSpec[] {
  const x = { title: 'Switch interval', unit: 'ms', log: true };
  const curves = (part: string): ChartLine[] => keyed(source, new RegExp(`^(\\w+)\\.${part}\\.`)).map((key) => ({
    name: source.titleOf(key),
    points: Object.entries(source.figures).flatMap(([name, { value, spread }]) => {
      const at = name.startsWith(`${key}.${part}.`) ? intervalOf(name.slice(key.length + part.length + 2)) : Number.NaN;
      return Number.isFinite(at) ? [{ x: at, y: value, ...(spread === undefined ? {} : { spread }) }] : [];
    }).sort((a, b) => a.x - b.x),
  }));
  const chart = (lines: readonly ChartLine[], rest: Omit<LineChart, 'kind' | 'lines' | 'x'>): LineChart[] => (lines.length === 0 ? [] : [{ kind: 'lines', x, lines, ...rest }]);
  const throughput = curves('throughput').map((line) => ({ ...line, points: line.points.map(({ x: at, y, spread }) => ({ x: at, y: y / 1e6, ...(spread === undefined ? {} : { spread: spread / 1e6 }) })) }));
  return [
    ...chart(curves('handovers'), { title: 'How often the GIL changes hands', y: { title: 'Handovers', unit: '1/s', log: true }, marks: [{ label: 'still "very often": 20 a second', y: 20 }] }),
    ...chart(throughput, { title: 'Work that gets done', y: { title: 'Turns of a short loop', unit: 'millions/s', log: farApart(throughput) } }),
  ];
}

/** A compiler beside interpreters: on an axis from 0 all of these would lie on it. */
function farApart(lines: readonly ChartLine[]): boolean {
  const values = lines.flatMap(({ points }) => points.map(({ y }) => y)).filter((y) => y > 0);
  return values.length > 0 && Math.max(...values) > 10 * Math.min(...values);
}

export function hogCharts(source: ChartSource): ChartSpec[] {
  const ways: Readonly<Record<string, string>> = { block: 'sleeps without await', await: 'awaits', threads: 'sleeps in a thread' };
  const names = Object.keys(source.figures).filter((name) => name.endsWith('.longestGap'));
  const rows = names.map((name) => {
    const [key = '', mode = ''] = name.split('.');
    const row = rowOf(source, source.titleOf(key), ways[mode] ?? mode, [name]);
    const sleep = source.figures[`${key}.${mode}.sleep`];
    return row && sleep ? { ...row, marks: [{ mark: 0, value: sleep.value }] } : row;
  });
  return [
    ...barChart({ title: 'How long the other could not run', axis: { title: 'Longest gap', unit: 'ms' }, series: ['gap'], marks: ['so long the sleeper slept'] }, rows),
    ...source.timelines.map((timeline): ChartSpec => ({ kind: 'lanes', title: timeline.name, axis: { title: 'Time', unit: 'ms' }, lanes: timeline.lanes })),
  ];
}

export function uiCharts(source: ChartSource): ChartSpec[] {
  const modes: readonly (readonly [string, string])[] = [['idle', 'no job'], ['main', 'on the thread of the events'], ['worker', 'in a worker'], ['process', 'in a process']];
  const rows = (parts: readonly string[]) => modes.map(([mode, title]) => rowOf(source, title, undefined, parts.map((part) => `nodeMain.${mode}.${part}`)));
  return [
    ...barChart({ title: 'Frames lost while a job runs', axis: { title: 'Frames lost, of 60 a second', unit: '%' }, series: ['lost'] }, rows(['dropped'])),
    ...barChart({ title: 'How late the events are heard', axis: { title: 'Late', unit: 'ms', log: true }, series: ['99 % are earlier', 'the latest'] }, rows(['p99', 'longest'])),
  ];
}

export function hpcCharts(source: ChartSource): ChartSpec[] {
  const kinds: readonly (readonly [kind: string, note: string | undefined])[] = [['', undefined], ['statements.', 'in Python statements'], ['numpy.', 'with NumPy']];
  const keys = [...new Set(Object.keys(source.figures).filter((name) => name.endsWith('.gain')).map((name) => name.slice(0, name.indexOf('.'))))];
  const rows = (part: string) => kinds.flatMap(([kind, note]) => keys.map((key) => rowOf(source, source.titleOf(key), note, [`${key}.${kind}${part}`])));
  return [
    ...barChart({ title: 'Gain over one after the other', axis: { title: 'Times as fast as serial', unit: '' }, series: ['gain'], level: { label: 'as fast as serial', value: 1 } }, rows('gain')),
    ...barChart({ title: 'What is moved for it', axis: { title: 'Moved from one process to another', unit: 'MB' }, series: ['moved'] }, rows('moved')),
    ...barChart({ title: 'Pixels a second', axis: { title: 'Throughput', unit: 'megapixels/s' }, series: ['throughput'] }, rows('throughput')),
  ];
}

/** The first group of what the names match, each once. */
function keyed({ figures }: ChartSource, name: RegExp): string[] {
  return [...new Set(Object.keys(figures).flatMap((each) => name.exec(each)?.[1] ?? []))];
}
