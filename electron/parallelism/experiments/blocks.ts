// One long measurement as repeats: its values, in the order in which they came, cut into blocks of the same length.
import type { Figure } from '@shared/lab';
import { figureOf, quantile } from '../statistics';

export const blockCount = 5;

/** The quantile of each block, as a figure with spread. Fewer values than two a block: of all of them, without spread. */
export function quantileOfBlocks(values: readonly number[], part: number, unit: string): Figure {
  const each = Math.floor(values.length / blockCount);
  if (each < 2) return { value: quantile(values, part), unit };
  return figureOf(Array.from({ length: blockCount }, (_, index) => quantile(values.slice(index * each, (index + 1) * each), part)), unit);
}
