// The public door of the package.
export * from './everyDoor';
export * from './client';
export type { CaChannel } from './ca/channel';
export { CaClient } from './ca/client';
export { CaServer, PortInUseError } from './ca/server';
export * from './pva';
export * from './pva/server';
export * from './normative';
export { ServerGroup } from './serverGroup';
export { caServerOptions, pvaServerOptions } from './serverOptions';
export { CA, ConError, GetError, PutError } from './compat';
export type { Channel as CompatChannel, CompatValue } from './compat';
