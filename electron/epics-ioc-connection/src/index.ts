// The public door of the package.
export * from './value';
export * from './api';
export * from './client';
export type { DiagnosticEvent, Protocol } from './diagnostics';
export type { Disposer } from './disposal';
export { CaClient } from './ca/client';
export { CaServer, PortInUseError } from './ca/server';
export * from './pva';
export * from './pva/server';
export * from './normative';
export { ServerGroup } from './serverGroup';
export { caServerOptions, pvaServerOptions } from './serverOptions';
export { AccessError, CaError, CancelledError, DisconnectedError, RequestError, TimeoutError, TlsError, ValueError } from './ca/errors';
export type { CaErrorCode } from './ca/errors';
export { LocalProtocolError, RemoteProtocolError } from './ca/protocol/errors';
export { CA, ConError, GetError, PutError } from './compat';
export type { Channel as CompatChannel, CompatValue } from './compat';
