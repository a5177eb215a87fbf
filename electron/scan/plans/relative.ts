// Relative plans: positions count from where the motors stand, and they go back there at the end, as bluesky's do. PURE.
import { EndstationError } from '@shared/errors';
import type { MessageResult } from '@shared/messages';
import { moveTogether, type Steps } from './stubs';

/** Where a device was sent to, or where it is when it does not tell. Errors: `NOT_A_NUMBER`. */
function placeIn(readings: MessageResult, device: string): number {
  const entries = Object.entries(readings ?? {});
  const [, reading] = entries.find(([key]) => key.endsWith('_setpoint')) ?? entries[0] ?? [];
  if (typeof reading?.value === 'number' && Number.isFinite(reading.value)) return reading.value;
  throw new EndstationError('NOT_A_NUMBER', `${device} can not be moved by a distance: where it is now is no number. Use a plan with absolute positions.`);
}

/** `steps` gets the place of each motor. After an abort the engine moves nothing any more, back neither. */
export function* fromHere(motors: readonly string[], steps: (places: readonly number[]) => Steps): Steps {
  const places: number[] = [];
  for (const device of motors) places.push(placeIn(yield { command: 'read', device }, device));
  try {
    yield* steps(places);
  } finally {
    yield* moveTogether(motors.map((motor, index) => [motor, places[index] ?? Number.NaN]));
  }
}
