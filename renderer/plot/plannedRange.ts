// What x will span when the run is done, from the arguments of its plan: the axis stands still from the first point.
import type { Range } from './stepRange';
import type { RunTable } from './runTable';

export interface PlannedAxis { readonly motor: string; readonly start: number; readonly stop: number; readonly num: number | null }

/** Plans whose arguments are offsets from where the motors stood, or exponents: positions are only known as they come. */
const notPositions = /^(rel_.*|log_scan|x2x_scan)$/;

/** The axes of the plan as asked for; none where the plan has none, or its arguments are of another shape. */
export function plannedAxes(table: RunTable): readonly PlannedAxis[] {
  const axes: unknown = table.start?.plan_args['axes'];
  if (!Array.isArray(axes)) return [];
  if (notPositions.test(table.start?.plan_name ?? '')) return axesOfExtents(table, axes);
  return axes.flatMap((axis: unknown) => {
    if (typeof axis !== 'object' || axis === null || !('motor' in axis) || !('start' in axis) || !('stop' in axis)) return [];
    const { motor, start, stop } = axis;
    const num = 'num' in axis && typeof axis.num === 'number' ? axis.num : null;
    return typeof motor === 'string' && typeof start === 'number' && typeof stop === 'number' ? [{ motor, start, stop, num }] : [];
  });
}

/** Of a relative grid: its document says where the axes began and ended. */
function axesOfExtents({ start }: RunTable, axes: readonly unknown[]): readonly PlannedAxis[] {
  if (start?.plan_name !== 'rel_grid_scan') return [];
  const { extents, shape, motors } = start;
  if (!Array.isArray(extents) || extents.length !== axes.length) return [];
  return motors.flatMap((motor, index): PlannedAxis[] => {
    const extent: unknown = extents[index];
    const [low, high]: unknown[] = Array.isArray(extent) ? extent : [];
    return typeof low === 'number' && typeof high === 'number' ? [{ motor, start: low, stop: high, num: shape?.[index] ?? null }] : [];
  });
}

/** With 2 % at each end, so that the first and last point are seen whole. */
export function plannedRange(table: RunTable, field: string): Range | null {
  const own = table.field(field);
  const axis = plannedAxes(table).find(({ motor }) => motor === field || motor === own?.device);
  if (!axis || axis.start === axis.stop) return null;
  const [low, high] = axis.start < axis.stop ? [axis.start, axis.stop] : [axis.stop, axis.start];
  const margin = (high - low) * 0.02;
  return [low - margin, high + margin];
}
