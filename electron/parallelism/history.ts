// Measured results, kept in the user's folder, the newest first.
import type { LabResult } from '@shared/lab';
import { KeptList } from './keptList';

/** Results that are kept. */
const most = 200;

export class LabHistory extends KeptList<LabResult> {
  constructor(file: string) { super(file, most, isResult); }
}

function isResult(value: unknown): value is LabResult {
  return typeof value === 'object' && value !== null && 'id' in value && 'verdict' in value && 'figures' in value && 'environment' in value && 'finishedAt' in value;
}
