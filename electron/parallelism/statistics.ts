// Repeats of a measurement as one figure: the median, with half the range as its spread.
import type { Figure } from '@shared/lab';

/** NaN for no values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)];
  const high = sorted[Math.ceil(middle)];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** `spread`: half of what lies between the smallest and the largest; left out for a single value. */
export function figureOf(values: readonly number[], unit: string): Figure {
  const value = median(values);
  if (values.length < 2) return { value, unit };
  return { value, unit, spread: (Math.max(...values) - Math.min(...values)) / 2 };
}
