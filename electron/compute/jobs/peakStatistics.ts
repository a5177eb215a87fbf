// Where the peak of a scan is: maximum, minimum, centre of mass, middle and width at half height.
import type { PeakInput, PeakStatistics } from '@shared/compute';
import { ComputeError } from '../computeError';

interface Point { readonly x: number; readonly y: number }

/**
 * Statistics of a curve, all positions in the unit of x. Points that aren't finite are left out; the order of x does not matter.
 * Half height is the middle between the lowest and the highest value. `cen` and `fwhm` come from the two crossings next to the
 * maximum, one at each side, so that a second, smaller peak does not widen the first.
 * Throws JOB_FAILED where x and y differ in length or have no finite point.
 */
export function peakStatistics({ x, y }: PeakInput): PeakStatistics {
  if (x.length !== y.length) throw new ComputeError('JOB_FAILED', `x has ${x.length} values and y has ${y.length}: they must be as many.`);
  const points = sortedFinite(x, y);
  const first = points[0];
  if (!first) throw new ComputeError('JOB_FAILED', 'The curve has no finite point, so it has no peak. Take at least one point.');
  let max = first;
  let min = first;
  for (const point of points) {
    if (point.y > max.y) max = point;
    if (point.y < min.y) min = point;
  }
  const half = min.y + (max.y - min.y) / 2;
  const crossings = max.y > min.y ? crossingsOf(points, half) : [];
  const left = [...crossings].reverse().find((at) => at <= max.x);
  const right = crossings.find((at) => at > max.x);
  const both = left !== undefined && right !== undefined;
  return {
    max, min, com: centreOfMass(points, min.y), crossings,
    cen: both ? (left + right) / 2 : null,
    fwhm: both ? right - left : null,
  };
}

function sortedFinite(x: Float64Array, y: Float64Array): Point[] {
  const points: Point[] = [];
  x.forEach((at, index) => {
    const value = y[index];
    if (value !== undefined && Number.isFinite(at) && Number.isFinite(value)) points.push({ x: at, y: value });
  });
  return points.sort((a, b) => a.x - b.x);
}

function centreOfMass(points: readonly Point[], floor: number): number | null {
  let mass = 0;
  let moment = 0;
  for (const point of points) {
    mass += point.y - floor;
    moment += point.x * (point.y - floor);
  }
  return mass > 0 ? moment / mass : null;
}

/** Where the straight lines between neighbours pass the level, ascending. */
function crossingsOf(points: readonly Point[], level: number): number[] {
  const found: number[] = [];
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1];
    const b = points[i];
    if (!a || !b || (a.y > level) === (b.y > level)) continue;
    found.push(a.x + ((level - a.y) / (b.y - a.y)) * (b.x - a.x));
  }
  return found;
}
