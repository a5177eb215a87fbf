// Plans that read while motors are on their way. PURE; `ramp_plan` follows bluesky's.
import { EndstationError } from '@shared/errors';
import type { PlanArguments } from '@shared/plans';
import { moveTogether, staged, triggerAndRead, type Steps } from './stubs';
import { clockIn } from './times';

export function* fly(args: PlanArguments<'fly'>): Steps {
  const { detectors, axes, speed, num } = args;
  const [axis] = axes;
  if (!axis) return;
  const { motor, start, stop } = axis;
  yield* staged([...detectors, motor], function* () {
    yield { command: 'open_run', plan: 'fly', args: { ...args }, detectors, motors: [motor], extents: [[start, stop]], dimensions: [[motor]] };
    yield* moveTogether([[motor, start]]);
    if (speed !== undefined) yield { command: 'configure', device: motor, speed };
    yield { command: 'checkpoint' };
    yield { command: 'kickoff', stream: 'primary', detectors, motors: [motor], ...(num === undefined ? {} : { along: { motor, start, stop, num } }) };
    // What is repeated after a pause: it flies on from where it was stopped.
    yield* moveTogether([[motor, stop]]);
    yield { command: 'complete' };
    yield { command: 'close_run' };
  });
}

/** Seconds between two looks at whether they have arrived, where no reading takes time. */
const pause = 0.02;

/** Errors: `NOT_ARRIVED` after `timeout` seconds. */
export function* ramp(args: PlanArguments<'ramp_plan'>): Steps {
  const { detectors, axes, period, take_pre_data: before, timeout, monitor } = args;
  const motors = axes.map((axis) => axis.motor);
  yield* staged([...detectors, ...motors], function* () {
    yield { command: 'open_run', plan: 'ramp_plan', args: { ...args }, detectors, motors, dimensions: [motors] };
    if (monitor !== undefined) yield { command: 'monitor', device: monitor };
    if (before) yield* triggerAndRead(detectors, motors);
    yield { command: 'checkpoint' };
    const began = clockIn(yield { command: 'clock' });
    for (const { motor, stop } of axes) yield { command: 'set', device: motor, value: stop, group: 'ramp' };
    for (;;) {
      const readingAt = clockIn(yield { command: 'clock' });
      const over = (yield { command: 'poll', group: 'ramp' })?.['done']?.value === 1;
      yield* triggerAndRead(detectors, motors);
      if (over) break;
      const now = clockIn(yield { command: 'clock' });
      if (timeout !== undefined && now - began > timeout) {
        throw new EndstationError('NOT_ARRIVED', `${motors.join(', ')} did not arrive within ${timeout} s. Check what holds them, or give the ramp a larger --timeout.`);
      }
      const left = Math.max(period - (now - readingAt), now - readingAt < pause ? pause : 0);
      if (left > 0) yield { command: 'sleep', seconds: left };
    }
    if (monitor !== undefined) yield { command: 'unmonitor', device: monitor };
    yield { command: 'close_run' };
  });
}
