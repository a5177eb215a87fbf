// A request as the messages that carry it out, scripts and plans of plans included.
import type { Message, MessageResult, Plan, PlanWhole } from '@shared/messages';
import type { PlanRequest } from '@shared/plans';
import { partsFrom, summaryOf, tellingWhole } from '../plans/compositions';
import type { Editing } from '../plans/editing';
import { composed, planOf, planWith, sleep } from '../plans/plans';
import { scriptPlan } from './scriptPlan';

export interface PlanMaker {
  /** Folder of the built workers. */
  readonly workers: string;
  readonly print: (text: string) => void;
}

function script({ args }: Extract<PlanRequest, { plan: 'script' }>, maker: PlanMaker, whole: PlanWhole): Plan {
  const { source, name } = args;
  return scriptPlan({ workers: maker.workers, source, name, whole, print: maker.print, planOf: (inner) => requestedPlan(inner, maker).plan });
}

async function* composedWithScripts(request: PlanRequest, maker: PlanMaker, from: number): AsyncGenerator<Message, void, MessageResult> {
  for (const { part, index, whole } of partsFrom(request, from)) {
    if ('wait' in part) yield* sleep(part.wait);
    else if (part.request.plan === 'script') yield* script(part.request, maker, whole ?? { plan: 'script', args: { name: part.request.args.name }, part: index });
    else yield* tellingWhole(planOf(part.request), whole);
  }
}

/** The parts of a plan of plans from number `from` on. */
export function restOf(request: PlanRequest, from: number, maker: PlanMaker): Plan {
  return hasScript(request) ? composedWithScripts(request, maker, from) : composed(request, from);
}

function hasScript(request: PlanRequest): boolean {
  return summaryOf(request).plans.some((part) => part.request.plan === 'script');
}

/** `editing`: the means to change its remaining points; null where it has none. */
export function requestedPlan(request: PlanRequest, maker: PlanMaker): { readonly plan: Plan; readonly editing: Editing | null } {
  if (request.plan === 'script') return { plan: script(request, maker, { plan: 'script', args: { name: request.args.name }, part: 0 }), editing: null };
  if (hasScript(request)) return { plan: composedWithScripts(request, maker, 0), editing: null };
  const { steps, editing } = planWith(request);
  return { plan: steps, editing };
}
