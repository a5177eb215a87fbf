// The form of a plan: what is in its fields as typed, and the plan's arguments made from it.
import { checkPlan, type PlanDescription, type PlanField, type PlanRequest } from '@shared/plans';

export type AxisRow = Record<string, string>;
export interface FormValues {
  detectors: string[];
  axes: AxisRow[];
  numbers: Record<string, string>;
  booleans: Record<string, boolean>;
}
/** By the path of the field, as in `axes.0.start`. */
export type Problems = Readonly<Record<string, string>>;

function startRow(columns: readonly PlanField[]): AxisRow {
  return Object.fromEntries(columns.map((column) => [column.name, column.initial === undefined ? '' : String(column.initial)]));
}

export function axesField(plan: PlanDescription): PlanField | undefined { return plan.fields.find((field) => field.kind === 'axes'); }

export function newRow(plan: PlanDescription): AxisRow { return startRow(axesField(plan)?.columns ?? []); }

/** A plan's form with its initial values; detectors and axes are kept from the form before, where the plan has them too. */
export function initialValues(plan: PlanDescription, before: FormValues | null = null): FormValues {
  const rows = before?.axes.length ? before.axes : [{}];
  const least = plan.name === 'grid_scan' ? 2 : 1;
  const axes = axesField(plan) ? Array.from({ length: Math.max(rows.length, least) }, (_, index) => merge(newRow(plan), rows[index] ?? {})) : [];
  const numbers: Record<string, string> = {};
  const booleans: Record<string, boolean> = {};
  for (const field of plan.fields) {
    if (field.kind === 'boolean') booleans[field.name] = before?.booleans[field.name] ?? field.initial === true;
    else if (field.kind === 'number' || field.kind === 'integer') numbers[field.name] = before?.numbers[field.name] ?? String(field.initial ?? '');
  }
  return { detectors: [...(before?.detectors ?? [])], axes, numbers, booleans };
}

function merge(row: AxisRow, before: AxisRow): AxisRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, before[name] || value]));
}

/** A number as typed; what is empty or none becomes NaN or undefined, and the schema says so at the field. */
function numberOf(text: string): number | undefined { return text.trim() === '' ? undefined : Number(text); }

/** The plan's arguments, unchecked. */
export function planArgs(plan: PlanDescription, values: FormValues): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const field of plan.fields) {
    if (field.kind === 'detectors') args[field.name] = values.detectors;
    else if (field.kind === 'boolean') args[field.name] = values.booleans[field.name] ?? false;
    else if (field.kind === 'axes') {
      args[field.name] = values.axes.map((row) => Object.fromEntries((field.columns ?? []).map((column) => [
        column.name, column.kind === 'motor' ? (row[column.name] ?? '').trim() : numberOf(row[column.name] ?? ''),
      ])));
    } else args[field.name] = numberOf(values.numbers[field.name] ?? '');
  }
  return args;
}

export type Checked = { readonly request: PlanRequest; readonly problems: Problems } | { readonly request: null; readonly problems: Problems };

/** The request, or what is wrong with each field. The first thing wrong with a field is said. */
export function checkForm(plan: PlanDescription, values: FormValues): Checked {
  const own = twice(values);
  const result = checkPlan(plan.name, planArgs(plan, values));
  if (result.ok && Object.keys(own).length === 0) return { request: result.request, problems: {} };
  const problems: Record<string, string> = { ...own };
  if (!result.ok) for (const problem of result.problems) problems[problem.field] ??= missing(problem.message);
  return { request: null, problems };
}

/** valibot's words for a key that is not there are for programmers. */
function missing(message: string): string { return /^Invalid (key|type)/.test(message) ? 'Enter a number.' : message; }

function twice(values: FormValues): Record<string, string> {
  const problems: Record<string, string> = {};
  values.axes.forEach((row, index) => {
    const motor = row['motor']?.trim();
    if (motor && values.axes.findIndex((other) => other['motor']?.trim() === motor) < index) problems[`axes.${index}.motor`] = `${motor} is in another row already.`;
  });
  return problems;
}

/** The form that would make these arguments again: the next scan prefilled from a run. */
export function valuesOf(plan: PlanDescription, args: Readonly<Record<string, unknown>>): FormValues {
  const values = initialValues(plan);
  if (Array.isArray(args['detectors'])) values.detectors = args['detectors'].filter((name): name is string => typeof name === 'string');
  if (Array.isArray(args['axes'])) {
    values.axes = args['axes'].map((row: unknown) => ({
      ...newRow(plan), ...Object.fromEntries(Object.entries(row && typeof row === 'object' ? row : {}).map(([name, value]) => [name, String(value)])),
    }));
  }
  for (const name of Object.keys(values.numbers)) if (typeof args[name] === 'number') values.numbers[name] = String(args[name]);
  for (const name of Object.keys(values.booleans)) if (typeof args[name] === 'boolean') values.booleans[name] = args[name];
  return values;
}
