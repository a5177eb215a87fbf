// A plan's arguments in a line, for lists: `SIM:I1 · SIM:M1 0 to 2.5 · 26 points`.
import { planDescriptions, type PlanRequest } from '@shared/plans';

type Row = Readonly<Record<string, unknown>>;

const short = (value: unknown): string => (typeof value === 'number' ? String(Number(value.toPrecision(6))) : Array.isArray(value) ? listText(value) : String(value));

function listText(values: readonly unknown[]): string {
  return values.length <= 4 ? values.map(short).join(', ') : `${values.length} positions from ${short(values[0])} to ${short(values[values.length - 1])}`;
}

function rowText(row: Row): string {
  const { motor, start, stop, num, ...others } = row;
  const range = start === undefined || stop === undefined ? '' : `${short(start)} to ${short(stop)}`;
  const points = num === undefined ? '' : `× ${short(num)}`;
  const rest = Object.entries(others).filter(([, value]) => value !== undefined && typeof value !== 'boolean').map(([name, value]) => (Array.isArray(value) ? short(value) : `${name} ${short(value)}`));
  return [motor === undefined ? '' : String(motor), range, points, ...rest].filter(Boolean).join(' ');
}

function nestedText(request: PlanRequest): string {
  const own = requestText(request);
  return own === '' ? request.plan : `${request.plan} (${own})`;
}

/** Without the plan's name. What has its default and says little (flags, empty texts) is left out. */
export function requestText(request: PlanRequest): string {
  const description = planDescriptions.find((plan) => plan.name === request.plan);
  const args = request.args as Row;
  const parts = (description?.fields ?? []).map((field) => {
    const value = args[field.name];
    if (value === undefined || value === null || value === '' || typeof value === 'boolean' || field.kind === 'source') return '';
    if (field.kind === 'plan') return nestedText(value as PlanRequest);
    if (field.kind === 'plans' && Array.isArray(value)) return (value as PlanRequest[]).map(nestedText).join(', then ');
    if (field.kind === 'detectors' && Array.isArray(value)) return value.join(', ');
    if (Array.isArray(value)) return value.map((row: unknown) => (row !== null && typeof row === 'object' ? rowText(row as Row) : short(row))).join('; ');
    if (field.name === 'times') return `${short(value)} times`;
    if (value === field.initial && field.name !== 'num') return '';
    return field.name === 'num' ? `${short(value)} points` : `${field.label} ${short(value)}${field.unit === 's' || field.unit === 'rad' ? ` ${field.unit}` : ''}`;
  });
  return parts.filter(Boolean).join(' · ');
}
