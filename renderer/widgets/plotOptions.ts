// An xyplot's properties as options of the plot library: axes, scales, series and their colours.
import type { WidgetOf } from '@shared/displays/displayModel';
import type uPlot from 'uplot';
import type { Paint } from '../displays/palette';
import { familyStack, type DisplayFont } from '@shared/displays/displayFonts';

type Plot = WidgetOf<'xyplot'>;
type Axis = Plot['x_axis'];

export interface PlotTheme { readonly text: string; readonly grid: string; series(index: number): string; resolve(css: string): string }

/** The canvas needs colours, not variables of the style sheet. */
export function plotTheme(element: Element): PlotTheme {
  const style = getComputedStyle(element);
  const resolve = (css: string) => {
    const name = /^var\((--[\w-]+)\)$/.exec(css)?.[1];
    return name === undefined ? css : style.getPropertyValue(name).trim() || 'currentcolor';
  };
  return { text: resolve('var(--muted)'), grid: resolve('var(--border)'), series: (index) => resolve(`var(--series-${(index % 8) + 1})`), resolve };
}

const canvasFont = (font: DisplayFont) => `${font.italic ? 'italic ' : ''}${font.bold ? 'bold ' : ''}${font.size}px ${familyStack(font.family)}`;

/** Fixed limits of the file, or as the data wants. */
function rangeOf({ autoscale, minimum, maximum }: Axis): uPlot.Scale.Range | undefined {
  if (autoscale || !(minimum < maximum)) return undefined;
  return [minimum, maximum];
}

function axisOptions(axis: Axis, scale: string, side: uPlot.Axis.Side, ink: string, grid: string): uPlot.Axis {
  const titled = axis.title.trim() !== '';
  return {
    scale, side, show: axis.visible, stroke: ink, font: canvasFont(axis.scale_font), labelFont: canvasFont(axis.title_font),
    grid: { show: axis.show_grid, stroke: grid, width: 1 }, ticks: { stroke: grid, size: 4 }, gap: 3,
    size: side % 2 === 1 ? 48 : axis.scale_font.size + 14,
    ...(titled ? { label: axis.title, labelSize: axis.title_font.size + 8, labelGap: 0 } : {}),
  };
}

export interface TraceLook { readonly label: string; readonly stroke: string }

export function plotOptions(plot: Plot, looks: readonly TraceLook[], size: { width: number; height: number }, paint: Paint, theme: PlotTheme): uPlot.Options {
  const ink = theme.resolve(paint.ink(plot.foreground_color, plot.background_color));
  const grid = theme.resolve(paint.themed ? 'var(--border)' : paint.fill(plot.grid_color));
  const yAxes = plot.y_axes.length > 0 ? plot.y_axes : [];
  const scaleName = (index: number) => (index < yAxes.length ? `y${index}` : 'y0');
  const xRange = rangeOf(plot.x_axis);
  return {
    ...size, padding: [8, 10, 0, 0], legend: { show: false }, cursor: { drag: { x: true, y: false }, points: { size: 6 } },
    scales: {
      x: { time: false, distr: plot.x_axis.log_scale ? 3 : 1, ...(xRange ? { range: xRange } : {}) },
      ...Object.fromEntries(yAxes.map((axis, index) => {
        const range = rangeOf(axis);
        return [`y${index}`, { distr: axis.log_scale ? 3 : 1, ...(range ? { range } : {}) }];
      })),
      ...(yAxes.length === 0 ? { y0: {} } : {}),
    },
    axes: [
      axisOptions(plot.x_axis, 'x', 2, ink, grid),
      ...yAxes.map((axis, index) => axisOptions(axis, `y${index}`, axis.on_right || index > 0 ? 1 : 3, ink, grid)),
    ],
    series: [{}, ...plot.traces.map((trace, index): uPlot.Series => {
      const stroke = looks[index]?.stroke ?? ink;
      const lined = trace.trace_type !== 'none' && trace.trace_type !== 'errorbar';
      return {
        label: looks[index]?.label ?? '', scale: scaleName(trace.axis), show: trace.visible, spanGaps: true, stroke, width: lined ? trace.line_width : 0,
        points: { show: trace.point_type !== 'none' || !lined, size: Math.max(2, trace.point_size), fill: stroke, stroke },
      };
    })],
  };
}
