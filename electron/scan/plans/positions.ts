// Where the points of a scan lie: the same numbers as bluesky's, which are numpy.linspace's.

import { linspaceAt } from '@shared/linspace';

export interface Line { readonly motor: string; readonly start: number; readonly stop: number }
export interface GridAxis extends Line { readonly num: number }

/** One row a point, one column an axis; all axes move together. */
export function* linePositions(axes: readonly Line[], num: number): Generator<number[], void, undefined> {
  for (let index = 0; index < num; index++) yield axes.map((axis) => linspaceAt(axis.start, axis.stop, num, index));
}

/**
 * Every combination, the last axis fastest. With `snake` an axis runs backwards in every second pass,
 * counted over all slower axes together, as bluesky's snake_cyclers does.
 */
export function* gridPositions(axes: readonly GridAxis[], snake: boolean): Generator<number[], void, undefined> {
  const total = axes.reduce((product, axis) => product * axis.num, 1);
  for (let point = 0; point < total; point++) {
    let rest = point;
    const row = new Array<number>(axes.length);
    for (let column = axes.length - 1; column >= 0; column--) {
      const axis = axes[column];
      if (!axis) continue;
      const pass = Math.floor(rest / axis.num);
      const step = rest % axis.num;
      const index = snake && column > 0 && pass % 2 === 1 ? axis.num - 1 - step : step;
      row[column] = linspaceAt(axis.start, axis.stop, axis.num, index);
      rest = pass;
    }
    yield row;
  }
}
