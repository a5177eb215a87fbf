// The door `epics-ioc-connection/pva`: the pvAccess client alone, for programs that shall be small.
export * from '../everyDoor';
export * from './index';
