// Plans made of others, as the plain plans that they come to, one after the other. PURE.
import { EndstationError } from '@shared/errors';
import type { NestedPlan } from '@shared/plans/compositions';
import type { PlanRequest } from '@shared/plans';

/** What is done next: a plan that holds no other, or a wait. */
export type Part = { readonly request: PlanRequest } | { readonly wait: number };

/** Nested plans are checked with the plan that holds them. */
function asRequest(nested: NestedPlan): PlanRequest {
  return nested as unknown as PlanRequest;
}

/** Errors: `NO_PLAN_FILE` for a file that was not read. */
export function* partsOf(request: PlanRequest): Generator<Part, void, undefined> {
  switch (request.plan) {
    case 'sequence':
      for (const plan of request.args.plans) yield* partsOf(asRequest(plan));
      return;
    case 'loop':
      for (let round = 0; round < request.args.times; round++) {
        if (round > 0 && request.args.delay > 0) yield { wait: request.args.delay };
        yield* partsOf(asRequest(request.args.plan));
      }
      return;
    case 'include': {
      const { file, plan } = request.args;
      if (!plan) throw new EndstationError('NO_PLAN_FILE', `The plan file ${file} was not read.`);
      yield* partsOf(asRequest(plan));
      return;
    }
    default: yield { request };
  }
}

/** The plans in it, each once, with how often it is run; waits in seconds. */
export function summaryOf(request: PlanRequest, times = 1): { readonly plans: readonly { readonly request: PlanRequest; readonly times: number }[]; readonly waiting: number } {
  switch (request.plan) {
    case 'sequence': {
      const all = request.args.plans.map((plan) => summaryOf(asRequest(plan), times));
      return { plans: all.flatMap(({ plans }) => plans), waiting: all.reduce((sum, { waiting }) => sum + waiting, 0) };
    }
    case 'loop': {
      const { plans, waiting } = summaryOf(asRequest(request.args.plan), times * request.args.times);
      return { plans, waiting: waiting + times * (request.args.times - 1) * request.args.delay };
    }
    case 'include': return request.args.plan ? summaryOf(asRequest(request.args.plan), times) : { plans: [], waiting: 0 };
    default: return { plans: [{ request, times }], waiting: 0 };
  }
}

export function isComposition(request: PlanRequest): boolean {
  return request.plan === 'sequence' || request.plan === 'loop' || request.plan === 'include';
}
