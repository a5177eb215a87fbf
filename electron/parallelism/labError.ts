// What can go wrong in the lab, by a stable code.
import { EndstationError } from '@shared/errors';

export type LabErrorCode =
  /** Stopped by the user. */
  | 'LAB_CANCELLED'
  /** Another measurement is running: two at once would measure each other. */
  | 'LAB_BUSY'
  /** No experiment or runtime of that name. */
  | 'LAB_UNKNOWN'
  /** A program of a runtime did not end well. */
  | 'PROGRAM_FAILED'
  /** A program of a runtime was ended from outside. */
  | 'PROGRAM_KILLED'
  /** A program's output was not what it prints. */
  | 'PROGRAM_OUTPUT'
  /** The C compiler refused the program. */
  | 'COMPILE_FAILED'
  /** The runtime is not on this machine. */
  | 'RUNTIME_MISSING'
  /** Measured, but not written to the user's folder. */
  | 'RESULT_NOT_KEPT'
  /** A file that was to be imported has no result in it. */
  | 'IMPORT_UNREADABLE'
  /** The lab's own Python environment could not be made. */
  | 'SETUP_FAILED';

export class LabError extends EndstationError {
  constructor(code: LabErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, message, options);
    this.name = 'LabError';
  }
}
