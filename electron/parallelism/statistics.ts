// Repeats of a measurement as one figure: the median, with half the range as its spread.
import type { Figure } from '@shared/lab';

/** NaN for no values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** `spread`: half of what lies between the smallest and the largest; left out for a single value. */
export function figureOf(values: readonly number[], unit: string): Figure {
  const value = median(values);
  if (values.length < 2) return { value, unit };
  return { value, unit, spread: (Math.max(...values) - Math.min(...values)) / 2 };
}

/** The value below which that part (0..1) of the values lies, by linear interpolation; NaN for no values. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  return low === undefined || high === undefined ? Number.NaN : low + (high - low) * (place - Math.floor(place));
}
