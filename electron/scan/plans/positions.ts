// Where the points of a scan lie: the same numbers as bluesky's, which are numpy's. One row a point, one column an axis.
import { linspaceAt } from '@shared/linspace';

export type Positions = Generator<number[], void, undefined>;
export interface Line { readonly motor: string; readonly start: number; readonly stop: number }
/** The positions of one axis of a grid. */
export interface GridAxis { readonly num: number; readonly at: (index: number) => number; readonly snake: boolean }

/** All axes move together. */
export function* linePositions(axes: readonly Line[], num: number): Positions {
  for (let index = 0; index < num; index++) yield axes.map((axis) => linspaceAt(axis.start, axis.stop, num, index));
}

/** numpy.logspace: `start` and `stop` are exponents of ten. */
export function* logPositions(start: number, stop: number, num: number): Positions {
  for (let index = 0; index < num; index++) yield [10 ** linspaceAt(start, stop, num, index)];
}

/** All axes step through their lists, which are of one length. */
export function* listPositions(lists: readonly (readonly number[])[]): Positions {
  const [first = []] = lists;
  for (let index = 0; index < first.length; index++) yield lists.map((list) => list[index] ?? Number.NaN);
}

/**
 * Every combination, the last axis fastest. An axis that snakes runs backwards in every second pass,
 * counted over all slower axes together, as bluesky's snake_cyclers does; the first one is passed once.
 */
export function* gridPositions(axes: readonly GridAxis[]): Positions {
  const total = axes.reduce((product, axis) => product * axis.num, 1);
  for (let point = 0; point < total; point++) {
    let rest = point;
    const row = new Array<number>(axes.length);
    for (let column = axes.length - 1; column >= 0; column--) {
      const axis = axes[column];
      if (!axis) continue;
      const pass = Math.floor(rest / axis.num);
      const step = rest % axis.num;
      row[column] = axis.at(axis.snake && column > 0 && pass % 2 === 1 ? axis.num - 1 - step : step);
      rest = pass;
    }
    yield row;
  }
}
