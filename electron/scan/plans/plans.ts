// The plans: from checked arguments to messages, and where they go. PURE; the order of messages follows bluesky's plans of the same name.
import type { OpenRunMessage } from '@shared/messages';
import type { PlanRequest } from '@shared/plans';
import { isComposition, partsFrom, summaryOf, tellingWhole } from './compositions';
import { PlanEditing, shifted, type Editing } from './editing';
import { energyPoints, pointsIn, xanes } from './energies';
import { fly, ramp } from './flights';
import { Itinerary } from './itinerary';
import { move, set, valueOf } from './moves';
import { patternOf, type Pattern } from './patterns';
import { fromHere } from './relative';
import { adaptive, tuneCentroid } from './searches';
import { staged, visit, type Steps } from './stubs';
import { count, readingsOf, timeSeries } from './times';

function* visitPattern({ plan, args }: PlanRequest, pattern: Pattern, origin: readonly number[], editing: PlanEditing): Steps {
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
    yield* visit(motors, editing.begin(new Itinerary(origin.length > 0 ? shifted(positions(), origin) : positions()), origin), detectors);
    yield { command: 'close_run' };
  });
}

/** The messages of a request that holds no other plan. */
export function planOf(request: PlanRequest): Steps {
  return planWith(request).steps;
}

/** The messages, and the means to change the points that are left while they are given. */
export function planWith(request: PlanRequest): { readonly steps: Steps; readonly editing: Editing | null } {
  const pattern = patternOf(request);
  if (pattern === null && request.plan !== 'count' && request.plan !== 'xanes') return { steps: freeSteps(request), editing: null };
  const editing = new PlanEditing(request);
  if (pattern) {
    const steps = pattern.relative ? fromHere(pattern.motors, (places) => visitPattern(request, pattern, places, editing)) : visitPattern(request, pattern, [], editing);
    return { steps, editing };
  }
  if (request.plan === 'count') return { steps: count(request.args, editing.begin(new Itinerary(readingsOf(request.args)))), editing };
  if (request.plan === 'xanes') return { steps: xanes(request.args, editing.begin(new Itinerary(energyPoints(request.args.regions)))), editing };
  throw new Error(`The plan ${request.plan} has no points to change.`);
}

/** Of plans that do not visit points one by one. */
function freeSteps(request: PlanRequest): Steps {
  switch (request.plan) {
    case 'time_series': return timeSeries(request.args);
    case 'sleep': return sleep(request.args.seconds);
    case 'adaptive_scan': return adaptive(request.plan, request.args, 0);
    case 'rel_adaptive_scan': return fromHere(request.args.axes.map((axis) => axis.motor), ([place = 0]) => adaptive('rel_adaptive_scan', request.args, place));
    case 'tune_centroid': return tuneCentroid(request.args);
    case 'fly': return fly(request.args);
    case 'ramp_plan': return ramp(request.args);
    case 'move': return move(request.args);
    case 'set': return set(request.args);
    case 'sequence': case 'loop': case 'include': return composed(request);
    default: throw new Error(`The plan ${request.plan} has neither a pattern nor steps.`);
  }
}

/** The parts of a plan of plans, from number `from` on. Errors: of a script among the parts, which is no generator of this room. */
export function* composed(request: PlanRequest, from = 0): Steps {
  for (const { part, whole } of partsFrom(request, from)) {
    if ('wait' in part) yield* sleep(part.wait);
    else yield* tellingWhole(planOf(part.request), whole);
  }
}

export function* sleep(seconds: number): Steps {
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
  /** The motor moves from one end to the other at this speed, its own where null, instead of by steps. */
  readonly flies?: number | null;
  /** It opens no run. */
  readonly recordsNothing?: boolean;
  /** Where it goes; for a plan that finds its way, the ends of where it may. */
  readonly positions: () => Iterable<readonly number[]>;
}

/** Where a request goes, without doing anything: for the preflight sheet. */
export function pathOf(request: PlanRequest): PlanPath {
  if (isComposition(request)) return composedPath(request);
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
    case 'fly': {
      const { detectors, axes } = request.args;
      return {
        motors: axes.map((axis) => axis.motor), detectors, points: null, pace: 0, flies: request.args.speed ?? null,
        positions: () => [axes.map((axis) => axis.start), axes.map((axis) => axis.stop)],
      };
    }
    case 'ramp_plan': {
      const { detectors, axes, monitor, period } = request.args;
      return { motors: axes.map((axis) => axis.motor), detectors, others: monitor === undefined ? [] : [monitor], points: null, pace: period, positions: () => [axes.map((axis) => axis.stop)] };
    }
    case 'script': return { motors: [], detectors: [], points: null, pace: 0, positions: () => [] };
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

/** All its devices; where each part goes is that part's own. */
function composedPath(request: PlanRequest): PlanPath {
  const { plans, waiting } = summaryOf(request);
  const paths = plans.map((part) => ({ path: pathOf(part.request), times: part.times }));
  const all = (names: (path: PlanPath) => readonly string[]): string[] => [...new Set(paths.flatMap(({ path }) => names(path)))];
  return {
    motors: all(({ motors }) => motors), detectors: all(({ detectors }) => detectors), others: all(({ others }) => others ?? []),
    points: paths.some(({ path }) => path.points === null) ? null : paths.reduce((sum, { path, times }) => sum + times * (path.points ?? 0), 0),
    pace: 0, dwell: waiting, recordsNothing: paths.every(({ path }) => path.recordsNothing === true), positions: () => [],
  };
}
