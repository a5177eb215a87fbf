// The default plot of a run: NXdata with signal and axes, a line or, for a grid, a map.
import { linspaceAt } from '@shared/linspace';
import type { RunStart } from '@shared/documents';
import type { RunTable } from '../runTable';
import { group, link, nexusName, numbers, type Attribute, type NexusGroup, type NexusNode } from './tree';

/** Index in the grid (slowest axis first) of the point with this number, where every second pass of a snaking axis runs backwards. */
export function gridIndex(point: number, shape: readonly number[], snaking: readonly boolean[]): number {
  let rest = point;
  let index = 0;
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    const pass = Math.floor(rest / size);
    const step = rest % size;
    index += (snaking[axis] && pass % 2 === 1 ? size - 1 - step : step) * stride;
    stride *= size;
    rest = pass;
  }
  return index;
}

interface Plot {
  readonly table: RunTable;
  readonly start: RunStart;
  /** Data key -> path of its dataset. */
  readonly paths: ReadonlyMap<string, string>;
  /** Data keys of the detectors' numbers, the one to plot first. */
  readonly signals: readonly string[];
}

/** null: nothing that can be plotted was measured. */
export function plotData(plot: Plot): NexusGroup | null {
  const { signals, start } = plot;
  if (signals.length === 0) return null;
  const { shape, extents } = start as RunStart & { extents?: readonly (readonly [number, number])[] };
  // Only points on an even grid, taken in its order, make a map without looking at each.
  const isMap = start.hints.gridding === 'rectilinear' && shape !== undefined && shape.length > 1 && extents?.length === shape.length;
  return isMap ? mapData(plot, shape, extents) : lineData(plot);
}

/** A plot for each column of images or spectra, over the first thing that was scanned. */
export function stackPlots({ table, start, paths }: Plot): Record<string, NexusGroup> {
  const found: Record<string, NexusGroup> = {};
  for (const [key, column] of table.columns) {
    const path = paths.get(key);
    const first = column.kind === 'stored' ? column.values.find((place) => place !== null) : null;
    if (!first || path === undefined) continue;
    const axis = start.hints.dimensions.flatMap(([fields]) => fields).find((name) => paths.has(name) && table.columns.get(name)?.kind === 'number');
    const over = axis ?? 'point_number';
    const positions = axis === undefined ? numbers(Float64Array.from({ length: column.values.length }, (_, index) => index + 1), [column.values.length], { long_name: 'point' }) : link(paths.get(axis) ?? '');
    found[`data_${nexusName(key)}`] = group('NXdata', { [nexusName(key)]: link(path), [nexusName(over)]: positions },
      { signal: nexusName(key), axes: [nexusName(over), ...first.shape.map(() => '.')], [`${nexusName(over)}_indices`]: 0 });
  }
  return found;
}

function describe(signals: readonly string[], axes: readonly string[], indices: Readonly<Record<string, number>>): Record<string, Attribute> {
  const [signal = '', ...others] = signals.map(nexusName);
  const own = Object.fromEntries(Object.entries(indices).map(([name, index]) => [`${nexusName(name)}_indices`, index]));
  return { signal, ...(others.length > 0 ? { auxiliary_signals: others } : {}), axes: axes.map(nexusName), ...own };
}

function lineData({ table, start, paths, signals }: Plot): NexusGroup {
  const linked = (keys: readonly string[]): Record<string, NexusNode> => Object.fromEntries(keys.flatMap((key) => {
    const path = paths.get(key);
    return path === undefined ? [] : [[nexusName(key), link(path)]];
  }));
  const positions = start.hints.dimensions.flatMap(([fields]) => fields).filter((key) => paths.has(key) && table.columns.get(key)?.kind === 'number');
  const [axis] = positions;
  if (axis !== undefined) {
    const indices = Object.fromEntries(positions.map((key) => [key, 0]));
    return group('NXdata', { ...linked(signals), ...linked(positions) }, describe(signals, [axis], indices));
  }
  const elapsed = Float64Array.from(table.time, (time) => time - start.time);
  return group('NXdata', { ...linked(signals), elapsed_time: numbers(elapsed, [elapsed.length], { units: 's', long_name: 'time since start' }) },
    describe(signals, ['elapsed_time'], { elapsed_time: 0 }));
}

/** Values on the grid, NaN where nothing was measured; axes are the set positions. */
function mapData({ table, start, signals }: Plot, shape: readonly number[], extents: readonly (readonly [number, number])[]): NexusGroup {
  const snaking = Array.isArray(start['snaking']) ? start['snaking'] as readonly boolean[] : [];
  const size = shape.reduce((product, length) => product * length, 1);
  const children: Record<string, NexusNode> = {};
  for (const key of signals) {
    const column = table.columns.get(key);
    if (column?.kind !== 'number') continue;
    const values = new Float64Array(size).fill(Number.NaN);
    column.values.forEach((value, point) => { if (point < size) values[gridIndex(point, shape, snaking)] = value; });
    const { units } = table.dataKeys[key] ?? {};
    children[nexusName(key)] = numbers(values, shape, { long_name: key, ...(units ? { units } : {}) });
  }
  const axes = start.motors.map((motor, index) => start.hints.dimensions[index]?.[0][0] ?? motor);
  axes.forEach((key, index) => {
    const [low, high] = extents[index] ?? [0, 0];
    const length = shape[index] ?? 1;
    const { units } = table.dataKeys[key] ?? {};
    children[nexusName(key)] = numbers(Float64Array.from({ length }, (_, step) => linspaceAt(low, high, length, step)), [length],
      { long_name: key, ...(units ? { units } : {}) });
  });
  return group('NXdata', children, describe(signals, axes, Object.fromEntries(axes.map((key, index) => [key, index]))));
}
