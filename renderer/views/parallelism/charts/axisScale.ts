// Axes of the charts: round ticks, and the place of a value between them.
import { numberText } from '../figureText';

export interface Scale {
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  /** Pixels; values beyond the axis lie at its ends. */
  place(value: number): number;
}

/** At most `most` round ticks from 0 to at least `top`; the last one is the end of the axis. */
export function ticksTo(top: number, most = 6): number[] {
  if (!(top > 0) || !Number.isFinite(top)) return [0, 1];
  const rough = top / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? 10 * power;
  const count = Math.ceil(top / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** An axis from 0, or in decades: `values` are those it must hold, `from` and `to` the pixels of its ends. */
export function scaleOf(values: readonly number[], { log = false, from, to, most = 6 }: { log?: boolean | undefined; from: number; to: number; most?: number }): Scale {
  const finite = values.filter((value) => Number.isFinite(value));
  const positive = finite.filter((value) => value > 0);
  if (log && positive.length > 0) return decades(Math.min(...positive), Math.max(...positive), from, to);
  const ticks = ticksTo(Math.max(0, ...finite), most);
  const end = ticks.at(-1) ?? 1;
  return { ticks: ticks.map((at) => ({ at, text: tickText(at) })), place: (value) => from + clamp(value / end) * (to - from) };
}

/** An axis that begins at its lowest value, e.g. of dates. */
export function scaleBetween(low: number, high: number, from: number, to: number): (value: number) => number {
  return (value) => (high > low ? from + clamp((value - low) / (high - low)) * (to - from) : (from + to) / 2);
}

/** From 1, 2 or 5 times a power of ten to another; a tick at each decade, or at those steps where there are few. */
function decades(low: number, high: number, from: number, to: number): Scale {
  const steps = Array.from({ length: 40 }, (_, i) => i - 20).flatMap((power) => [1, 2, 5].map((step) => Number(`${step}e${power}`)));
  // Below the lowest value, so that its bar can be seen.
  const first = [...steps].reverse().find((each) => each <= low * 0.8) ?? low;
  const last = steps.find((each) => each > first && each >= high * (1 - 1e-9)) ?? high;
  const within = steps.filter((each) => each >= first && each <= last);
  const tens = within.filter((each) => Number.isInteger(Math.round(Math.log10(each) * 1e9) / 1e9));
  const ticks = tens.length < 3 ? within : tens;
  const every = Math.ceil(ticks.length / 7);
  const span = Math.log10(last / first);
  return {
    ticks: ticks.flatMap((at, i) => (i % every === 0 ? [{ at, text: tickText(at) }] : [])),
    place: (value) => from + (value > 0 ? clamp(Math.log10(value / first) / span) : 0) * (to - from),
  };
}

function clamp(part: number): number { return Math.min(Math.max(part, 0), 1); }

function tickText(value: number): string {
  if (Math.abs(value) >= 1e6) return `${Number((value / 1e6).toPrecision(6))} M`;
  if (Math.abs(value) >= 1e4) return `${Number((value / 1e3).toPrecision(6))} k`;
  return Number.isInteger(value) || Math.abs(value) >= 1e-4 ? String(value) : numberText(value);
}
