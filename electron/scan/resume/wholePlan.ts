// What an interrupted run was a part of: the plan of its own, and the parts of the whole that are to come after it.
import type { RunStart } from '@shared/documents';
import { EndstationError } from '@shared/errors';
import { checkPlan, type PlanRequest } from '@shared/plans';
import type { ResumeFinding } from '@shared/resume';
import { partAt, partsFrom } from '../plans/compositions';
import { preflight, type PreflightParts } from '../preflight';

/** `from`: number of the first part that is to come. */
export interface Afterwards { readonly request: PlanRequest; readonly from: number }

interface Told { readonly plan: string; readonly args: unknown; readonly part: number }

/** Plans that are checked before they come; of a long loop all are one. */
const mostChecked = 100;

function wholeOf(start: RunStart): Told | null {
  const { plan_whole: told } = start as RunStart & { plan_whole?: Partial<Told> };
  return typeof told?.plan === 'string' && typeof told.part === 'number' ? { plan: told.plan, args: told.args, part: told.part } : null;
}

/** Errors: `PLAN` where this program can not make the run's plan again. */
export function requestOf(start: RunStart): PlanRequest {
  const checked = checkPlan(start.plan_name, start.plan_args);
  if (checked.ok) return checked.request;
  const script = scriptIn(start);
  const reason = script === null ? checked.problems.map(({ field, message }) => `${field}: ${message}`).join(' ')
    : `it is one of the script ${script}, and what a script does between two points is in no journal.`;
  throw new EndstationError('PLAN', `The run's plan can not be made again: ${reason} Its points are safe. Abandon the run, and start anew what is left.`);
}

/** The name of the script that opened the run; null where none did. */
function scriptIn(start: RunStart): string | null {
  const whole = wholeOf(start);
  if (!whole) return null;
  const nameOf = (args: unknown): string => String((args as { name?: unknown }).name ?? 'script');
  if (whole.plan === 'script') return nameOf(whole.args);
  const checked = checkPlan(whole.plan, whole.args);
  const part = checked.ok ? partAt(checked.request, whole.part) : null;
  return part?.plan === 'script' ? nameOf(part.args) : null;
}

/** What comes after the run; null where nothing does. `findings` gets what is to be known of it. */
export async function afterwards(start: RunStart, own: PlanRequest, parts: PreflightParts, findings: ResumeFinding[]): Promise<Afterwards | null> {
  const script = scriptIn(start);
  if (script !== null) {
    findings.push({ level: 'info', message: `The run was opened by the script ${script}, which does not go on: what it does after this run is to be started anew.` });
    return null;
  }
  const whole = wholeOf(start);
  if (!whole) return null;
  const checked = checkPlan(whole.plan, whole.args);
  if (!checked.ok || partAt(checked.request, whole.part)?.plan !== own.plan) {
    findings.push({ level: 'warning', message: `The ${whole.plan} that the run is part of can not be made again: only this run goes on.` });
    return null;
  }
  const { request } = checked;
  const distinct = new Map<PlanRequest, number>();
  let left = 0;
  for (const { part, index } of partsFrom(request, whole.part + 1)) {
    if (!('request' in part)) continue;
    left += 1;
    if (distinct.size < mostChecked && !distinct.has(part.request)) distinct.set(part.request, index);
  }
  if (left === 0) return null;
  findings.push({ level: 'info', message: `Then the ${request.plan} goes on: ${left === 1 ? 'one plan is' : `${left} plans are`} left after this run.` });
  for (const [later, index] of distinct) {
    const { findings: found } = await preflight(later, parts);
    for (const { level, field, message } of found) {
      if (field === 'folder' || level !== 'error') continue;
      findings.push({ level, ...(field === undefined ? {} : { field }), message: `Part ${index + 1} (${later.plan}), which comes later: ${message}` });
    }
  }
  return { request, from: whole.part + 1 };
}
