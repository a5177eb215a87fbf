// One figure of every runtime: over the results that were kept, and beside the article's and other machines'.
import type { Figure, LabResult } from '@shared/lab';
import { figureText } from '../figureText';
import { timeText } from '../resultNotes';
import type { Bar, BarRow, ChartSpec, LineChart } from './chartSpec';

type Figures = Readonly<Record<string, Figure>>;
export interface Column { readonly name: string; readonly figures: Figures }

/** A figure's name apart from its runtime: `cThreads.scaling` as `scaling`. */
export function partOf(name: string): string { return name.slice(name.indexOf('.') + 1); }
const keyOf = (name: string) => name.slice(0, name.indexOf('.'));

/** Each part once, in the order in which it was measured. */
export function partsOf(figures: Figures): string[] {
  return [...new Set(Object.keys(figures).filter((name) => name.includes('.')).map(partOf))];
}

const preferred: Readonly<Record<string, string>> = {
  speedup: 'scaling', race: 'window', interleave: 'largestGap', sleep0: 'sleep0.advanced.5ms', 'switch-interval': 'handovers.5ms', hog: 'block.longestGap',
  polling: 'monitor.1x20Hz.p50', waiting: 'control.cpu', callbacks: 'alone.p50', ui: 'worker.dropped', hpc: 'statements.gain',
};
/** What one looks at first. */
export function firstPart(experiment: string, figures: Figures): string {
  const parts = partsOf(figures);
  const first = preferred[experiment];
  return first !== undefined && parts.includes(first) ? first : parts[0] ?? '';
}

/** A line a runtime over the results (any order), with the article's value as a level; null with fewer than two of them. */
export function trendChart(part: string, results: readonly LabResult[], article: Figures, titleOf: (key: string) => string): LineChart | null {
  const byTime = [...results].sort((a, b) => a.finishedAt - b.finishedAt);
  const keys = [...new Set(byTime.flatMap(({ figures }) => Object.keys(figures).filter((name) => partOf(name) === part && name.includes('.')).map(keyOf)))];
  const lines = keys.map((key) => ({
    name: titleOf(key),
    points: byTime.flatMap(({ figures, finishedAt }) => {
      const figure = figures[`${key}.${part}`];
      return figure && Number.isFinite(figure.value) ? [{ x: finishedAt, y: figure.value, ...(figure.spread === undefined ? {} : { spread: figure.spread }) }] : [];
    }),
  })).filter(({ points }) => points.length > 0);
  if (byTime.length < 2 || lines.length === 0) return null;
  const unit = byTime.flatMap(({ figures }) => figures[`${keys[0] ?? ''}.${part}`]?.unit ?? [])[0] ?? '';
  const marks = keys.flatMap((key) => { const figure = article[`${key}.${part}`]; return figure ? [{ label: `the article: ${figureText(figure)}`, y: figure.value }] : []; });
  return {
    kind: 'lines', title: `Over time: ${part}`, x: { title: 'Measured', unit: '', texts: byTime.map(({ finishedAt }) => ({ at: finishedAt, text: timeText(finishedAt) })) },
    y: { title: part, unit }, lines, ...(marks.length > 0 ? { marks } : {}),
  };
}

/** A row a runtime, a bar a machine. `columns`: this machine first. */
export function compareChart(part: string, columns: readonly Column[], article: Figures, titleOf: (key: string) => string): ChartSpec | null {
  const keys = [...new Set(columns.flatMap(({ figures }) => Object.keys(figures).filter((name) => partOf(name) === part && name.includes('.')).map(keyOf)))];
  const unit = columns.flatMap(({ figures }) => keys.flatMap((key) => figures[`${key}.${part}`]?.unit ?? []))[0] ?? '';
  const rows = keys.map((key): BarRow => {
    const bars = columns.flatMap(({ figures }, series): Bar[] => {
      const figure = figures[`${key}.${part}`];
      return figure && Number.isFinite(figure.value) ? [{ series, value: figure.value, ...(figure.spread === undefined ? {} : { spread: figure.spread }), text: figureText(figure) }] : [];
    });
    const mark = article[`${key}.${part}`];
    return { label: titleOf(key), bars, ...(mark ? { marks: [{ mark: 0, value: mark.value }] } : {}) };
  }).filter(({ bars }) => bars.length > 0);
  if (rows.length === 0) return null;
  return {
    kind: 'bars', title: `Side by side: ${part}`, axis: { title: part, unit }, series: columns.map(({ name }) => name), rows,
    ...(rows.some(({ marks }) => marks) ? { marks: ['the article'] } : {}),
  };
}
