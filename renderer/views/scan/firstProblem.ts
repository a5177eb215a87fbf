// The first thing that is wrong with a form, in words with its place: why Start is not possible.
import type { PlanDescription, PlanField } from '@shared/plans';
import { descriptionOf, type FormValues, type Problems } from './formModel';

/** `axes.0.start` as `Axis 1, Start`, `plans.1.num` as `Plan 2, Points`; '' for the plan as a whole. */
export function placeOf(plan: PlanDescription, values: FormValues, path: string): string {
  const [name = '', ...rest] = path.split('.');
  const field = plan.fields.find((one) => one.name === name);
  if (!field) return '';
  if (field.kind === 'plan' || field.kind === 'plans') {
    const index = field.kind === 'plans' ? Number(rest.shift()) : 0;
    const inner = values.nested[name]?.[index];
    const description = inner && descriptionOf(inner.plan);
    const own = field.kind === 'plans' && Number.isInteger(index) ? `Plan ${index + 1}` : field.label;
    const within = inner && description && rest.length > 0 ? placeOf(description, inner.values, rest.join('.')) : '';
    return within === '' ? own : `${own}, ${within}`;
  }
  const [index, column] = rest;
  const label = field.columns?.find((one: PlanField) => one.name === column)?.label;
  if (index === undefined || label === undefined) return field.label;
  return `${field.kind === 'axes' ? 'Axis' : `${field.label}, row`} ${Number(index) + 1}, ${label}`;
}

export function firstProblem(plan: PlanDescription, values: FormValues, problems: Problems): string {
  const [path, message] = Object.entries(problems)[0] ?? [];
  if (path === undefined || message === undefined) return '';
  const place = placeOf(plan, values, path);
  return place === '' ? message : `${place}: ${message}`;
}
