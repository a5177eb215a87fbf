// The form of a plan: what is in its fields as typed, and the plan's arguments made from it.
import { checkPlan, planDescriptions, type PlanDescription, type PlanField, type PlanRequest } from '@shared/plans';

export type AxisRow = Record<string, string>;
export interface FormValues {
  detectors: string[];
  axes: AxisRow[];
  /** Rows without a motor, by the name of their field. */
  rows: Record<string, AxisRow[]>;
  /** As typed: numbers, and texts. */
  numbers: Record<string, string>;
  booleans: Record<string, boolean>;
  /** Plans within this one, by the name of their field. */
  nested: Record<string, NestedForm[]>;
}
/** The form of a plan within a plan. */
export interface NestedForm { plan: string; values: FormValues }
/** By the path of the field, as in `axes.0.start`. */
export type Problems = Readonly<Record<string, string>>;

function startRow(columns: readonly PlanField[]): AxisRow {
  return Object.fromEntries(columns.map((column) => [column.name, column.initial === undefined ? '' : String(column.initial)]));
}

export function axesField(plan: PlanDescription): PlanField | undefined { return plan.fields.find((field) => field.kind === 'axes'); }

export function newRow(plan: PlanDescription, field = axesField(plan)): AxisRow { return startRow(field?.columns ?? []); }

export function descriptionOf(name: string): PlanDescription | undefined { return planDescriptions.find((plan) => plan.name === name); }

function isNested({ kind }: PlanField): boolean { return kind === 'plan' || kind === 'plans'; }

/** To begin with: a scan. */
export function newNested(): NestedForm {
  const scan = descriptionOf('scan');
  if (!scan) throw new Error('There is no plan named scan.');
  return { plan: scan.name, values: initialValues(scan) };
}

/** The inner plans of a form that had some; else the plan that was filled in becomes the inner one. */
function nestedFrom(before: FormValues | null, planBefore: string | null): NestedForm[] {
  const kept = Object.values(before?.nested ?? {}).find((forms) => forms.length > 0);
  if (kept) return kept;
  const plan = planBefore === null ? undefined : descriptionOf(planBefore);
  return [before && plan && !plan.fields.some((field) => field.kind === 'source' || field.kind === 'file') ? { plan: plan.name, values: before } : newNested()];
}

/**
 * A plan's form with its initial values; detectors and axes are kept from the form before, where the plan has them too, and a plan that
 * holds others gets the one that was filled in (`planBefore`).
 */
export function initialValues(plan: PlanDescription, before: FormValues | null = null, planBefore: string | null = null): FormValues {
  // Out of a plan that holds others, what its first one has is gone on with.
  const within = plan.fields.some(isNested) ? undefined : Object.values(before?.nested ?? {})[0]?.[0];
  if (within) return initialValues(plan, within.values);
  const rows = before?.axes.length ? before.axes : [{}];
  const { least = 1, most = Infinity } = axesField(plan) ?? {};
  const axes = axesField(plan) ? Array.from({ length: Math.min(Math.max(rows.length, least), most) }, (_, index) => merge(newRow(plan), rows[index] ?? {})) : [];
  const own: Record<string, AxisRow[]> = {};
  const numbers: Record<string, string> = {};
  const booleans: Record<string, boolean> = {};
  const nested: Record<string, NestedForm[]> = {};
  for (const field of plan.fields) {
    if (isNested(field)) nested[field.name] = nestedFrom(before, planBefore).slice(0, field.kind === 'plan' ? 1 : undefined);
    else if (field.kind === 'boolean') booleans[field.name] = before?.booleans[field.name] ?? field.initial === true;
    else if (field.kind === 'rows') own[field.name] = before?.rows?.[field.name] ?? [startRow(field.columns ?? [])];
    else if (isTyped(field)) numbers[field.name] = before?.numbers[field.name] ?? String(field.initial ?? '');
  }
  return { detectors: [...(before?.detectors ?? [])], axes, rows: own, numbers, booleans, nested };
}

function merge(row: AxisRow, before: AxisRow): AxisRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, before[name] || value]));
}

/** Fields that hold a text: numbers as typed, names, scripts. */
function isTyped({ kind }: PlanField): boolean { return !['boolean', 'rows', 'axes', 'detectors', 'motor', 'list', 'plan', 'plans'].includes(kind); }

function nestedArgs({ plan, values }: NestedForm): { plan: string; args: Record<string, unknown> } {
  const description = descriptionOf(plan);
  return { plan, args: description ? planArgs(description, values) : {} };
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
    else if (isNested(field)) {
      const inner = (values.nested[field.name] ?? []).map(nestedArgs);
      args[field.name] = field.kind === 'plans' ? inner : inner[0];
    }
    else args[field.name] = numberOf(values.numbers[field.name] ?? '');
  }
  return args;
}

export type Checked = { readonly request: PlanRequest; readonly problems: Problems } | { readonly request: null; readonly problems: Problems };

/** The request, or what is wrong with each field. The first thing wrong with a field is said. */
export function checkForm(plan: PlanDescription, values: FormValues): Checked {
  const own = { ...twice(values), ...nestedProblems(plan, values) };
  const result = checkPlan(plan.name, planArgs(plan, values));
  if (result.ok && Object.keys(own).length === 0) return { request: result.request, problems: {} };
  const problems: Record<string, string> = { ...own };
  if (!result.ok) for (const problem of result.problems) if (!isToldWithin(problem.field, own)) problems[problem.field] ??= missing(problem.message, plan.fields.find(({ name }) => name === problem.field));
  return { request: null, problems };
}

/** valibot's words for a key that is not there are for programmers. */
function missing(message: string, field: PlanField | undefined): string {
  if (!/^Invalid (key|type)/.test(message)) return message;
  return field?.kind === 'file' ? 'Name a plan file.' : 'Enter a number.';
}

/** A plan within tells at its own fields what is wrong; the schema of the whole would tell it once more, at the plan. */
function isToldWithin(field: string, own: Problems): boolean { return /^plans?(\.\d+)?$/.test(field) && Object.keys(own).some((path) => path.startsWith(`${field}.`)); }

/** The path of the fields of a plan within: `plan.` or `plans.2.`. */
export function nestedPath(field: PlanField, index: number): string { return field.kind === 'plans' ? `${field.name}.${index}.` : `${field.name}.`; }

function nestedProblems(plan: PlanDescription, values: FormValues): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const field of plan.fields.filter(isNested)) {
    (values.nested[field.name] ?? []).forEach((inner, index) => {
      const description = descriptionOf(inner.plan);
      if (!description) return;
      for (const [path, message] of Object.entries(checkForm(description, inner.values).problems)) problems[`${nestedPath(field, index)}${path}`] = message;
    });
  }
  return problems;
}

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
    if (isNested(field) && rows !== undefined) values.nested[field.name] = (Array.isArray(rows) ? rows : [rows]).flatMap(nestedOf);
    if (field.kind === 'rows' && Array.isArray(rows)) values.rows[field.name] = typedRows(rows, newRow(plan, field));
  }
  // What one flag said for all axes, as the command line does, is said of each.
  if (args['snake'] === true && axesField(plan)) for (const row of values.axes.slice(1)) if (row['snake'] === 'false') row['snake'] = 'true';
  for (const name of Object.keys(values.numbers)) if (typeof args[name] === 'number' || typeof args[name] === 'string') values.numbers[name] = String(args[name]);
  for (const name of Object.keys(values.booleans)) if (typeof args[name] === 'boolean') values.booleans[name] = args[name];
  return values;
}

function nestedOf(call: unknown): NestedForm[] {
  const { plan, args } = (typeof call === 'object' && call !== null ? call : {}) as { plan?: unknown; args?: unknown };
  const description = typeof plan === 'string' ? descriptionOf(plan) : undefined;
  return description ? [{ plan: description.name, values: valuesOf(description, typeof args === 'object' && args !== null ? args as Readonly<Record<string, unknown>> : {}) }] : [];
}

function typedRows(rows: readonly unknown[], start: AxisRow): AxisRow[] {
  const typed = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value));
  return rows.map((row) => ({ ...start, ...Object.fromEntries(Object.entries(row && typeof row === 'object' ? row : {}).map(([name, value]) => [name, typed(value)])) }));
}
