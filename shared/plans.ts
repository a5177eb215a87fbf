// The plans' parameters: one schema each, from which the form, the command line, the validation and the docs are made.
// A family a file, in `plans/`.
import * as v from 'valibot';
import { checkNestedWith, compositionArguments, compositionDescriptions } from './plans/compositions';
import { energyArguments, energyDescriptions } from './plans/energies';
import type { Description } from './plans/fields';
import { flightArguments, flightDescriptions } from './plans/flights';
import { gridArguments, gridDescriptions } from './plans/grids';
import { lineArguments, lineDescriptions } from './plans/lines';
import { moveArguments, moveDescriptions } from './plans/moves';
import { searchArguments, searchDescriptions } from './plans/searches';
import { spiralArguments, spiralDescriptions } from './plans/spirals';
import { timeArguments, timeDescriptions } from './plans/times';

export type { PlanField } from './plans/fields';

export const planArguments = {
  ...timeArguments, ...lineArguments, ...gridArguments, ...spiralArguments, ...searchArguments, ...energyArguments, ...flightArguments, ...moveArguments,
  ...compositionArguments,
} as const;

export type PlanName = keyof typeof planArguments;
export type PlanArguments<P extends PlanName = PlanName> = v.InferOutput<(typeof planArguments)[P]>;
export type PlanRequest = { [P in PlanName]: { readonly plan: P; readonly args: PlanArguments<P> } }[PlanName];
export type PlanDescription = Description<PlanName>;

/** In the order of the form's list. */
export const planDescriptions: readonly PlanDescription[] = [
  ...timeDescriptions.slice(0, 2), ...lineDescriptions, ...gridDescriptions, ...spiralDescriptions, ...searchDescriptions, ...energyDescriptions, ...flightDescriptions, ...moveDescriptions,
  ...timeDescriptions.slice(2), ...compositionDescriptions,
];

/** A plan and its arguments, as they cross the contract. */
export const planRequestSchema = v.variant('plan', Object.entries(planArguments).map(([plan, args]) => v.strictObject({ plan: v.literal(plan), args }))) as unknown as
  v.GenericSchema<{ [P in PlanName]: { plan: P; args: v.InferInput<(typeof planArguments)[P]> } }[PlanName], PlanRequest>;

export interface PlanProblem { /** Path of the field, e.g. `axes.0.start`. */ readonly field: string; readonly message: string }

/** Checks the shape of a plan's arguments (not limits or devices: that is preflight's). */
export function checkPlan(plan: string, args: unknown): { ok: true; request: PlanRequest } | { ok: false; problems: PlanProblem[] } {
  if (!Object.hasOwn(planArguments, plan)) {
    return { ok: false, problems: [{ field: 'plan', message: `There is no plan "${plan}". Plans: ${Object.keys(planArguments).join(', ')}.` }] };
  }
  const result = v.safeParse(planArguments[plan as PlanName], args);
  if (result.success) return { ok: true, request: { plan, args: result.output } as PlanRequest };
  return { ok: false, problems: result.issues.map((issue) => ({ field: v.getDotPath(issue) ?? '', message: issue.message })) };
}

checkNestedWith(checkPlan);
