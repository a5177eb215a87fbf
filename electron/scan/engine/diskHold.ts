// A disk that has no room for a new run holds the scan until it has.
import { EndstationError, toErrorData } from '@shared/errors';

/** What passes: room is made, the share answers again. */
const passing: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EIO']);

/** What to say of a run that could not be opened for now; null for any other error. */
export function diskTrouble(error: unknown): string | null {
  if (!(error instanceof EndstationError) || error.code !== 'DATA_FOLDER' || !passing.has(toErrorData(error.cause).code)) return null;
  return `${error.message.replace(/, then start again\.$/, '')}; the scan goes on then.`;
}
