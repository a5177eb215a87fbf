// What the charts of an experiment are made from: a result, or what has been measured of it so far.
import type { ExperimentDescription, Figure, LabRuntime, LabSeries, LabTimeline } from '@shared/lab';
import { figureText } from '../figureText';
import type { Bar, BarChart, BarRow } from './chartSpec';

type Figures = Readonly<Record<string, Figure>>;

export interface ChartSource {
  readonly id: string;
  readonly figures: Figures;
  readonly series: readonly LabSeries[];
  readonly timelines: readonly LabTimeline[];
  readonly cores: number;
  /** The article's figures, by the name of ours. */
  readonly article: Figures;
  readonly titleOf: (key: string) => string;
  readonly versionOf: (key: string) => string;
}
type Measured = Partial<Pick<ChartSource, 'series' | 'timelines'>> & Pick<ChartSource, 'figures' | 'cores'>;

/** `runtimes`: of this machine; a result of another one may have others, which are named by their keys. */
export function chartSource(experiment: Pick<ExperimentDescription, 'id' | 'article'>, measured: Measured, runtimes: readonly LabRuntime[]): ChartSource {
  const found = (key: string) => runtimes.find((runtime) => runtime.key === key);
  return {
    id: experiment.id, figures: measured.figures, series: measured.series ?? [], timelines: measured.timelines ?? [], cores: measured.cores, article: experiment.article ?? {},
    titleOf: (key) => found(key)?.title ?? plainName(key), versionOf: (key) => found(key)?.version ?? '',
  };
}

/** `cpythonThreads` as `cpython threads`. */
function plainName(key: string): string { return key.replace(/([a-z0-9])([A-Z])/g, (_, before: string, letter: string) => `${before} ${letter.toLowerCase()}`); }

/** The keys of runtimes that have a figure of that name, in the order in which they were measured. */
export function keysWith({ figures }: ChartSource, ending: string): string[] {
  return Object.keys(figures).flatMap((name) => (name.endsWith(`.${ending}`) && !name.slice(0, -ending.length - 1).includes('.') ? [name.slice(0, -ending.length - 1)] : []));
}

/** Bars of figures by their names, one a series; those that are not there are left out, null where none is. */
export function rowOf({ figures }: ChartSource, label: string, note: string | undefined, names: readonly string[]): BarRow | null {
  const bars = names.flatMap((name, series): Bar[] => {
    const figure = figures[name];
    if (!figure || !Number.isFinite(figure.value)) return [];
    return [{ series, value: figure.value, ...(figure.spread === undefined ? {} : { spread: figure.spread }), text: figureText(figure) }];
  });
  return bars.length === 0 ? null : { label, ...(note === undefined ? {} : { note }), bars };
}

/** Without a row there is no chart. */
export function barChart(chart: Omit<BarChart, 'kind' | 'rows'>, rows: readonly (BarRow | null)[]): BarChart[] {
  const found = rows.filter((row) => row !== null);
  return found.length === 0 ? [] : [{ kind: 'bars', ...chart, rows: found }];
}
