// Points measured anywhere in a plane, brought onto a regular grid.
import type { Grid, RegridInput } from '@shared/computeSignals';
import { ComputeError } from '../computeError';

const rangeOf = (values: Float64Array): [number, number] => {
  let [low, high] = [Infinity, -Infinity];
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return high > low ? [low, high] : [low - 0.5, low + 0.5];
};

/** Cells reach from the lowest to the highest point, the last one closed on both sides, as SciPy's `binned_statistic_2d`. */
export function regrid({ x, y, value, columns, rows }: RegridInput): Grid {
  if (x.length !== y.length || x.length !== value.length || x.length === 0) throw new ComputeError('JOB_FAILED', `x, y and value must be as many, at least one; they are ${x.length}, ${y.length} and ${value.length}.`);
  if (![columns, rows].every((n) => Number.isInteger(n) && n >= 1 && n <= 10_000)) throw new ComputeError('JOB_FAILED', `A grid has 1 to 10,000 columns and rows; ${columns} x ${rows} were asked for.`);
  const [[x0, x1], [y0, y1]] = [rangeOf(x), rangeOf(y)];
  const sums = new Float64Array(columns * rows);
  const points = new Float64Array(columns * rows);
  for (let i = 0; i < x.length; i += 1) {
    if (!Number.isFinite(value[i]!) || !Number.isFinite(x[i]!) || !Number.isFinite(y[i]!)) continue;
    const column = Math.min(columns - 1, Math.floor(((x[i]! - x0) / (x1 - x0)) * columns));
    const row = Math.min(rows - 1, Math.floor(((y[i]! - y0) / (y1 - y0)) * rows));
    const cell = row * columns + column;
    sums[cell] = sums[cell]! + value[i]!;
    points[cell] = points[cell]! + 1;
  }
  const middle = (low: number, high: number, n: number) => Float64Array.from({ length: n }, (_, i) => low + ((i + 0.5) * (high - low)) / n);
  return { x: middle(x0, x1, columns), y: middle(y0, y1, rows), value: sums.map((s, i) => s / points[i]!), points };
}
