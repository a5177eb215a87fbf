// The last minutes of a value, for a strip chart: what came, when, and that it was lost.

export interface StripPoint { readonly time: number; /** null: from here on there is no value. */ readonly value: number | null }

/** Points kept of one trace; at 10 Hz that is over half an hour. */
const most = 20_000;

export class StripBuffer {
  #points: StripPoint[] = [];

  /** `time` in seconds; a point that is not later than the last one replaces it. */
  add(time: number, value: number | null): void {
    const last = this.#points.at(-1);
    if (last && last.value === null && value === null) return;
    if (last && time <= last.time) this.#points.pop();
    this.#points.push({ time: Math.max(time, last?.time ?? time), value });
    if (this.#points.length > most) this.#points.splice(0, most / 10);
  }

  /** The points of the window that ends `now`, with the value that held at its beginning, and the last one carried on to `now`. */
  window(now: number, span: number): StripPoint[] {
    const start = now - span;
    const first = this.#points.findIndex(({ time }) => time >= start);
    const before = first === -1 ? this.#points.at(-1) : this.#points[first - 1];
    const inside = first === -1 ? [] : this.#points.slice(first).filter(({ time }) => time <= now);
    const last = inside.at(-1) ?? before;
    return [
      ...(before ? [{ time: start, value: before.value }] : []), ...inside,
      ...(last && last.value !== null && last.time < now ? [{ time: now, value: last.value }] : []),
    ];
  }
}

const units: Readonly<Record<string, number>> = { second: 1, sec: 1, s: 1, minute: 60, min: 60, m: 60, hour: 3600, h: 3600, day: 86_400, d: 86_400, week: 604_800, w: 604_800 };

/** Seconds of a relative time as Phoebus writes it: `1 minute`, `-2 hours 30 min`. What can't be read is one minute. */
export function spanSeconds(text: string): number {
  let seconds = 0;
  for (const [, number, unit = ''] of text.toLowerCase().matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    seconds += Number(number) * (units[unit] ?? units[unit.replace(/s$/, '')] ?? 0);
  }
  return seconds > 0 ? seconds : 60;
}
