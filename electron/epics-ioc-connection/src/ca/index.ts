// The door `epics-ioc-connection/ca`: the Channel Access client alone, for programs that shall be small.
export * from '../everyDoor';
export type { CaChannel } from './channel';
export { CaClient } from './client';
