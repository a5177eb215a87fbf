// Plans that choose their next position by what they read; the rules are bluesky's (plans.adaptive_scan, plans.tune_centroid). PURE.
import { EndstationError } from '@shared/errors';
import type { Readings } from '@shared/messages';
import type { PlanArguments } from '@shared/plans';
import { moveTogether, staged, triggerAndRead, type PointSteps, type Steps, type Taken } from './stubs';

/** Errors: `SIGNAL`, that names the readings there are. */
function signalIn(taken: Taken, signal: string | undefined): number {
  const all = Object.assign({}, ...taken.map(([, readings]) => readings)) as Readings;
  const key = signal === undefined ? Object.keys(taken[0]?.[1] ?? {})[0] ?? '' : Object.hasOwn(all, signal) ? signal : signal.replace(/[./]/g, '_');
  const value = all[key]?.value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const reason = Object.hasOwn(all, key) ? 'is no number at this point' : 'is not among the readings';
  throw new EndstationError('SIGNAL', `The signal ${signal ?? key} ${reason}, so the plan can not follow it. Readings: ${Object.keys(all).join(', ')}.`);
}

/** One point: moves, records, and gives what was read. */
function* takePoint(motor: string, position: number, detectors: readonly string[]): PointSteps {
  yield { command: 'checkpoint' };
  yield* moveTogether([[motor, position]]);
  return yield* triggerAndRead(detectors, [motor]);
}

/** `origin`: 0, or where the motor stands for the relative plan. */
export function* adaptive(plan: 'adaptive_scan' | 'rel_adaptive_scan', args: PlanArguments<'adaptive_scan'>, origin: number): Steps {
  const { detectors, signal, axes, min_step: minStep, max_step: maxStep, target_delta: targetDelta, backstep, threshold } = args;
  const [axis] = axes;
  if (!axis) return;
  const { motor, start, stop } = axis;
  yield* staged([...detectors, motor], function* () {
    yield { command: 'open_run', plan, args: { ...args }, detectors, motors: [motor], extents: [[origin + start, origin + stop]], dimensions: [[motor]] };
    const direction = stop >= start ? 1 : -1;
    let next = start;
    let step = (maxStep - minStep) / 2;
    let past: number | null = null;
    while (next * direction < stop * direction) {
      const value = signalIn(yield* takePoint(motor, origin + next, detectors), signal);
      if (past === null) {
        past = value;
        next += step * direction;
        continue;
      }
      const slope = Math.abs(value - past) / step;
      const fitting = slope > 0 ? Math.min(Math.max(targetDelta / slope, minStep), maxStep) : Math.min(step * 1.1, maxStep);
      if (backstep && fitting < step * threshold) {
        next -= step;
        step = fitting;
      } else {
        past = value;
        step = 0.2 * fitting + 0.8 * step;
      }
      next += step * direction;
    }
    yield { command: 'close_run' };
  });
}

export function* tuneCentroid(args: PlanArguments<'tune_centroid'>): Steps {
  const { detectors, signal, axes, min_step: minStep, num, step_factor: factor, snake } = args;
  const [axis] = axes;
  if (!axis) return;
  const { motor } = axis;
  const low = Math.min(axis.start, axis.stop);
  const high = Math.max(axis.start, axis.stop);
  const inside = (position: number): number => Math.min(Math.max(position, low), high);
  yield* staged([...detectors, motor], function* () {
    yield { command: 'open_run', plan: 'tune_centroid', args, detectors, motors: [motor], extents: [[axis.start, axis.stop]], dimensions: [[motor]] };
    let { start, stop } = axis;
    let step = (stop - start) / (num - 1);
    let next = start;
    let peak: number | null = null;
    let sum = 0;
    let moment = 0;
    while (Math.abs(step) >= minStep && low <= next && next <= high) {
      const taken = yield* takePoint(motor, next, detectors);
      const value = signalIn(taken, signal);
      sum += value;
      moment += value * signalIn(taken.filter(([device]) => device === motor), undefined);
      next += step;
      if (Math.min(start, stop) <= next && next <= Math.max(start, stop)) continue;
      if (sum === 0) {
        // Nothing anywhere: there is no centroid to go to.
        peak = null;
        break;
      }
      peak = moment / sum;
      sum = 0;
      moment = 0;
      const width = (stop - start) / factor;
      start = inside(peak - width / 2);
      stop = inside(peak + width / 2);
      if (snake) [start, stop] = [stop, start];
      step = (stop - start) / (num - 1);
      next = start;
    }
    if (peak !== null) yield* moveTogether([[motor, peak]]);
    yield { command: 'close_run' };
  });
}
