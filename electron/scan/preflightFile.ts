// The sheet's line about the run's files: what they will be called, or why they can't be made.
import { EndstationError } from '@shared/errors';
import type { PlanRequest } from '@shared/plans';
import type { Preflight } from '@shared/scan';
import type { RunSink } from './engine/runSink';
import { isComposition, summaryOf } from './plans/compositions';

/** `run`: what the start document will have. */
export async function withFile(sheet: Preflight, sink: RunSink, request: PlanRequest, run: Readonly<Record<string, unknown>>): Promise<Preflight> {
  try {
    const file = await sink.nextFile?.({ ...run, plan_name: firstPlan(request) });
    return file === undefined ? sheet : { ...sheet, file };
  } catch (error) {
    // A folder that can't be read is told of already.
    if (!(error instanceof EndstationError) || error.code !== 'FILE_NAME') return sheet;
    return { ...sheet, ok: false, findings: [...sheet.findings, { level: 'error', field: 'file', message: error.message }] };
  }
}

/** Of several, the one whose files come first. */
function firstPlan(request: PlanRequest): string {
  const [first] = isComposition(request) ? summaryOf(request).plans : [];
  return first?.request.plan ?? request.plan;
}
