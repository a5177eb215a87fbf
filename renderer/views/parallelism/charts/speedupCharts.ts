// One thread against two, and up to twice as many as cores: times, scaling, and the work done against C.
import { numberText } from '../figureText';
import { scalingRows } from '../scalingRows';
import { barChart, keysWith, rowOf, type ChartSource } from './chartSource';
import type { ChartLine, ChartSpec, LineChart } from './chartSpec';

export function speedupCharts(source: ChartSource): ChartSpec[] {
  return [...times(source), ...scaling(source), ...throughput(source)];
}

function times(source: ChartSource): ChartSpec[] {
  const rows = scalingRows(source.figures, source.article);
  return barChart({
    title: 'The same work in one thread, and twice in two threads', axis: { title: 'Time, in units of its one thread; 1 is parallel, 2 one after the other', unit: '' },
    series: ['one thread', 'two threads, the same work each'], ...(rows.some(({ article }) => article !== null) ? { marks: ['the article'] } : {}),
  }, rows.map(({ key, t1, t2, ratio, scaling: factor, article }) => ({
    label: source.titleOf(key), note: source.versionOf(key),
    bars: [
      { series: 0, value: 1, spread: (t1.spread ?? 0) / t1.value, text: `${numberText(t1.value)} s` },
      { series: 1, value: ratio.value, spread: ratio.spread ?? 0, text: `${numberText(t2.value)} s, ${factor.value.toFixed(2)}× work` },
    ],
    ...(article === null ? {} : { marks: [{ mark: 0, value: article }] }),
  })));
}

/** The factor at each number of threads: `KEY.scaling` for two, `KEY.scaling3` and so on for more. */
function curveOf({ figures }: ChartSource, key: string): ChartLine['points'] {
  const more = Object.entries(figures).flatMap(([name, { value, spread }]) => {
    const threads = name.startsWith(`${key}.scaling`) ? Number(name.slice(key.length + '.scaling'.length) || 2) : Number.NaN;
    return Number.isInteger(threads) ? [{ x: threads, y: value, ...(spread === undefined ? {} : { spread }) }] : [];
  });
  return [{ x: 1, y: 1 }, ...more.sort((a, b) => a.x - b.x)];
}

/** Curves that can be told from one another in one chart. */
const together = 8;
/** With more of them: the ways of Python beside C, what JavaScript has, and every other interpreter, each a chart. */
const groups: readonly { readonly title: string; readonly holds: (key: string) => boolean }[] = [
  { title: 'Scaling with threads', holds: (key) => /^(c|pypy)Threads$|^cpython(?!\d)/.test(key) },
  { title: 'Scaling with threads, JavaScript and WebAssembly', holds: (key) => /^(node|wasm)/.test(key) },
  { title: 'Scaling with threads, other interpreters', holds: () => true },
];

function scaling(source: ChartSource): LineChart[] {
  const keys = keysWith(source, 'scaling');
  if (keys.length <= together) return scalingOf(source, 'Scaling with threads', keys);
  return groups.flatMap(({ title, holds }, index) => scalingOf(source, title, keys.filter((key) => holds(key) && !groups.slice(0, index).some((before) => before.holds(key)))));
}

function scalingOf(source: ChartSource, title: string, keys: readonly string[]): LineChart[] {
  if (keys.length === 0) return [];
  const lines = keys.map((key): ChartLine => ({ name: source.titleOf(key), points: curveOf(source, key) }));
  const most = Math.max(2, ...lines.flatMap(({ points }) => points.map(({ x }) => x)));
  // Where there are more threads than cores, nothing can gain any more.
  const ideal = [{ x: 1, y: 1 }, ...(source.cores < most && source.cores > 1 ? [{ x: source.cores, y: source.cores }] : []), { x: most, y: Math.min(most, source.cores) }];
  const ratio = source.article['cpythonThreads.ratio'];
  return [{
    kind: 'lines', title, x: { title: 'Threads or processes, the same work each', unit: '' }, y: { title: 'Work done in the same time, against one', unit: 'times' },
    lines: [{ name: `ideal on ${source.cores} ${source.cores === 1 ? 'core' : 'cores'}`, points: ideal, ideal: true }, ...lines],
    ...(ratio && keys.includes('cpythonThreads') ? { marks: [{ label: `the article's Python threads: ${(2 / ratio.value).toFixed(2)}`, x: 2, y: 2 / ratio.value }] } : {}),
  }];
}

function throughput(source: ChartSource): ChartSpec[] {
  return barChart({ title: 'Work done by one thread', axis: { title: 'Rounds of the article\'s function a second', unit: '1/s', log: true }, series: ['one thread'] },
    keysWith(source, 'throughput').map((key) => rowOf(source, source.titleOf(key), source.versionOf(key), [`${key}.throughput`])));
}
