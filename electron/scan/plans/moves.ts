// Plans that move and record nothing. PURE.
import { EndstationError } from '@shared/errors';
import type { PlanArguments } from '@shared/plans';
import { moveTogether, type Steps } from './stubs';
import { clockIn } from './times';

export function* move(args: PlanArguments<'move'>): Steps {
  yield* moveTogether(args.axes.map((axis) => [axis.motor, axis.position]));
}

/** A text that is a number is one. */
export function valueOf(value: number | string): number | string {
  return typeof value === 'string' && value !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}

/** Seconds between two looks at the readback. */
const pause = 0.05;

/** Errors: `NOT_ARRIVED`, when the readback does not come to the value in time. */
export function* set({ axes, readback, tolerance, timeout }: PlanArguments<'set'>): Steps {
  const [axis] = axes;
  if (!axis) return;
  const target = valueOf(axis.value);
  yield* moveTogether([[axis.motor, target]]);
  if (readback === undefined) return;
  const began = clockIn(yield { command: 'clock' });
  for (;;) {
    const [reading] = Object.values((yield { command: 'read', device: readback }) ?? {});
    const value = reading?.value;
    if (value === target || (typeof value === 'number' && typeof target === 'number' && Math.abs(value - target) <= tolerance)) return;
    if (clockIn(yield { command: 'clock' }) - began >= timeout) {
      throw new EndstationError('NOT_ARRIVED',
        `${axis.motor} was set to ${target}, but its readback ${readback} is ${String(value)} after ${timeout} s; allowed is a difference of ${tolerance}. Check the device, or give it a larger --tolerance or --timeout.`);
    }
    yield { command: 'sleep', seconds: pause };
  }
}
