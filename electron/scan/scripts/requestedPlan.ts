// A request as the messages that carry it out, scripts and plans of plans included.
import type { Message, MessageResult, Plan } from '@shared/messages';
import type { PlanRequest } from '@shared/plans';
import { partsOf, summaryOf } from '../plans/compositions';
import type { Editing } from '../plans/editing';
import { planOf, planWith, sleep } from '../plans/plans';
import { scriptPlan } from './scriptPlan';

export interface PlanMaker {
  /** Folder of the built workers. */
  readonly workers: string;
  readonly print: (text: string) => void;
}

function leaf(request: PlanRequest, maker: PlanMaker): Plan {
  if (request.plan !== 'script') return planOf(request);
  const { source, name } = request.args;
  return scriptPlan({ workers: maker.workers, source, name, print: maker.print, planOf: (inner) => requestedPlan(inner, maker).plan });
}

async function* composed(request: PlanRequest, maker: PlanMaker): AsyncGenerator<Message, void, MessageResult> {
  for (const part of partsOf(request)) yield* 'wait' in part ? sleep(part.wait) : leaf(part.request, maker);
}

/** `editing`: the means to change its remaining points; null where it has none. */
export function requestedPlan(request: PlanRequest, maker: PlanMaker): { readonly plan: Plan; readonly editing: Editing | null } {
  if (request.plan === 'script') return { plan: leaf(request, maker), editing: null };
  if (summaryOf(request).plans.some((part) => part.request.plan === 'script')) return { plan: composed(request, maker), editing: null };
  const { steps, editing } = planWith(request);
  return { plan: steps, editing };
}
