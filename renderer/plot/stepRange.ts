// Ranges of axes that grow in steps, so that nothing jumps at each point.

export type Range = readonly [number, number];

/** 1, 2 or 5 times a power of ten, at least the span. */
export function niceStep(span: number): number {
  const power = 10 ** Math.floor(Math.log10(span));
  const part = span / power;
  return (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10) * power;
}

/** The smallest range of whole steps (1, 2 or 5 times a power of ten, about a fifth of the span) around the values. */
export function niceRange(low: number, high: number): Range {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const size = Math.max(Math.abs(low), Math.abs(high));
  // A span lost in the rounding of the values is none.
  const own = high - low > Math.max(size * 1e-12, 1e-200) ? high - low : size * 0.1;
  const span = own > 1e-200 ? own : 1;
  const step = niceStep(span / 5);
  const from = Math.floor((low - span * 0.02) / step) * step;
  return [low >= 0 && from < 0 ? 0 : from, Math.ceil((high + span * 0.02) / step) * step];
}

/** The range before, while the values fit and fill a fair part of it; a new one otherwise. */
export function growRange(before: Range | null, low: number, high: number): Range {
  if (before && low >= before[0] && high <= before[1] && (high - low) >= (before[1] - before[0]) * 0.2) return before;
  return niceRange(low, high);
}

/** For a logarithmic axis: whole decades around the positive values. */
export function decadeRange(low: number, high: number): Range {
  if (!(high > 0)) return [0.1, 10];
  const from = 10 ** Math.floor(Math.log10(low > 0 ? low : high / 1e3));
  const to = 10 ** Math.ceil(Math.log10(high));
  return [from, to > from ? to : from * 10];
}

/** Of values in ascending order, those that are no numbers anywhere among them; null where there is no number. */
export function ascendingExtent(values: Float64Array): Range | null {
  let [first, last] = [0, values.length - 1];
  while (first <= last && !Number.isFinite(values[first])) first++;
  while (last >= first && !Number.isFinite(values[last])) last--;
  return first <= last ? [values[first] ?? NaN, values[last] ?? NaN] : null;
}

/** Lowest and highest finite value; null where there is none. `positive`: of those above 0. */
export function extent(columns: readonly Float64Array[], positive = false): Range | null {
  let low = Infinity;
  let high = -Infinity;
  for (const column of columns) {
    for (let index = 0; index < column.length; index++) {
      const value = column[index] ?? NaN;
      if (!Number.isFinite(value) || (positive && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}
