// The displays room's door.
export { createDisplaysRoom } from './displaysRoom';
export type { DisplayRoot } from './allowedDisplays';
