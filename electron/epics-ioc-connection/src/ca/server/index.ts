// The server's part of the public door.
export { CaServer } from './caServer';
export { PortInUseError } from './listening';
