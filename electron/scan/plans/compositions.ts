// Plans made of others, as the plain plans that they come to, one after the other. PURE.
import { EndstationError } from '@shared/errors';
import type { MessageResult, PlanWhole } from '@shared/messages';
import type { NestedPlan } from '@shared/plans/compositions';
import type { PlanRequest } from '@shared/plans';
import type { Steps } from './stubs';

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

/** Which part it is, from 0; `whole`: what its runs tell of it, so that the parts after it can follow when it is resumed. */
export interface PlacedPart { readonly part: Part; readonly index: number; readonly whole: PlanWhole | null }

/** Characters of JSON: each run carries the whole, a larger one is left out. */
const largestWhole = 200_000;

/** Those from number `from` on. Errors: those of `partsOf`. */
export function* partsFrom(request: PlanRequest, from = 0): Generator<PlacedPart, void, undefined> {
  const told = isSingle(request) || JSON.stringify(request).length > largestWhole ? null : request;
  let index = 0;
  for (const part of partsOf(request)) {
    if (index >= from) yield { part, index, whole: told && { plan: told.plan, args: { ...told.args }, part: index } };
    index += 1;
  }
}

function isSingle(request: PlanRequest): boolean {
  const parts = partsOf(request);
  return parts.next().done === true || parts.next().done === true;
}

/** The part that runs with this name belong to; null where there is none, or it is a wait. */
export function partAt(request: PlanRequest, index: number): PlanRequest | null {
  for (const { part } of partsFrom(request, index)) return 'request' in part ? part.request : null;
  return null;
}

/** The steps as they are, but each run tells what it is part of. */
export function* tellingWhole(steps: Steps, whole: PlanWhole | null): Steps {
  let step = steps.next();
  try {
    while (step.done !== true) {
      const message = step.value;
      let result: MessageResult;
      try {
        result = yield whole && message.command === 'open_run' ? { ...message, whole } : message;
      } catch (error) {
        step = steps.throw(error);
        continue;
      }
      step = steps.next(result);
    }
  } finally {
    // Its own cleaning, where it was ended early.
    for (let end = steps.return(); end.done !== true;) end = steps.next(yield end.value);
  }
}
