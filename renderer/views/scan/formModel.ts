// The form of a plan: what is in its fields as typed, and the plan's arguments made from it.
import { checkPlan, type PlanDescription, type PlanField, type PlanRequest } from '@shared/plans';

export type AxisRow = Record<string, string>;
export interface FormValues {
  detectors: string[];
  axes: AxisRow[];
  /** Rows without a motor, by the name of their field. */
  rows: Record<string, AxisRow[]>;
  /** As typed: numbers, and texts. */
  numbers: Record<string, string>;
  booleans: Record<string, boolean>;
}
/** By the path of the field, as in `axes.0.start`. */
export type Problems = Readonly<Record<string, string>>;

function startRow(columns: readonly PlanField[]): AxisRow {
  return Object.fromEntries(columns.map((column) => [column.name, column.initial === undefined ? '' : String(column.initial)]));
}

export function axesField(plan: PlanDescription): PlanField | undefined { return plan.fields.find((field) => field.kind === 'axes'); }

export function newRow(plan: PlanDescription, field = axesField(plan)): AxisRow { return startRow(field?.columns ?? []); }

/** A plan's form with its initial values; detectors and axes are kept from the form before, where the plan has them too. */
export function initialValues(plan: PlanDescription, before: FormValues | null = null): FormValues {
  const rows = before?.axes.length ? before.axes : [{}];
  const { least = 1, most = Infinity } = axesField(plan) ?? {};
  const axes = axesField(plan) ? Array.from({ length: Math.min(Math.max(rows.length, least), most) }, (_, index) => merge(newRow(plan), rows[index] ?? {})) : [];
  const own: Record<string, AxisRow[]> = {};
  const numbers: Record<string, string> = {};
  const booleans: Record<string, boolean> = {};
  for (const field of plan.fields) {
    if (field.kind === 'boolean') booleans[field.name] = before?.booleans[field.name] ?? field.initial === true;
    else if (field.kind === 'rows') own[field.name] = before?.rows?.[field.name] ?? [startRow(field.columns ?? [])];
    else if (isTyped(field)) numbers[field.name] = before?.numbers[field.name] ?? String(field.initial ?? '');
  }
  return { detectors: [...(before?.detectors ?? [])], axes, rows: own, numbers, booleans };
}

function merge(row: AxisRow, before: AxisRow): AxisRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, before[name] || value]));
}

/** Fields that hold a text: numbers as typed, scripts, plans within plans as JSON. */
function isTyped({ kind }: PlanField): boolean { return kind !== 'boolean' && kind !== 'rows' && kind !== 'axes' && kind !== 'detectors' && kind !== 'motor' && kind !== 'list'; }

/** Plans as JSON; what is none stays a text, and the schema says so at the field. */
function plansOf(text: string): unknown {
  try {
    return text.trim() === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

/** A number as typed; what is empty or none becomes NaN or undefined, and the schema says so at the field. */
function numberOf(text: string): number | undefined { return text.trim() === '' ? undefined : Number(text); }

/** Numbers with commas or spaces between them; what is none becomes NaN. */
function listOf(text: string): number[] { return text.split(/[\s,;]+/).filter(Boolean).map(Number); }

function cellOf(column: PlanField, text: string, isFirst: boolean): unknown {
  switch (column.kind) {
    case 'motor': return text.trim();
    case 'text': return text.trim() || undefined;
    case 'list': return listOf(text);
    case 'boolean': return text === 'true' && !(isFirst && column.notFirst);
    default: return numberOf(text);
  }
}
function rowsOf(rows: readonly AxisRow[], columns: readonly PlanField[]): Record<string, unknown>[] {
  return rows.map((row, index) => Object.fromEntries(columns.map((column) => [column.name, cellOf(column, row[column.name] ?? '', index === 0)])));
}

/** The plan's arguments, unchecked. */
export function planArgs(plan: PlanDescription, values: FormValues): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const field of plan.fields) {
    if (field.kind === 'detectors') args[field.name] = values.detectors;
    else if (field.kind === 'boolean') args[field.name] = values.booleans[field.name] ?? false;
    else if (field.kind === 'axes') args[field.name] = rowsOf(values.axes, field.columns ?? []);
    else if (field.kind === 'rows') args[field.name] = rowsOf(values.rows[field.name] ?? [], field.columns ?? []);
    else if (field.kind === 'text' || field.kind === 'file') args[field.name] = values.numbers[field.name]?.trim() || undefined;
    else if (field.kind === 'source') args[field.name] = values.numbers[field.name] || undefined;
    else if (field.kind === 'plan' || field.kind === 'plans') args[field.name] = plansOf(values.numbers[field.name] ?? '');
    else args[field.name] = numberOf(values.numbers[field.name] ?? '');
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
  if (Array.isArray(args['axes'])) values.axes = typedRows(args['axes'], newRow(plan));
  for (const field of plan.fields) {
    const rows = args[field.name];
    if ((field.kind === 'plan' || field.kind === 'plans') && rows !== undefined) values.numbers[field.name] = JSON.stringify(rows, null, 2);
    if (field.kind === 'rows' && Array.isArray(rows)) values.rows[field.name] = typedRows(rows, newRow(plan, field));
  }
  // What one flag said for all axes, as the command line does, is said of each.
  if (args['snake'] === true && axesField(plan)) for (const row of values.axes.slice(1)) if (row['snake'] === 'false') row['snake'] = 'true';
  for (const name of Object.keys(values.numbers)) if (typeof args[name] === 'number' || typeof args[name] === 'string') values.numbers[name] = String(args[name]);
  for (const name of Object.keys(values.booleans)) if (typeof args[name] === 'boolean') values.booleans[name] = args[name];
  return values;
}

function typedRows(rows: readonly unknown[], start: AxisRow): AxisRow[] {
  const typed = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value));
  return rows.map((row) => ({ ...start, ...Object.fromEntries(Object.entries(row && typeof row === 'object' ? row : {}).map(([name, value]) => [name, typed(value)])) }));
}
