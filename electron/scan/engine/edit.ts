// Replaces the remaining points of a plan that rests, and tells so in the run.
import { editDataKeys, editKeys, editsStream } from '@shared/edits';
import type { PlanRequest } from '@shared/plans';
import type { Editing } from '../plans/editing';
import { ReplannedError } from '../plans/itinerary';
import type { PlanRunner } from './planRunner';
import type { Rewind } from './rewind';
import type { Session } from './session';

export interface Followed { readonly session: Session; readonly plan: PlanRunner; readonly rewind: Rewind; readonly editing: Editing }

/** Points that are saved: the plan hears of the last one only when it is asked for more. */
export function pointsDone(editing: Editing, rewind: Rewind): number {
  return editing.done + Number(editing.underWay && rewind.saved);
}

/** Gives the points of the whole. Errors: `NOT_EDITABLE`. */
export function replaceRest({ session, plan, rewind, editing }: Followed, request: PlanRequest, skip: number | undefined, user: string): { points: number } {
  const { underWay } = editing;
  const done = pointsDone(editing, rewind);
  const skipped = skip ?? done;
  const left = editing.replace(request, skipped, underWay && rewind.saved);
  // The point that the pause cut off is none of the new ones.
  if (underWay) {
    rewind.clear();
    plan.fail(new ReplannedError());
  }
  session.run?.bundler.note(editsStream, editDataKeys, { [editKeys.args]: JSON.stringify(request.args), [editKeys.point]: done, [editKeys.skipped]: skipped, [editKeys.user]: user });
  return left;
}
