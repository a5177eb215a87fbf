// The charts of an experiment, from a result or from what has been measured of it so far.
import type { LabSeries } from '@shared/lab';
import type { ChartSource } from './chartSource';
import type { ChartSpec, LineChart } from './chartSpec';
import { callbacksCharts, pollingCharts, waitingCharts } from './epicsCharts';
import { hogCharts, hpcCharts, sleep0Charts, switchIntervalCharts, uiCharts } from './interpreterCharts';
import { raceCharts } from './raceCharts';
import { speedupCharts } from './speedupCharts';

const makers: Readonly<Record<string, (source: ChartSource) => ChartSpec[]>> = {
  speedup: speedupCharts, race: raceCharts, sleep0: sleep0Charts, 'switch-interval': switchIntervalCharts, hog: hogCharts,
  polling: pollingCharts, waiting: waitingCharts, callbacks: callbacksCharts, ui: uiCharts, hpc: hpcCharts,
};

const fewest = 5;

export function chartsOf(source: ChartSource): ChartSpec[] {
  const own = makers[source.id];
  if (own) return own(source);
  return [
    ...source.series.flatMap((series) => curveChart(series)),
    ...source.timelines.map((timeline): ChartSpec => ({ kind: 'lanes', title: timeline.name, axis: { title: 'Time', unit: 'ms' }, lanes: timeline.lanes })),
  ];
}

/** A curve as the experiment gives it; of fewer than five points nothing is to be seen. */
export function curveChart(series: LabSeries): LineChart[] {
  if (series.points.length < fewest) return [];
  return [{
    kind: 'lines', title: series.name, x: series.x, y: series.y,
    lines: series.lines.map((name, index) => ({ name, points: series.points.flatMap((point, row) => {
      const [x, y, spread] = [point[0], point[index + 1], series.spreads?.[row]?.[index]];
      return x === undefined || y === undefined ? [] : [{ x, y, ...(typeof spread === 'number' ? { spread } : {}) }];
    }) })),
  }];
}
