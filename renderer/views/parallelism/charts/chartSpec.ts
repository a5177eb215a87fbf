// What a chart shows, apart from how it is drawn: bars, curves, or lanes of time.

export interface Axis { readonly title: string; /** Empty: a plain number. */ readonly unit: string; readonly log?: boolean }

export interface Bar { /** Index of its name in the chart's `series`. */ readonly series: number; readonly value: number; readonly spread?: number; /** What stands beside it. */ readonly text: string }
export interface BarRow { readonly label: string; readonly note?: string; readonly bars: readonly Bar[]; /** Values to compare with, e.g. the article's. */ readonly marks?: readonly { readonly mark: number; readonly value: number }[] }
export interface BarChart {
  readonly kind: 'bars';
  readonly title: string;
  readonly axis: Axis;
  readonly series: readonly string[];
  readonly rows: readonly BarRow[];
  /** Names of the marks. */
  readonly marks?: readonly string[];
  /** A line through all rows, e.g. "as fast as serial". */
  readonly level?: { readonly label: string; readonly value: number };
}

export interface ChartPoint { readonly x: number; readonly y: number; readonly spread?: number }
export interface ChartLine { readonly name: string; readonly points: readonly ChartPoint[]; /** Without points: what would be, not what was measured. */ readonly ideal?: boolean }
export interface LineChart {
  readonly kind: 'lines';
  readonly title: string;
  readonly x: Axis & { /** Texts of ticks, where numbers say nothing, e.g. dates. */ readonly texts?: readonly { readonly at: number; readonly text: string }[] };
  readonly y: Axis;
  readonly lines: readonly ChartLine[];
  /** Points of others, e.g. the article's, or a level where `x` is left out. */
  readonly marks?: readonly { readonly label: string; readonly x?: number; readonly y: number }[];
}

export interface Lane { readonly title: string; /** Milliseconds since the measurement began; how much of the lane's height it fills, 0..1: all of it where that is left out. */ readonly spans: readonly (readonly [from: number, to: number, part?: number])[] }
export interface LaneChart { readonly kind: 'lanes'; readonly title: string; readonly axis: Axis; readonly lanes: readonly Lane[] }

export type ChartSpec = BarChart | LineChart | LaneChart;

/** `Time (s)` */
export function axisText({ title, unit }: Axis): string { return unit ? `${title} (${unit})` : title; }
