// What can be wrong with a display file, in words for the person who opens it.
import { EndstationError } from '../errors';

export type DisplayErrorCode = 'DISPLAY_TOO_LARGE' | 'DISPLAY_BROKEN' | 'DISPLAY_NOT_A_DISPLAY' | 'DISPLAY_OLD_FORMAT';

export class DisplayError extends EndstationError {
  /** Where in the file, from 1; null where the whole file is meant. */
  readonly line: number | null;

  constructor(code: DisplayErrorCode, message: string, line: number | null = null) {
    super(code, message);
    this.name = 'DisplayError';
    this.line = line;
  }
}
