// Which columns of a run are plotted against which, and what is made of them: ratio, derivative, order of x.
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

export interface PlotColumn { readonly name: string; readonly units: string; readonly values: Float64Array; readonly precision?: number | undefined }
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
export function plotData(table: RunTable, choice: PlotChoice): PlotData {
  const x = xColumn(table, choice.x);
  const order = ascending(x.values);
  const ordered = (values: Float64Array) => (order ? Float64Array.from(order, (index) => values[index] ?? NaN) : values);
  const xs = ordered(x.values);
  const divisor = choice.divideBy ? table.numbers(choice.divideBy) : null;
  const ys = choice.ys.flatMap((name) => {
    const values = table.numbers(name);
    if (!values) return [];
    const field = table.field(name);
    const divided = divisor ? ratio(values, divisor) : values;
    const own = ordered(divided);
    const units = divisor ? '' : field?.units ?? '';
    const shown = choice.derivative ? derivative(xs, own) : own;
    const label = choice.derivative ? `d(${divisor ? `${name} / ${choice.divideBy}` : name})/d(${x.name})` : divisor ? `${name} / ${choice.divideBy}` : name;
    return [{ name: label, units: choice.derivative && x.units ? `${units || '1'}/${x.units}` : units, values: shown }];
  });
  const last = x.values.length - 1;
  return { x: { ...x, values: xs }, ys, newest: order ? order.indexOf(last) : last };
}

function xColumn(table: RunTable, name: string): PlotColumn {
  if (name === pointNumber) return { name: 'Point', units: '', values: Float64Array.from({ length: table.rows }, (_, index) => index + 1) };
  const values = table.numbers(name);
  if (values) {
    const field = table.field(name);
    return { name, units: field?.units ?? '', values, precision: field?.precision };
  }
  const first = table.start?.time ?? table.time[0] ?? 0;
  return { name: 'Time', units: 's', values: table.time.map((time) => time - first) };
}

/** a / b, NaN where b is 0. */
export function ratio(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, index) => (b[index] ? value / (b[index] ?? NaN) : NaN));
}

/** Slope by central differences, one-sided at the ends; NaN where neighbours have one x. */
export function derivative(x: Float64Array, y: Float64Array): Float64Array {
  return y.map((_, index) => {
    const before = Math.max(index - 1, 0);
    const after = Math.min(index + 1, y.length - 1);
    const run = (x[after] ?? NaN) - (x[before] ?? NaN);
    return run === 0 ? NaN : ((y[after] ?? NaN) - (y[before] ?? NaN)) / run;
  });
}

/** The order that makes x ascending; null where it is already. Equal x stay in their order. */
export function ascending(x: Float64Array): Uint32Array | null {
  let sorted = true;
  for (let index = 1; index < x.length && sorted; index++) sorted = (x[index] ?? 0) >= (x[index - 1] ?? 0);
  if (sorted) return null;
  return Uint32Array.from(x.keys()).sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0) || a - b);
}
