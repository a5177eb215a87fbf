// Traces with points of their own, made into the one table that the plot draws: sorted by x. undefined: the trace has no point there; null: it has one that can't be drawn, a gap.
import type { PvState } from '@shared/pv';
import { numberOf } from '../displays/displayText';

export type Numbers = readonly number[] | Float64Array;
export interface TraceValues { readonly x: Numbers; readonly y: Numbers }
export type PlotTable = [x: number[], ...ys: (number | null | undefined)[][]];

/** The points of a value: an array's elements, or the one number. */
export function numbersOf(state: PvState | undefined): Numbers {
  const value = state?.value;
  if (value === null || value === undefined) return [];
  if (typeof value === 'object') return ArrayBuffer.isView(value) ? value instanceof Float64Array ? value : Float64Array.from(value as ArrayLike<number>) : value.map(Number);
  const one = numberOf(state);
  return Number.isNaN(one) ? [] : [one];
}

/** Without x, the index of the point. What one of both lacks is left out. */
export function traceValues(x: Numbers | null, y: Numbers): TraceValues {
  const length = x === null ? y.length : Math.min(x.length, y.length);
  return { x: x === null ? Array.from({ length }, (_, index) => index) : x.slice(0, length), y: y.slice(0, length) };
}

const drawable = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null);

export function plotTable(traces: readonly TraceValues[]): PlotTable {
  const [first, ...others] = traces;
  if (!first) return [[]];
  const same = (one: Numbers, other: Numbers) => one.length === other.length && one.every((value, index) => value === other[index]);
  const sorted = (x: Numbers) => x.every((value, index) => index === 0 || value > (x[index - 1] ?? -Infinity));
  if (sorted(first.x) && others.every((other) => same(other.x, first.x))) {
    return [Array.from(first.x), ...traces.map(({ y }) => Array.from(y, drawable))];
  }
  const rows = new Map<number, (number | null | undefined)[]>();
  traces.forEach(({ x, y }, trace) => {
    x.forEach((at, index) => {
      if (!Number.isFinite(at)) return;
      const row = rows.get(at) ?? traces.map(() => undefined);
      row[trace] = drawable(y[index]);
      rows.set(at, row);
    });
  });
  const xs = [...rows.keys()].sort((a, b) => a - b);
  return [xs, ...traces.map((_, trace) => xs.map((at) => rows.get(at)?.[trace]))];
}
