// A job's result as curves, a map and numbers with units: what the window plots, the command line prints and a CSV file holds.
import type { JobName, JobOutput, UserValue } from './compute';
import type { InputSource } from './computeTasks';

export interface ResultColumn { readonly name: string; readonly units: string; readonly values: Float64Array }
export interface ResultNumber { readonly name: string; readonly value: number | null; readonly units: string; /** One standard deviation. */ readonly error?: number }
/** `x` and `y`: where the middle of each column and row is. */
export interface ResultMap { readonly name: string; readonly units: string; readonly x: ResultColumn; readonly y: ResultColumn; /** Row after row. */ readonly values: Float64Array }
export interface PresentedResult {
  readonly curve: { readonly x: ResultColumn; readonly ys: readonly ResultColumn[] } | null;
  readonly map: ResultMap | null;
  readonly numbers: readonly ResultNumber[];
  /** What is neither: as JSON. */
  readonly rest: string | null;
}

type Sources = Readonly<Record<string, InputSource>>;
/** The input's curves, where they are at hand: shown under what was made of them. */
export type ShownInput = Readonly<Record<string, Float64Array>>;
type Present<J extends JobName> = (output: JobOutput<J>, unit: (field: string) => string, input: ShownInput) => Partial<PresentedResult>;

const column = (name: string, units: string, values: Float64Array): ResultColumn => ({ name, units, values });
const counted = (name: string, length: number): ResultColumn => column(name, '', Float64Array.from({ length }, (_, i) => i));
const number = (name: string, value: number | null, units: string, error?: number): ResultNumber => ({ name, value, units, ...(error === undefined ? {} : { error }) });
/** A unit of more than one part in brackets. */
const whole = (units: string): string => (/^[\p{L}%°]+$/u.test(units) ? units : `(${units})`);
const over = (units: string, other: string): string => (other ? `${units || '1'}/${whole(other)}` : units);
const squared = (units: string): string => (units ? `${whole(units)}²` : '1');

const fitUnits = (unit: (field: string) => string): Readonly<Record<string, string>> => ({ height: unit('y'), offset: unit('y'), centre: unit('x'), fwhm: unit('x'), slope: over(unit('y'), unit('x')), eta: '' });

const presenters: { readonly [J in JobName]: Present<J> } = {
  peakStatistics: (o, unit, { x, y }) => ({
    curve: x && y ? { x: column('x', unit('x'), x), ys: [column('y', unit('y'), y)] } : null,
    numbers: [
      number('Maximum', o.max.y, unit('y')), number('at', o.max.x, unit('x')), number('Minimum', o.min.y, unit('y')), number('at', o.min.x, unit('x')),
      number('Centre of mass', o.com, unit('x')), number('Centre', o.cen, unit('x')), number('FWHM', o.fwhm, unit('x')),
    ],
  }),
  peakFit: (o, unit, { x, y }) => {
    const units = fitUnits(unit);
    return {
      curve: { x: x ? column('x', unit('x'), x) : counted('Point', o.curve.length), ys: [...(y ? [column('Data', unit('y'), y)] : []), column('Fit', unit('y'), o.curve)] },
      numbers: [...Object.entries(o.parameters).map(([name, { value, error }]) => number(name, value, units[name] ?? '', error)), number('Residual, sum of squares', o.residual, unit('y') ? squared(unit('y')) : ''), number('Converged', o.converged ? 1 : 0, '')],
    };
  },
  peakFits: (o, unit) => {
    const curves = o.residual.length;
    return {
      curve: { x: counted('Curve', curves), ys: Object.entries(o.values).map(([name, values]) => column(name, fitUnits(unit)[name] ?? '', values)) },
      numbers: [number('Curves', curves, ''), number('Converged', o.converged.reduce((sum, one) => sum + one, 0), '')],
    };
  },
  fft: (o, unit) => ({
    curve: { x: counted('Bin', o.re.length), ys: [column('Magnitude', unit('re'), o.re.map((re, i) => Math.hypot(re, o.im[i] ?? 0))), column('Real', unit('re'), o.re), column('Imaginary', unit('re'), o.im)] },
    numbers: [number('Bins', o.re.length, '')],
  }),
  powerSpectrum: (o, unit) => {
    let top = 1;
    for (let i = 1; i < o.density.length; i += 1) if ((o.density[i] ?? 0) > (o.density[top] ?? 0)) top = i;
    return { curve: { x: column('Frequency', 'Hz', o.frequency), ys: [column('Density', `${squared(unit('y'))}/Hz`, o.density)] }, numbers: [number('Strongest line above 0 Hz', o.frequency[top] ?? null, 'Hz')] };
  },
  frameStatistics: (o, unit) => ({
    curve: o.histogram ? { x: column('Value', unit('data'), o.histogram.counts.map((_, i) => ((o.histogram?.edges[i] ?? 0) + (o.histogram?.edges[i + 1] ?? 0)) / 2)), ys: [column('Pixels', '', o.histogram.counts)] } : null,
    numbers: [
      number('Pixels', o.pixels, ''), ...(['sum', 'mean', 'deviation', 'min', 'max'] as const).map((name) => number(`${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`, o[name], unit('data'))),
      number('Centroid x', o.centroid?.x ?? null, 'pixels'), number('Centroid y', o.centroid?.y ?? null, 'pixels'),
    ],
  }),
  regionSums: (o, unit) => ({
    numbers: o.flatMap((region, i) => [number(`Region ${i + 1}: sum`, region.sum, unit('data')), number(`Region ${i + 1}: mean`, region.mean, unit('data')), number(`Region ${i + 1}: maximum`, region.max, unit('data')), number(`Region ${i + 1}: pixels`, region.pixels, '')]),
  }),
  azimuthalIntegration: (o, unit) => ({
    curve: { x: column('Two theta', '°', o.twoTheta), ys: [column('Intensity', unit('data'), o.intensity)] },
    numbers: [number('Bins', o.twoTheta.length, ''), number('Pixels', o.pixels.reduce((a, b) => a + b, 0), '')],
  }),
  stackStatistics: (o, unit) => ({
    curve: {
      x: counted('Frame', o.sum.length),
      ys: [...(['mean', 'sum', 'deviation', 'min', 'max'] as const).map((name) => column(name, unit('data'), o[name])), column('centroid x', 'pixels', o.centroidX), column('centroid y', 'pixels', o.centroidY)],
    },
    numbers: [number('Frames', o.sum.length, '')],
  }),
  stackRegionSums: (o, unit) => ({
    curve: { x: counted('Frame', o[0]?.sum.length ?? 0), ys: o.flatMap((region, i) => (['sum', 'mean', 'max'] as const).map((name) => column(`Region ${i + 1}: ${name}`, unit('data'), region[name]))) },
    numbers: [number('Frames', o[0]?.sum.length ?? 0, ''), number('Regions', o.length, '')],
  }),
  stackIntegration: (o, unit) => ({
    map: { name: 'Intensity', units: unit('data'), x: column('Two theta', '°', o.twoTheta), y: counted('Frame', o.frames), values: o.intensity },
    numbers: [number('Frames', o.frames, ''), number('First angle', o.twoTheta[0] ?? null, '°'), number('Last angle', o.twoTheta[o.twoTheta.length - 1] ?? null, '°')],
  }),
  background: (o, unit, { counts }) => ({ curve: { x: counted('Channel', o.length), ys: [...(counts ? [column('Spectrum', unit('counts'), counts)] : []), column('Background', unit('counts'), o)] }, numbers: [number('Counts below', o.reduce((a, b) => a + b, 0), unit('counts'))] }),
  xrfMap: (o) => {
    const lines = Object.entries(o);
    return {
      curve: { x: counted('Point', lines[0]?.[1].length ?? 0), ys: lines.map(([name, values]) => column(name, 'counts', values)) },
      numbers: lines.map(([name, values]) => number(`${name}, all points`, values.reduce((a, b) => a + b, 0), 'counts')),
    };
  },
  regrid: (o, unit) => ({
    map: { name: 'Value', units: unit('value'), x: column('x', unit('x'), o.x), y: column('y', unit('y'), o.y), values: o.value },
    numbers: [number('First column', o.x[0] ?? null, unit('x')), number('Last column', o.x[o.x.length - 1] ?? null, unit('x')), number('First row', o.y[0] ?? null, unit('y')), number('Last row', o.y[o.y.length - 1] ?? null, unit('y')), number('Empty cells', o.points.filter((n) => n === 0).length, '')],
  }),
  correlation: (o) => ({ curve: { x: column('Lag', 'frames', o.lag), ys: [column('g2', '', o.g2)] }, numbers: [number('g2 at lag 1', o.g2[0] ?? null, '')] }),
  userFunction: presentOwn,
};

/** Numbers and arrays at the top of a user's result, by their names; the rest as it is. */
function presentOwn(output: UserValue): Partial<PresentedResult> {
  const entries: readonly (readonly [string, UserValue])[] = isRecord(output) ? Object.entries(output) : [['Result', output]];
  const arrays = entries.flatMap(([name, value]) => (value instanceof Float64Array ? [column(name, '', value)] : []));
  const length = Math.max(0, ...arrays.map(({ values }) => values.length));
  const alike = arrays.filter(({ values }) => values.length === length);
  const x = alike.length > 1 ? alike.find(({ name }) => name === 'x') : undefined;
  const numbers = entries.flatMap(([name, value]) => (typeof value === 'number' ? [number(name, value, '')] : []));
  const rest = entries.filter(([, value]) => typeof value !== 'number' && !(value instanceof Float64Array && value.length === length));
  return {
    curve: length > 0 ? { x: x ?? counted('Index', length), ys: alike.filter((one) => one !== x) } : null, numbers,
    rest: rest.length > 0 ? JSON.stringify(Object.fromEntries(rest), (_key, value: unknown) => (value instanceof Float64Array ? [...value] : value), 2) : null,
  };
}
const isRecord = (value: UserValue): value is { readonly [name: string]: UserValue } => typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

/** `sources`: the units of the input's fields, where they are known. */
export function presentResult(job: JobName, output: unknown, sources: Sources = {}, input: ShownInput = {}): PresentedResult {
  const present = presenters[job] as Present<JobName>;
  return { curve: null, map: null, numbers: [], rest: null, ...present(output as JobOutput<JobName>, (field) => sources[field]?.units ?? '', input) };
}

const named = (name: string, units: string): string => (units ? `${name} (${units})` : name);
const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);

/** RFC 4180 after lines with `#`: `head` as `# key: value`, then each number with its unit. */
export function resultCsv(result: PresentedResult, head: Readonly<Record<string, string>>): string {
  const lines = Object.entries(head).map(([key, value]) => `# ${key}: ${value.replace(/\s+/g, ' ')}`);
  for (const { name, value, units, error } of result.numbers) lines.push(`# ${named(name, units)}: ${value === null ? 'none' : String(value)}${error === undefined ? '' : ` ± ${error}`}`);
  const { curve, map } = result;
  if (curve) {
    const columns = [curve.x, ...curve.ys];
    lines.push(columns.map((one) => cell(named(one.name, one.units))).join(','));
    for (let i = 0; i < curve.x.values.length; i += 1) lines.push(columns.map((one) => String(one.values[i])).join(','));
  }
  if (map) {
    const { x, y, values } = map;
    const columns = x.values.length;
    lines.push(`# ${named(map.name, map.units)}: a row of the map a line, after its place on the axis ${named(y.name, y.units)}; the places of the columns on the axis ${named(x.name, x.units)} are the first line`);
    lines.push([cell(`${named(y.name, y.units)} \\ ${named(x.name, x.units)}`), ...x.values].map(String).join(','));
    y.values.forEach((at, row) => lines.push([at, ...values.subarray(row * columns, (row + 1) * columns)].map(String).join(',')));
  }
  return `${lines.join('\n')}\n`;
}
