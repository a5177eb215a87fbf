// What can go wrong for a caller of the client, each with a stable code and a text that says what to do.

export type CaErrorCode =
  | 'TIMEOUT' | 'DISCONNECTED' | 'NO_READ_ACCESS' | 'NO_WRITE_ACCESS' | 'BAD_TYPE' | 'BAD_COUNT' | 'GET_FAILED' | 'PUT_FAILED'
  | 'REQUEST_FAILED' | 'PUT_OUTCOME_UNKNOWN' | 'TOO_LARGE' | 'CLOSED' | 'ABORTED' | 'BAD_OPTION' | 'BAD_KEYCHAIN' | 'TLS_FAILED';

/** Base of every error that get, put, monitor and connect give. */
export class CaError extends Error {
  override readonly name: string = 'CaError';
  /** `pv` is the channel's name, where the error is about one. */
  constructor(readonly code: CaErrorCode, message: string, readonly pv?: string) {
    super(message);
  }
}

/** Nothing answered in time. */
export class TimeoutError extends CaError {
  override readonly name = 'TimeoutError';
  constructor(message: string, pv?: string) { super('TIMEOUT', message, pv); }
}

/** The circuit was lost while the request was under way, or the IOC has not come back. */
export class DisconnectedError extends CaError {
  override readonly name = 'DisconnectedError';
  constructor(message: string, pv?: string) { super('DISCONNECTED', message, pv); }
}

/** The IOC's access security does not allow it. */
export class AccessError extends CaError {
  override readonly name = 'AccessError';
  constructor(right: 'read' | 'write', pv: string) {
    super(right === 'read' ? 'NO_READ_ACCESS' : 'NO_WRITE_ACCESS',
      `"${pv}" may not be ${right === 'read' ? 'read' : 'written'} by you: its IOC denies ${right} access. Ask who runs the IOC (access security).`, pv);
  }
}

/** The value cannot be said in the PV's type, or has too many elements. */
export class ValueError extends CaError {
  override readonly name = 'ValueError';
}

/** The IOC refused the request, or did not say whether it was done. */
export class RequestError extends CaError {
  override readonly name = 'RequestError';
}

/** The PV was found, but not by a TLS connection that this client may take: a bad certificate, another authority, or no TLS at all. */
export class TlsError extends CaError {
  override readonly name = 'TlsError';
  constructor(message: string, pv?: string) { super('TLS_FAILED', message, pv); }
}

/** The channel or the client was closed, or the caller's AbortSignal fired. */
export class CancelledError extends CaError {
  override readonly name = 'CancelledError';
}

export const closedError = (pv: string): CancelledError => new CancelledError('CLOSED', `"${pv}" was closed before its answer came.`, pv);
/** Asked of a channel that is closed already. */
export const goneError = (pv: string): CancelledError => new CancelledError('CLOSED', `"${pv}" is closed: make a new channel of it.`, pv);
export const abortedError = (pv: string): CancelledError => new CancelledError('ABORTED', `The request to "${pv}" was cancelled.`, pv);
