// The words that plans are made of: short sequences of messages. PURE.
import type { Message, MessageResult, Readings } from '@shared/messages';
import { travel, type Itinerary } from './itinerary';

export type Steps = Generator<Message, void, MessageResult>;
/** What was read at one point, device by device. */
export type Taken = readonly (readonly [device: string, readings: Readings])[];
export type PointSteps = Generator<Message, Taken, MessageResult>;

/** Moves all at once and waits until all have arrived. */
export function* moveTogether(targets: readonly (readonly [motor: string, position: number | string])[]): Steps {
  if (targets.length === 0) return;
  for (const [device, value] of targets) yield { command: 'set', device, value, group: 'move' };
  yield { command: 'wait', group: 'move' };
}

/** Triggers the detectors at once, waits for them, and records them with the other devices as one event; gives what was read. */
export function* triggerAndRead(detectors: readonly string[], others: readonly string[] = [], stream = 'primary'): PointSteps {
  for (const device of detectors) yield { command: 'trigger', device, group: 'trigger' };
  yield { command: 'wait', group: 'trigger' };
  yield { command: 'create', stream };
  const taken: [string, Readings][] = [];
  for (const device of detectors) taken.push([device, (yield { command: 'read', device }) ?? {}]);
  for (const device of others) taken.push([device, (yield { command: 'read', device }) ?? {}]);
  yield { command: 'save' };
  return taken;
}

/** Stages the devices, runs the steps, and unstages them in reverse order whatever happens. */
export function* staged(devices: readonly string[], steps: () => Steps): Steps {
  const all = [...new Set(devices)];
  try {
    for (const device of all) yield { command: 'stage', device };
    yield* steps();
  } finally {
    for (const device of all.reverse()) yield { command: 'unstage', device };
  }
}

/** Visits the positions, a row a point and a column a motor; moves only what changes. */
export function* visit(motors: readonly string[], itinerary: Itinerary<readonly number[]>, detectors: readonly string[]): Steps {
  let before: readonly (number | undefined)[] = [];
  yield* travel(itinerary, function* (row): Steps {
    yield { command: 'checkpoint' };
    const targets: [string, number][] = [];
    for (let column = 0; column < motors.length; column++) {
      const position = row[column];
      if (position !== undefined && position !== before[column]) targets.push([motors[column] ?? '', position]);
    }
    yield* moveTogether(targets);
    yield* triggerAndRead(detectors, motors);
    before = row;
  }, () => { before = []; });
}
