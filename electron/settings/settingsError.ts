// Errors of settings and profiles, with a stable code each.
import { EndstationError } from '@shared/errors';

export type SettingsErrorCode = 'UNKNOWN_PROFILE' | 'BROKEN_PROFILE' | 'BAD_FOLDER' | 'FILE_NAME' | 'NOT_SAVED';

export class SettingsError extends EndstationError {
  override readonly name = 'SettingsError';

  constructor(override readonly code: SettingsErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, message, options);
  }
}
