// Axes of the small charts: round ticks, and a value's place in percent.

/** At most `most` round ticks from 0 to at least `top`; the last one is the end of the axis. */
export function ticksTo(top: number, most = 6): number[] {
  if (!(top > 0)) return [0, 1];
  const rough = top / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? 10 * power;
  const count = Math.ceil(top / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** `37.5%` of an axis from 0 to `end`; what lies beyond is drawn at its end. */
export function percent(value: number, end: number): string {
  return `${(100 * Math.min(Math.max(value / end, 0), 1)).toFixed(3)}%`;
}
