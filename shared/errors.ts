// Errors as the whole application knows them: a class with a stable code, and the data that crosses the contract.

export interface ErrorData {
  /** Stable, upper case, e.g. `OUT_OF_LIMITS`. */
  readonly code: string;
  /** What happened, to what, why, and what to do; complete sentences for a user. */
  readonly message: string;
}

export class EndstationError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'EndstationError';
    this.code = code;
  }
}

function hasCode(error: Error): error is Error & { code: string } {
  return 'code' in error && typeof error.code === 'string';
}

/** Any thrown thing as data: the code where it has one, `INTERNAL` otherwise. Never carries a stack. */
export function toErrorData(error: unknown): ErrorData {
  if (error instanceof Error) return { code: hasCode(error) ? error.code : 'INTERNAL', message: error.message };
  return { code: 'INTERNAL', message: String(error) };
}

export function fromErrorData(data: ErrorData): EndstationError {
  return new EndstationError(data.code, data.message);
}
