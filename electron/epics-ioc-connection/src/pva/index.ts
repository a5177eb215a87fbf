// The pvAccess client and its types: what the package's door shows of them.
export { PvaClient } from './client';
export type { PvaClientOptions, PvaTlsOptions } from './clientOptions';
export { PvaChannel, updatedPaths } from './channel';
export type { SliceOptions, StructureMonitorOptions, StructureOptions } from './channel';
export type { PvaElements } from './arrayRequests';
export type { StructureReading } from './requests';
export type { StructureUpdate } from './structureSubscription';
export type { PvaChannelInfo } from './wireChannel';
export type { Status as PvaStatus } from './protocol';
export { ntUri } from './ntUri';
