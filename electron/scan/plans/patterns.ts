// Plans whose positions are known before they begin: what each visits, as data that run, preflight and documents share.
import type { OpenRunMessage } from '@shared/messages';
import { linspaceAt } from '@shared/linspace';
import type { PlanRequest } from '@shared/plans';
import { gridPositions, linePositions, listPositions, logPositions, type GridAxis, type Positions } from './positions';
import { fermatPositions, spiralPositions, squarePositions, type Area, type Winding } from './spirals';

export interface Pattern extends Pick<OpenRunMessage, 'detectors' | 'motors' | 'shape' | 'extents' | 'snaking' | 'gridding' | 'dimensions'> {
  readonly points: number;
  /** Offsets from where the motors stand, where they go back at the end. */
  readonly relative: boolean;
  readonly positions: () => Positions;
}

interface Axis { readonly motor: string }
type Extent = readonly [number, number];
const names = (axes: readonly Axis[]): string[] => axes.map((axis) => axis.motor);

function together(axes: readonly Axis[]): Pick<Pattern, 'motors' | 'dimensions'> {
  return { motors: names(axes), dimensions: [names(axes)] };
}

function grid(axes: readonly (Axis & GridAxis)[], extents: readonly Extent[]): Pick<Pattern, 'motors' | 'dimensions' | 'points' | 'shape' | 'extents' | 'snaking' | 'positions'> {
  return {
    motors: names(axes), dimensions: axes.map(({ motor }) => [motor]), points: axes.reduce((product, axis) => product * axis.num, 1),
    shape: axes.map((axis) => axis.num), extents, snaking: axes.map((axis) => axis.snake), positions: () => gridPositions(axes),
  };
}

interface SpiralAxis extends Axis { readonly start?: number; readonly center?: number; readonly range: number }
function areaOf(axes: readonly SpiralAxis[]): Area {
  const [x, y] = axes;
  return { center: [x?.start ?? x?.center ?? 0, y?.start ?? y?.center ?? 0], range: [x?.range ?? 0, y?.range ?? 0] };
}
function windingOf({ dr, dr_y, tilt }: { dr: number; dr_y?: number | undefined; tilt: number }): Winding {
  return { dr, aspect: dr_y === undefined ? 1 : dr_y / dr, tilt };
}
function area(axes: readonly SpiralAxis[], positions: () => Positions): Pick<Pattern, 'motors' | 'dimensions' | 'points' | 'extents' | 'positions'> {
  const { center, range } = areaOf(axes);
  let points = 0;
  for (const _ of positions()) points += 1;
  const extents = center.map((middle, index): Extent => [middle - (range[index] ?? 0) / 2, middle + (range[index] ?? 0) / 2]);
  return { motors: names(axes), dimensions: names(axes).map((motor) => [motor]), points, extents, positions };
}

/** null: the plan finds its way by itself, or goes none. */
export function patternOf(request: PlanRequest): Pattern | null {
  const relative = request.plan.startsWith('rel_') || request.plan === 'x2x_scan';
  switch (request.plan) {
    case 'scan': case 'rel_scan': {
      const { detectors, axes, num } = request.args;
      return { detectors, relative, ...together(axes), points: num, positions: () => linePositions(axes, num) };
    }
    case 'x2x_scan': {
      const { detectors, axes, start, stop, num } = request.args;
      const lines = axes.map(({ motor }, index) => ({ motor, start: start / (index + 1), stop: stop / (index + 1) }));
      return { detectors, relative, ...together(axes), points: num, positions: () => linePositions(lines, num) };
    }
    case 'list_scan': case 'rel_list_scan': {
      const { detectors, axes } = request.args;
      return { detectors, relative, ...together(axes), points: axes[0]?.positions.length ?? 0, positions: () => listPositions(axes.map((axis) => axis.positions)) };
    }
    case 'log_scan': case 'rel_log_scan': {
      const { detectors, axes, num } = request.args;
      const { start, stop } = axes[0] ?? { start: 0, stop: 0 };
      return { detectors, relative, ...together(axes), points: num, positions: () => logPositions(start, stop, num) };
    }
    case 'grid_scan': case 'rel_grid_scan': {
      const { detectors, axes, snake } = request.args;
      const lines = axes.map((axis, column) => ({
        ...axis, snake: column > 0 && (axis.snake ?? snake), at: (index: number) => linspaceAt(axis.start, axis.stop, axis.num, index),
      }));
      return { detectors, relative, gridding: 'rectilinear', ...grid(lines, axes.map((axis): Extent => [axis.start, axis.stop])) };
    }
    case 'list_grid_scan': case 'rel_list_grid_scan': {
      const { detectors, axes, snake } = request.args;
      const lists = axes.map(({ motor, positions, snake: own }, column) => ({
        motor, num: positions.length, snake: column > 0 && (own ?? snake), at: (index: number) => positions[index] ?? Number.NaN,
      }));
      return { detectors, relative, ...grid(lists, axes.map(({ positions }): Extent => [least(positions), -least(positions.map((position) => -position))])) };
    }
    case 'spiral': case 'rel_spiral': {
      const { detectors, axes, nth, ...winding } = request.args;
      return { detectors, relative, ...area(axes, () => spiralPositions(areaOf(axes), windingOf(winding), nth)) };
    }
    case 'spiral_fermat': case 'rel_spiral_fermat': {
      const { detectors, axes, factor, ...winding } = request.args;
      return { detectors, relative, ...area(axes, () => fermatPositions(areaOf(axes), windingOf(winding), factor)) };
    }
    case 'spiral_square': case 'rel_spiral_square': {
      const { detectors, axes } = request.args;
      const [x, y] = axes;
      const found = area(axes, () => squarePositions(areaOf(axes), [x?.num ?? 0, y?.num ?? 0]));
      // The slow axis is y, as in bluesky's document.
      return {
        detectors, relative, ...found, gridding: 'rectilinear_nonsequential', shape: axes.map((axis) => axis.num).reverse(),
        extents: [...found.extents ?? []].reverse(), dimensions: [...found.dimensions].reverse(),
      };
    }
    default: return null;
  }
}

function least(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Infinity);
}
