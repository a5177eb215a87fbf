// Which columns of a run are plotted against which, and what is made of them: ratio, derivative, order of x.
import { GrowingNumbers } from './growingNumbers';
import type { RunTable } from './runTable';

/** x that is no column of the run. */
export const pointNumber = '#point';
export const elapsedTime = '#time';

export interface PlotChoice {
  readonly x: string;
  readonly ys: readonly string[];
  /** The column that all ys are divided by; '' for none. */
  readonly divideBy: string;
  readonly derivative: boolean;
  readonly logY: boolean;
}

export interface PlotColumn {
  readonly name: string;
  readonly units: string;
  readonly values: Float64Array;
  readonly precision?: number | undefined;
  /** So many values from the first on stay as they are while points come; all of them where it is not said. */
  readonly settled?: number;
}
export interface PlotData {
  readonly x: PlotColumn;
  readonly ys: readonly PlotColumn[];
  /** Where the newest point is in the columns, -1 while there is none. */
  readonly newest: number;
}

const mostAtFirst = 4;

/** The first scanned motor against the detectors; the time where nothing moved. */
export function defaultChoice(table: RunTable): PlotChoice {
  const scanned = table.start?.hints.dimensions.flatMap(([names]) => names) ?? [];
  const numeric = table.numericFields;
  const x = scanned.find((name) => numeric.some((field) => field.name === name)) ?? elapsedTime;
  const ys = numeric.filter((field) => field.role === 'detector').map((field) => field.name);
  return { x, ys: ys.slice(0, mostAtFirst), divideBy: '', derivative: false, logY: false };
}

/** Keeps of a choice what the table has, and fills the rest from its default. */
export function fitChoice(choice: Partial<PlotChoice>, table: RunTable): PlotChoice {
  const fresh = defaultChoice(table);
  const has = (name: string | undefined) => name !== undefined && table.numericFields.some((field) => field.name === name);
  const ys = (choice.ys ?? []).filter(has);
  const x = choice.x !== undefined && (has(choice.x) || choice.x === pointNumber || choice.x === elapsedTime) ? choice.x : fresh.x;
  return {
    ...fresh, ...choice, x, ys: ys.length > 0 || choice.ys?.length === 0 ? ys : fresh.ys, divideBy: has(choice.divideBy) ? choice.divideBy ?? '' : '',
  };
}

/** The columns to draw, x ascending as a line plot needs it. */
export function plotData(table: RunTable, choice: PlotChoice): PlotData { return new PlotColumns().of(table, choice); }

/** The columns of a run that goes on. What was worked out for the points before is kept: the memory of a column stays the same until it is full. */
export class PlotColumns {
  #table: RunTable | null = null;
  #x = '';
  #derived = new Map<string, GrowingNumbers>();
  #order: Uint32Array | null = null;
  /** So many values of x are known to ascend. */
  #ascends = 0;

  of(table: RunTable, choice: PlotChoice): PlotData {
    if (table !== this.#table || choice.x !== this.#x) {
      this.#derived.clear();
      [this.#table, this.#x, this.#order, this.#ascends] = [table, choice.x, null, 0];
    }
    const x = this.#xColumn(table, choice.x);
    const order = this.#orderOf(x.values);
    const xs = order ? inOrder(x.values, order) : x.values;
    const ys = choice.ys.flatMap((name) => {
      const values = table.numbers(name);
      if (!values) return [];
      const divisor = choice.divideBy ? table.numbers(choice.divideBy) : null;
      const own = divisor ? this.#grown(`${name} / ${choice.divideBy}`, values.length, (index) => quotient(values, divisor, index)) : values;
      const ordered = order ? inOrder(own, order) : own;
      const ratioName = divisor ? `${name} / ${choice.divideBy}` : name;
      const units = divisor ? '' : table.field(name)?.units ?? '';
      if (!choice.derivative) return [{ name: ratioName, units, values: ordered }];
      const shown = order ? derivative(xs, ordered) : this.#grownDerivative(`d(${ratioName})`, xs, ordered);
      return [{ name: `d(${ratioName})/d(${x.name})`, units: x.units ? `${units || '1'}/${x.units}` : units, values: shown, settled: Math.max(0, shown.length - 1) }];
    });
    const last = x.values.length - 1;
    return { x: { ...x, values: xs }, ys, newest: order ? order.indexOf(last) : last };
  }

  #xColumn(table: RunTable, name: string): PlotColumn {
    if (name === pointNumber) return { name: 'Point', units: '', values: this.#grown(name, table.rows, (index) => index + 1) };
    const values = table.numbers(name);
    if (values) {
      const field = table.field(name);
      return { name, units: field?.units ?? '', values, precision: field?.precision };
    }
    const { time } = table;
    const first = table.start?.time ?? time[0] ?? 0;
    return { name: 'Time', units: 's', values: this.#grown(elapsedTime, time.length, (index) => (time[index] ?? NaN) - first) };
  }

  /** Of earlier calls, and further up to the length. */
  #grown(key: string, length: number, at: (index: number) => number, from = Infinity): Float64Array {
    const known = this.#derived.get(key) ?? new GrowingNumbers();
    this.#derived.set(key, known);
    known.truncate(Math.min(length, from));
    for (let index = known.length; index < length; index++) known.push(at(index));
    return known.values;
  }

  /** The slope at the last point was one-sided: it is another one when a further point is there. */
  #grownDerivative(key: string, x: Float64Array, y: Float64Array): Float64Array {
    const before = this.#derived.get(key)?.length ?? 0;
    return this.#grown(key, y.length, (index) => slope(x, y, index), before - 1);
  }

  #orderOf(x: Float64Array): Uint32Array | null {
    if (this.#order === null) {
      let checked = Math.max(this.#ascends, 1);
      while (checked < x.length && (x[checked] ?? NaN) >= (x[checked - 1] ?? NaN)) checked++;
      this.#ascends = checked;
      if (checked >= x.length) return null;
    }
    return this.#order = extendedOrder(this.#order ?? new Uint32Array(0), x);
  }
}

export function inOrder(values: Float64Array, order: Uint32Array): Float64Array {
  const sorted = new Float64Array(order.length);
  for (let place = 0; place < order.length; place++) sorted[place] = values[order[place] ?? 0] ?? NaN;
  return sorted;
}

/** a / b, NaN where b is 0. */
function quotient(a: Float64Array, b: Float64Array, index: number): number {
  const divisor = b[index];
  return divisor ? (a[index] ?? NaN) / divisor : NaN;
}

/** By central differences, one-sided at the ends; NaN where neighbours have one x. */
function slope(x: Float64Array, y: Float64Array, index: number): number {
  const before = Math.max(index - 1, 0);
  const after = Math.min(index + 1, y.length - 1);
  const run = (x[after] ?? NaN) - (x[before] ?? NaN);
  return run === 0 ? NaN : ((y[after] ?? NaN) - (y[before] ?? NaN)) / run;
}
export function derivative(x: Float64Array, y: Float64Array): Float64Array { return y.map((_, index) => slope(x, y, index)); }

/** The order that makes x ascending, from that of its first points: the others are sorted and merged in. Equal x stay in their order; no number is last. */
export function extendedOrder(before: Uint32Array, x: Float64Array): Uint32Array {
  const key = (index: number) => { const at = x[index] ?? NaN; return Number.isNaN(at) ? Infinity : at; };
  const fresh = Uint32Array.from({ length: x.length - before.length }, (_, index) => before.length + index).sort((a, b) => key(a) - key(b) || a - b);
  if (before.length === 0) return fresh;
  const order = new Uint32Array(x.length);
  let [old, own] = [0, 0];
  for (let place = 0; place < order.length; place++) {
    const isOld = own >= fresh.length || (old < before.length && key(before[old] ?? 0) <= key(fresh[own] ?? 0));
    order[place] = (isOld ? before[old++] : fresh[own++]) ?? 0;
  }
  return order;
}

/** The order that makes x ascending; null where it is already. */
export function ascending(x: Float64Array): Uint32Array | null {
  for (let index = 1; index < x.length; index++) if (!((x[index] ?? NaN) >= (x[index - 1] ?? NaN))) return extendedOrder(new Uint32Array(0), x);
  return null;
}

/** The point next to a place on x, which ascends; -1 where there is none. */
export function nearestPoint(x: Float64Array, at: number): number {
  let [low, high] = [0, x.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? NaN) < at) low = middle;
    else high = middle;
  }
  return high >= 0 && Math.abs((x[high] ?? NaN) - at) < Math.abs((x[low] ?? NaN) - at) ? high : Math.min(low, high);
}
