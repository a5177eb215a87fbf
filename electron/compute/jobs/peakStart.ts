// Where a fit of a peak starts: read off the data, the nearer the fewer iterations.
import type { PeakShape } from '@shared/computeSignals';

/** Where the straight line between the points i - 1 and i passes the level. */
function crossing(x: Float64Array, y: Float64Array, i: number, level: number): number {
  const before = y[i - 1]!;
  return x[i - 1]! + ((level - before) / (y[i]! - before)) * (x[i]! - x[i - 1]!);
}

/** Writes the starting parameters for the first `points` of a curve with x ascending. */
export function startPeak(shape: PeakShape, x: Float64Array, y: Float64Array, points: number, start: Float64Array): void {
  let low = 0, high = 0;
  for (let i = 1; i < points; i += 1) {
    if (y[i]! > y[high]!) high = i;
    if (y[i]! < y[low]!) low = i;
  }
  const last = points - 1;
  const span = Math.abs(x[last]! - x[0]!) || 1;
  start[4] = 0;
  if (shape === 'step') {
    const rising = y[last]! >= y[0]!;
    start[0] = (y[high]! - y[low]!) * (rising ? 1 : -1);
    start[3] = rising ? y[low]! : y[high]!;
    const centre = levelBetween(x, y, points, (y[low]! + y[high]!) / 2) ?? x[0]! + span / 2;
    // The middle half of an error function is 0.57 of its width.
    const quarter = levelBetween(x, y, points, y[low]! + (y[high]! - y[low]!) / 4), threeQuarters = levelBetween(x, y, points, y[low]! + (0.75 * (y[high]! - y[low]!)));
    const width = quarter === null || threeQuarters === null ? 0 : Math.abs(threeQuarters - quarter) / 0.573;
    start[1] = centre;
    start[2] = Math.min(Math.max(width, span / (2 * points)), span);
    return;
  }
  // A dip is a peak of negative height: the ends say where the background is.
  const background = (y[0]! + y[last]!) / 2;
  const top = background - y[low]! > y[high]! - background ? low : high;
  start[0] = y[top]! - background;
  start[1] = x[top]!;
  start[2] = Math.max(widthAround(x, y, points, top, background + start[0] / 2) ?? span / 5, span / (4 * points));
  start[3] = background;
  if (shape === 'pseudoVoigt') start[5] = 0.5;
}

function levelBetween(x: Float64Array, y: Float64Array, points: number, level: number): number | null {
  for (let i = 1; i < points; i += 1) if ((y[i - 1]! > level) !== (y[i]! > level)) return crossing(x, y, i, level);
  return null;
}

/** Between the crossings of half height next to the top; twice the distance to the one where there is no other. */
function widthAround(x: Float64Array, y: Float64Array, points: number, top: number, level: number): number | null {
  const above = y[top]! > level;
  let left: number | null = null, right: number | null = null;
  for (let i = top; i > 0 && left === null; i -= 1) if ((y[i - 1]! > level) !== above) left = crossing(x, y, i, level);
  for (let i = top + 1; i < points && right === null; i += 1) if ((y[i]! > level) !== above) right = crossing(x, y, i, level);
  if (left !== null && right !== null) return right - left;
  if (left !== null) return 2 * (x[top]! - left);
  return right === null ? null : 2 * (right - x[top]!);
}
