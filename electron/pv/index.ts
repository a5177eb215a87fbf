// The PV room's door.
export { networkOf } from './network';
export type { KnownName, PvNetwork, SimulationPorts } from './network';
export type { PvAccess, WriteContext, WriteOptions } from './pvAccess';
export { PvError } from './pvError';
export type { PvErrorCode } from './pvError';
export { createPvRoom } from './pvRoom';
export type { PvNotice, PvRoom, PvRoomOptions } from './pvRoom';
export type { PvService, PvStatistics } from './pvService';
export type { EventMask } from './pvSource';
