// A grid scan's points as a map: each falls into the cell that its motors were sent to, snake or not.
import { plannedAxes, type PlannedAxis } from './plannedRange';
import type { Field, RunTable } from './runTable';

export interface GridOfRun {
  /** The fastest axis. */
  readonly x: PlannedAxis & { readonly field: Field; readonly num: number };
  readonly y: PlannedAxis & { readonly field: Field; readonly num: number };
  /** Row by row, y then x; NaN where there is no point yet. */
  readonly values: Float64Array;
}

/** Two axes with a number of points each. */
export function isGridRun(table: RunTable): boolean { return axesOf(table) !== null; }

function axesOf(table: RunTable): Pick<GridOfRun, 'x' | 'y'> | null {
  const axes = plannedAxes(table).flatMap((axis) => {
    const field = table.fields.find((one) => one.role === 'motor' && (one.device === axis.motor || one.name === axis.motor));
    return field && axis.num !== null ? [{ ...axis, num: axis.num, field }] : [];
  });
  const [y, x] = axes;
  return axes.length === 2 && x && y && /^(rel_)?grid_scan$/.test(table.start?.plan_name ?? '') ? { x, y } : null;
}

/** The column that a position belongs to: the nearest of the plan's. */
export function cellOf(axis: Pick<PlannedAxis, 'start' | 'stop'> & { readonly num: number }, position: number): number {
  if (axis.num < 2 || axis.start === axis.stop) return 0;
  return Math.min(Math.max(Math.round(((position - axis.start) / (axis.stop - axis.start)) * (axis.num - 1)), 0), axis.num - 1);
}

export function positionOf(axis: Pick<PlannedAxis, 'start' | 'stop'> & { readonly num: number }, cell: number): number {
  return axis.num < 2 ? axis.start : axis.start + ((axis.stop - axis.start) * cell) / (axis.num - 1);
}

export function gridOfRun(table: RunTable, name: string): GridOfRun | null {
  const axes = axesOf(table);
  const z = table.numbers(name);
  if (!axes || !z) return null;
  const xs = table.numbers(axes.x.field.name);
  const ys = table.numbers(axes.y.field.name);
  const values = new Float64Array(axes.x.num * axes.y.num).fill(NaN);
  for (let index = 0; index < table.rows; index++) {
    const cell = cellOf(axes.y, ys?.[index] ?? NaN) * axes.x.num + cellOf(axes.x, xs?.[index] ?? NaN);
    const value = z[index];
    if (value !== undefined && Number.isInteger(cell)) values[cell] = value;
  }
  return { ...axes, values };
}
