// The PV room's door.
export { networkOf } from './network';
export type { KnownName, PvNetwork, SimulationPorts } from './network';
export { createPvRoom } from './pvRoom';
export type { PvService } from './pvService';
export type { EventMask } from './pvSource';
