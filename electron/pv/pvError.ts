// Errors of PVs, with a stable code each. The message says what happened, to what, why, and what to do.
import { EndstationError } from '@shared/errors';

export type PvErrorCode =
  | 'TIMEOUT' | 'DISCONNECTED' | 'INVALID_NAME' | 'UNSUPPORTED' | 'ABORTED' | 'PUT_FAILED' | 'OUTCOME_UNKNOWN'
  | 'OBSERVER' | 'READ_ONLY' | 'NO_READ_ACCESS' | 'WRONG_TYPE' | 'UNKNOWN_STATE' | 'OUT_OF_LIMITS';

export class PvError extends EndstationError {
  override readonly name = 'PvError';

  constructor(override readonly code: PvErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, message, options);
  }
}
