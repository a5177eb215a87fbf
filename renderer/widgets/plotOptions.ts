// A plot's properties as options of the plot library: axes, scales, series and their colours.
import type { WidgetOf } from '@shared/displays/displayModel';
import uPlot from 'uplot';
import type { Paint } from '../displays/palette';
import { familyStack, type DisplayFont } from '@shared/displays/displayFonts';

type XyPlot = WidgetOf<'xyplot'>;
type Axis = XyPlot['x_axis'];
type Trace = Pick<XyPlot['traces'][number], 'axis' | 'trace_type' | 'color' | 'line_width' | 'point_type' | 'point_size' | 'visible'>;

/** What xyplot and stripchart have in common. */
export interface PlotProperties extends Pick<XyPlot, 'width' | 'height' | 'foreground_color' | 'background_color' | 'grid_color' | 'title' | 'title_font' | 'show_legend' | 'x_axis'> {
  readonly y_axes: readonly (Axis & { readonly on_right: boolean })[];
  readonly traces: readonly (Trace & { readonly label: string })[];
}
/** In pixels of the display. `zoom`: it is drawn that much larger, so that its lines and letters stay sharp on a scaled display. `time`: x is seconds since the Unix epoch. */
export interface PlotFrame { readonly width: number; readonly height: number; readonly zoom: number; readonly time: boolean }

export interface PlotTheme { readonly text: string; readonly grid: string; series(index: number): string; resolve(css: string): string }

/** The canvas needs colours, not variables of the style sheet. Read from the page itself: in a tab that is not in front, the plot's own element has no style. */
export function plotTheme(): PlotTheme {
  const style = getComputedStyle(document.documentElement);
  const resolve = (css: string) => {
    const name = /^var\((--[\w-]+)\)$/.exec(css)?.[1];
    return name === undefined ? css : style.getPropertyValue(name).trim() || 'currentcolor';
  };
  return { text: resolve('var(--muted)'), grid: resolve('var(--border)'), series: (index) => resolve(`var(--series-${(index % 8) + 1})`), resolve };
}

const steps = uPlot.paths.stepped?.({ align: 1 });

const canvasFont = (font: DisplayFont, zoom: number) => `${font.italic ? 'italic ' : ''}${font.bold ? 'bold ' : ''}${Math.round(font.size * zoom)}px ${familyStack(font.family)}`;

/** Local time of day. */
function clockText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Fixed limits of the file, or as the data wants. */
function rangeOf({ autoscale, minimum, maximum }: Axis): uPlot.Scale.Range | undefined {
  if (autoscale || !(minimum < maximum)) return undefined;
  return [minimum, maximum];
}

function axisOptions(axis: Axis, scale: string, side: uPlot.Axis.Side, { ink, grid, zoom, time }: { ink: string; grid: string; zoom: number; time: boolean }): uPlot.Axis {
  const titled = axis.title.trim() !== '';
  return {
    scale, side, show: axis.visible, stroke: ink, font: canvasFont(axis.scale_font, zoom), labelFont: canvasFont(axis.title_font, zoom),
    grid: { show: axis.show_grid, stroke: grid, width: 1 }, ticks: { stroke: grid, size: 4 * zoom }, gap: 3 * zoom,
    // Room for the longest numbers at this size of letters.
    space: axis.scale_font.size * (side % 2 === 0 ? 5 : 2.4) * zoom,
    // As wide as the longest number, in steps, so that the plot does not shiver while values change.
    size: side % 2 === 0 ? (axis.scale_font.size + 14) * zoom : (_plot, values) => Math.max(4, ...(values ?? []).map((text) => (text ?? '').length)) * axis.scale_font.size * 0.58 * zoom + 12 * zoom,
    ...(time && side === 2 ? { space: axis.scale_font.size * 5.5 * zoom, values: (_plot: uPlot, splits: number[]) => splits.map(clockText) } : {}),
    ...(titled ? { label: axis.title, labelSize: (axis.title_font.size + 8) * zoom, labelGap: 0 } : {}),
  };
}

export interface TraceLook { readonly label: string; readonly stroke: string }

export function plotOptions(plot: PlotProperties, looks: readonly TraceLook[], { width, height, zoom, time }: PlotFrame, paint: Paint, theme: PlotTheme): uPlot.Options {
  const ink = theme.resolve(paint.ink(plot.foreground_color, plot.background_color));
  const grid = theme.resolve(paint.themed ? 'var(--border)' : paint.fill(plot.grid_color));
  const look = { ink, grid, zoom, time };
  const yAxes = plot.y_axes;
  const scaleName = (index: number) => (index < yAxes.length ? `y${index}` : 'y0');
  const xRange = rangeOf(plot.x_axis);
  return {
    width: width * zoom, height: height * zoom, padding: [8 * zoom, 10 * zoom, 0, 0], legend: { show: false }, cursor: { drag: { x: true, y: false }, points: { size: 6 * zoom } },
    scales: {
      x: { time, distr: plot.x_axis.log_scale ? 3 : 1, ...(xRange ? { range: xRange } : {}) },
      ...Object.fromEntries(yAxes.map((axis, index) => {
        const range = rangeOf(axis);
        return [`y${index}`, { distr: axis.log_scale ? 3 : 1, ...(range ? { range } : {}) }];
      })),
      ...(yAxes.length === 0 ? { y0: {} } : {}),
    },
    axes: [
      axisOptions(plot.x_axis, 'x', 2, look),
      ...yAxes.map((axis, index) => axisOptions(axis, `y${index}`, axis.on_right || index > 0 ? 1 : 3, look)),
    ],
    series: [{}, ...plot.traces.map((trace, index): uPlot.Series => {
      const stroke = looks[index]?.stroke ?? ink;
      const lined = trace.trace_type !== 'none' && trace.trace_type !== 'errorbar';
      const stepped = trace.trace_type === 'step' ? steps : undefined;
      return {
        label: looks[index]?.label ?? '', scale: scaleName(trace.axis), show: trace.visible, spanGaps: !time, stroke, ...(stepped ? { paths: stepped } : {}), width: lined ? trace.line_width * zoom : 0,
        points: { show: trace.point_type !== 'none' || !lined, size: Math.max(2, trace.point_size) * zoom, fill: stroke, stroke },
      };
    })],
  };
}
