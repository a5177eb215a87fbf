// The displays room's door.
export { createDisplaysRoom } from './displaysRoom';
export { displayRoots } from './displayRoots';
