// The plans: from checked arguments to messages, and where they go. PURE; the order of messages follows bluesky's plans of the same name.
import type { OpenRunMessage } from '@shared/messages';
import type { PlanRequest } from '@shared/plans';
import { energyPoints, pointsIn, xanes } from './energies';
import { move, set, valueOf } from './moves';
import { patternOf, type Pattern } from './patterns';
import { fromHere } from './relative';
import { adaptive, tuneCentroid } from './searches';
import { staged, visit, type Steps } from './stubs';
import { count, timeSeries } from './times';

function* visitPattern({ plan, args }: PlanRequest, pattern: Pattern, origin: readonly number[]): Steps {
  const { detectors, motors, points, shape, extents, snaking, gridding, dimensions, positions } = pattern;
  const from = (motor: string): number => origin[motors.indexOf(motor)] ?? 0;
  const axes = dimensions.map(([motor = '']) => motor);
  const open: OpenRunMessage = {
    command: 'open_run', plan, args: { ...args }, detectors, motors, points, dimensions,
    ...(shape ? { shape } : {}), ...(snaking ? { snaking } : {}), ...(gridding ? { gridding } : {}),
    ...(extents ? { extents: extents.map(([low, high], index) => [low + from(axes[index] ?? ''), high + from(axes[index] ?? '')] as const) } : {}),
  };
  yield* staged([...detectors, ...motors], function* () {
    yield open;
    yield* visit(motors, origin.length > 0 ? shifted(positions(), origin) : positions(), detectors);
    yield { command: 'close_run' };
  });
}

function* shifted(positions: Iterable<readonly number[]>, origin: readonly number[]): Generator<number[], void, undefined> {
  for (const row of positions) yield row.map((position, column) => (origin[column] ?? 0) + position);
}

/** The messages of a request. */
export function planOf(request: PlanRequest): Steps {
  const pattern = patternOf(request);
  if (pattern) return pattern.relative ? fromHere(pattern.motors, (places) => visitPattern(request, pattern, places)) : visitPattern(request, pattern, []);
  switch (request.plan) {
    case 'count': return count(request.args);
    case 'time_series': return timeSeries(request.args);
    case 'sleep': return sleep(request.args.seconds);
    case 'adaptive_scan': return adaptive(request.plan, request.args, 0);
    case 'rel_adaptive_scan': return fromHere(request.args.axes.map((axis) => axis.motor), ([place = 0]) => adaptive('rel_adaptive_scan', request.args, place));
    case 'tune_centroid': return tuneCentroid(request.args);
    case 'xanes': return xanes(request.args);
    case 'move': return move(request.args);
    case 'set': return set(request.args);
    default: throw new Error(`The plan ${request.plan} has neither a pattern nor steps.`);
  }
}

function* sleep(seconds: number): Steps {
  yield { command: 'sleep', seconds };
}

export interface PlanPath {
  readonly motors: readonly string[];
  readonly detectors: readonly string[];
  /** What is read besides. */
  readonly others?: readonly string[];
  /** null where the plan can't know. */
  readonly points: number | null;
  /** Seconds between the starts of two points, at the least. */
  readonly pace: number;
  /** Seconds on top of moves and readings. */
  readonly dwell?: number;
  /** Positions are offsets from where the motors stand, where they go back at the end. */
  readonly relative?: boolean;
  /** It opens no run. */
  readonly recordsNothing?: boolean;
  /** Where it goes; for a plan that finds its way, the ends of where it may. */
  readonly positions: () => Iterable<readonly number[]>;
}

/** Where a request goes, without doing anything: for the preflight sheet. */
export function pathOf(request: PlanRequest): PlanPath {
  const pattern = patternOf(request);
  if (pattern) return { ...pattern, pace: 0 };
  switch (request.plan) {
    case 'count': return { motors: [], detectors: request.args.detectors, points: request.args.num, pace: request.args.delay, positions: () => [] };
    case 'time_series': {
      const { detectors, duration, interval } = request.args;
      return { motors: [], detectors, points: interval > 0 ? Math.floor(duration / interval + 1e-9) + 1 : null, pace: interval, positions: () => [] };
    }
    case 'sleep': return { motors: [], detectors: [], points: 0, pace: 0, dwell: request.args.seconds, recordsNothing: true, positions: () => [] };
    case 'adaptive_scan': case 'rel_adaptive_scan': case 'tune_centroid': {
      const { detectors, axes } = request.args;
      return {
        motors: axes.map((axis) => axis.motor), detectors, points: null, pace: 0, relative: request.plan === 'rel_adaptive_scan',
        positions: () => [axes.map((axis) => axis.start), axes.map((axis) => axis.stop)],
      };
    }
    case 'xanes': {
      const { detectors, axes, regions, timer } = request.args;
      let dwell = 0;
      for (const point of energyPoints(regions)) dwell += point.dwell;
      return {
        motors: axes.map((axis) => axis.motor), detectors, others: timer === undefined ? [] : [timer], points: pointsIn(regions), pace: 0, dwell,
        positions: function* () { for (const { energy } of energyPoints(regions)) yield [energy]; },
      };
    }
    case 'move': return {
      motors: request.args.axes.map((axis) => axis.motor), detectors: [], points: 0, pace: 0, recordsNothing: true,
      positions: () => [request.args.axes.map((axis) => axis.position)],
    };
    case 'set': {
      const { axes, readback } = request.args;
      const values = axes.map((axis) => valueOf(axis.value));
      return {
        motors: axes.map((axis) => axis.motor), detectors: [], others: readback === undefined ? [] : [readback], points: 0, pace: 0, recordsNothing: true,
        positions: () => values.every((value): value is number => typeof value === 'number') ? [values as number[]] : [],
      };
    }
    default: throw new Error(`The plan ${request.plan} has no path.`);
  }
}
