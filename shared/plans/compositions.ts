// Plans made of other plans, and scripts.
import * as v from 'valibot';
import { points, seconds, type Description, type PlanField } from './fields';

/** A plan within a plan; its arguments are checked like any plan's. */
export interface NestedPlan { readonly plan: string; readonly args: Readonly<Record<string, unknown>> }
interface Problem { readonly field: string; readonly message: string }
type Check = (plan: string, args: unknown) => { readonly ok: true; readonly request: { readonly plan: string; readonly args: object } } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Plans within plans within plans. */
const deepest = 8;
const longestSource = 200_000;

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const { plan, args } = value as { plan?: unknown; args?: { plan?: unknown; plans?: unknown } };
  if (typeof plan !== 'string') return 0;
  const inner = Array.isArray(args?.plans) ? args.plans : [args?.plan];
  return 1 + Math.max(0, ...inner.map((one) => depthOf(one)));
}

let check: Check = () => ({ ok: false, problems: [] });
/** The check of all plans: their schemas are made of these here, so these can't name it themselves. */
export function checkNestedWith(own: Check): void {
  check = own;
}

const nested = v.pipe(
  v.strictObject({ plan: v.string('Choose a plan.'), args: v.record(v.string(), v.unknown()) }),
  v.check((value) => depthOf(value) <= deepest, `Plans may stand within one another at most ${deepest} deep.`),
  v.rawTransform(({ dataset, addIssue, NEVER }): NestedPlan => {
    if (depthOf(dataset.value) > deepest) return NEVER;
    const result = check(dataset.value.plan, dataset.value.args);
    if (result.ok) return { plan: result.request.plan, args: { ...result.request.args } };
    for (const { field, message } of result.problems) addIssue({ message: field === '' ? message : `${field}: ${message}` });
    return NEVER;
  }),
);
const file = v.pipe(v.string(), v.trim(), v.minLength(1, 'Name a plan file.'), v.maxLength(4096));

export const compositionArguments = {
  sequence: v.strictObject({ plans: v.pipe(v.array(nested), v.minLength(1, 'Add at least one plan.'), v.maxLength(1000, 'At most 1,000 plans.')) }),
  loop: v.strictObject({ times: points, delay: v.optional(seconds, 0), plan: nested }),
  /** `plan` is what the file held when it was read. */
  include: v.strictObject({ file, plan: v.optional(nested) }),
  script: v.strictObject({
    source: v.pipe(v.string(), v.minLength(1, 'Write a script.'), v.maxLength(longestSource, 'A script has at most 200,000 characters.')),
    name: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)), 'script.ts'),
  }),
} as const;

const planField: PlanField = { name: 'plan', label: 'Plan', kind: 'plan', doc: 'What is repeated.' };
export const compositionDescriptions: readonly Description<keyof typeof compositionArguments>[] = [
  { name: 'sequence', title: 'Sequence', doc: 'One plan after the other, each a run of its own.', fields: [{ name: 'plans', label: 'Plans', kind: 'plans', doc: 'In this order.' }] },
  {
    name: 'loop', title: 'Loop', doc: 'One plan again and again, each time a run of its own.',
    fields: [
      { name: 'times', label: 'Times', kind: 'integer', initial: 2, doc: 'How often.' }, planField,
      { name: 'delay', label: 'Pause', kind: 'number', unit: 's', initial: 0, doc: 'Between the end of one and the start of the next.' },
    ],
  },
  { name: 'include', title: 'Plan from a file', doc: 'The plan that a file holds: a plan in JSON, or a script.', fields: [{ name: 'file', label: 'File', kind: 'file', doc: 'A .json, .ts or .js file; a name without a folder is looked for among your plans.' }] },
  {
    name: 'script', title: 'Script', doc: 'A plan that you write yourself, in TypeScript or JavaScript: a generator that yields messages and other plans.',
    fields: [{ name: 'source', label: 'Script', kind: 'source', doc: 'Its plan is the default export, or the function `plan`.' }, { name: 'name', label: 'Name', kind: 'text', optional: true, doc: 'The name of its file, for messages.' }],
  },
];
