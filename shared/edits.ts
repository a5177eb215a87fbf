// A run whose remaining points were changed while it was paused tells so in a stream of its own, one event a change.
import type { DataKey } from './documents';

export const editsStream = 'edits';
export const editKeys = {
  /** The plan's arguments from then on, as JSON. */
  args: 'plan_args',
  /** Points of the primary stream before the change. */
  point: 'after_point',
  /** Points of the new path that were left out, as taken already. */
  skipped: 'skipped',
  user: 'user',
} as const;

const key = (dtype: DataKey['dtype']): DataKey => ({ source: 'endstation:edit', dtype, shape: [] });
export const editDataKeys: Readonly<Record<string, DataKey>> = {
  [editKeys.args]: key('string'), [editKeys.point]: key('integer'), [editKeys.skipped]: key('integer'), [editKeys.user]: key('string'),
};
