// The plans' parameters: one schema each, from which the form, the command line, the validation and the docs are made.
import * as v from 'valibot';

const name = v.pipe(v.string(), v.trim(), v.minLength(1, 'Name a device or a PV.'), v.maxLength(120, 'A name has at most 120 characters.'));
const finite = v.pipe(v.number('Enter a number.'), v.finite('Enter a finite number.'));
const points = v.pipe(v.number('Enter a whole number.'), v.integer('Enter a whole number.'), v.minValue(1, 'At least 1 point.'), v.maxValue(10_000_000, 'At most 10,000,000 points.'));
const detectors = v.pipe(v.array(name), v.minLength(1, 'Choose at least one detector.'), v.maxLength(64, 'At most 64 detectors.'));
const seconds = v.pipe(finite, v.minValue(0, 'A time can not be negative.'));

export const planArguments = {
  count: v.strictObject({ detectors, num: v.optional(points, 1), delay: v.optional(seconds, 0) }),
  scan: v.strictObject({
    detectors, num: points,
    axes: v.pipe(v.array(v.strictObject({ motor: name, start: finite, stop: finite })), v.minLength(1, 'Choose at least one motor.'), v.maxLength(16)),
  }),
  grid_scan: v.strictObject({
    detectors, snake: v.optional(v.boolean(), false),
    axes: v.pipe(v.array(v.strictObject({ motor: name, start: finite, stop: finite, num: points })), v.minLength(1, 'Choose at least one motor.'), v.maxLength(8)),
  }),
  move: v.strictObject({
    axes: v.pipe(v.array(v.strictObject({ motor: name, position: finite })), v.minLength(1, 'Choose at least one motor.'), v.maxLength(16)),
  }),
} as const;

export type PlanName = keyof typeof planArguments;
export type PlanArguments<P extends PlanName = PlanName> = v.InferOutput<(typeof planArguments)[P]>;
export type PlanRequest = { [P in PlanName]: { readonly plan: P; readonly args: PlanArguments<P> } }[PlanName];

/** What a form field is: `motorUnit` fields show the unit and limits of the motor in their row. */
export interface PlanField {
  readonly name: string;
  readonly label: string;
  readonly kind: 'detectors' | 'motor' | 'number' | 'integer' | 'boolean' | 'axes';
  readonly doc: string;
  readonly unit?: 's' | 'motorUnit' | 'points';
  readonly initial?: number | boolean;
  /** Columns of `axes`, a row a motor, the first the slowest. */
  readonly columns?: readonly PlanField[];
}
export interface PlanDescription { readonly name: PlanName; readonly title: string; readonly doc: string; readonly fields: readonly PlanField[] }

const detectorField: PlanField = { name: 'detectors', label: 'Detectors', kind: 'detectors', doc: 'Read at every point, all of them triggered at once.' };
const motorField: PlanField = { name: 'motor', label: 'Motor', kind: 'motor', doc: 'A motor of the profile, or any PV that can be written.' };
const startField: PlanField = { name: 'start', label: 'Start', kind: 'number', unit: 'motorUnit', doc: 'First position.' };
const stopField: PlanField = { name: 'stop', label: 'Stop', kind: 'number', unit: 'motorUnit', doc: 'Last position, included.' };
const pointsField: PlanField = { name: 'num', label: 'Points', kind: 'integer', unit: 'points', initial: 51, doc: 'Number of points, both ends included.' };

export const planDescriptions: readonly PlanDescription[] = [
  {
    name: 'count', title: 'Count', doc: 'Reads the detectors a number of times, nothing moves.',
    fields: [detectorField, { ...pointsField, initial: 10, doc: 'Number of readings.' },
      { name: 'delay', label: 'Delay', kind: 'number', unit: 's', initial: 0, doc: 'From the start of one reading to the start of the next, at the least.' }],
  },
  {
    name: 'scan', title: 'Scan', doc: 'Moves one or more motors together along a line, in equal steps, and reads at each point.',
    fields: [detectorField, { name: 'axes', label: 'Motors', kind: 'axes', doc: 'All move together.', columns: [motorField, startField, stopField] }, pointsField],
  },
  {
    name: 'grid_scan', title: 'Grid scan', doc: 'Every combination of the positions of two or more motors; the last one moves fastest.',
    fields: [detectorField,
      { name: 'axes', label: 'Motors', kind: 'axes', doc: 'The first is the slowest.', columns: [motorField, startField, stopField, { ...pointsField, initial: 11 }] },
      { name: 'snake', label: 'Snake', kind: 'boolean', initial: false, doc: 'The faster motors turn round instead of going back to their start.' }],
  },
  {
    name: 'move', title: 'Move', doc: 'Moves motors and waits until they have arrived. Nothing is recorded.',
    fields: [{ name: 'axes', label: 'Motors', kind: 'axes', doc: 'All move at once.', columns: [motorField, { name: 'position', label: 'Position', kind: 'number', unit: 'motorUnit', doc: 'Where to.' }] }],
  },
];

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
