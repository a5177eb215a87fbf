// What every door of the package shows: values, the shapes of clients and servers, errors.
export * from './value';
export * from './api';
export type { DiagnosticEvent, Protocol } from './diagnostics';
export type { Disposer } from './disposal';
export { AccessError, CaError, CancelledError, DisconnectedError, RequestError, TimeoutError, TlsError, ValueError } from './ca/errors';
export type { CaErrorCode } from './ca/errors';
export { LocalProtocolError, RemoteProtocolError } from './ca/protocol/errors';
