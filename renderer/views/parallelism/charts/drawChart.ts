// A chart drawn, and said in a sentence for who can't see it.
import { numberText } from '../figureText';
import { drawBars } from './barDrawing';
import { axisText, type ChartSpec } from './chartSpec';
import type { Drawing } from './drawing';
import { drawLanes } from './laneDrawing';
import { drawLines } from './lineDrawing';

/** `width` in pixels. */
export function drawChart(chart: ChartSpec, width: number): Drawing {
  switch (chart.kind) {
    case 'bars': return drawBars(chart, width);
    case 'lines': return drawLines(chart, width);
    case 'lanes': return drawLanes(chart, width);
  }
}

export function saidOf(chart: ChartSpec): string {
  switch (chart.kind) {
    case 'bars': return `${chart.title}, ${axisText(chart.axis)}: ${chart.rows.map(({ label, note, bars }) => `${label}${note === undefined || note === '' ? ' ' : `, ${note}, `}${bars.map(({ series, text }) => (chart.series.length > 1 ? `${chart.series[series] ?? ''} ${text}` : text)).join(', ')}`).join('; ')}.`;
    case 'lines': return `${chart.title}: ${axisText(chart.y)} against ${axisText(chart.x)}; ${chart.lines.filter(({ ideal }) => ideal !== true).map(({ name, points }) => `${name} up to ${numberText(Math.max(...points.map(({ y }) => y)))}`).join(', ')}.`;
    case 'lanes': return `${chart.title}: ${chart.lanes.map(({ title, spans }) => `${title} ran ${spans.length} times, ${numberText(spans.reduce((sum, [from, to]) => sum + to - from, 0))} ms in all`).join('; ')}.`;
  }
}
