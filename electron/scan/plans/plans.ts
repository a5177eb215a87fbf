// The plans: from checked arguments to messages. PURE; the order of messages follows bluesky's plans of the same name.
import type { PlanArguments, PlanRequest } from '@shared/plans';
import { gridPositions, linePositions } from './positions';
import { moveTogether, staged, triggerAndRead, visit, type Steps } from './stubs';

export function* count(args: PlanArguments<'count'>): Steps {
  const { detectors, num, delay } = args;
  yield* staged(detectors, function* () {
    yield { command: 'open_run', plan: 'count', args, detectors, motors: [], points: num, dimensions: [] };
    for (let index = 0; index < num; index++) {
      yield { command: 'checkpoint' };
      yield* triggerAndRead(detectors);
      if (delay > 0 && index < num - 1) yield { command: 'sleep', seconds: delay, since: 'checkpoint' };
    }
    yield { command: 'close_run' };
  });
}

export function* scan(args: PlanArguments<'scan'>): Steps {
  const { detectors, axes, num } = args;
  const motors = axes.map((axis) => axis.motor);
  yield* staged([...detectors, ...motors], function* () {
    yield { command: 'open_run', plan: 'scan', args, detectors, motors, points: num, dimensions: [motors] };
    yield* visit(motors, linePositions(axes, num), detectors);
    yield { command: 'close_run' };
  });
}

export function* gridScan(args: PlanArguments<'grid_scan'>): Steps {
  const { detectors, axes, snake } = args;
  const motors = axes.map((axis) => axis.motor);
  yield* staged([...detectors, ...motors], function* () {
    yield {
      command: 'open_run', plan: 'grid_scan', args, detectors, motors, points: axes.reduce((product, axis) => product * axis.num, 1),
      shape: axes.map((axis) => axis.num), extents: axes.map((axis): [number, number] => [axis.start, axis.stop]),
      snaking: axes.map((_, index) => snake && index > 0), dimensions: motors.map((motor) => [motor]),
    };
    yield* visit(motors, gridPositions(axes, snake), detectors);
    yield { command: 'close_run' };
  });
}

export function* move(args: PlanArguments<'move'>): Steps {
  yield* moveTogether(args.axes.map((axis) => [axis.motor, axis.position]));
}

/** The messages of a request. */
export function planOf(request: PlanRequest): Steps {
  switch (request.plan) {
    case 'count': return count(request.args);
    case 'scan': return scan(request.args);
    case 'grid_scan': return gridScan(request.args);
    case 'move': return move(request.args);
  }
}

export interface PlanPath {
  readonly motors: readonly string[];
  readonly detectors: readonly string[];
  /** null where the plan can't know. */
  readonly points: number | null;
  /** Seconds between the starts of two points, at the least. */
  readonly pace: number;
  readonly positions: () => Iterable<readonly number[]>;
}

/** Where a request goes, without doing anything: for the preflight sheet. */
export function pathOf(request: PlanRequest): PlanPath {
  switch (request.plan) {
    case 'count': return { motors: [], detectors: request.args.detectors, points: request.args.num, pace: request.args.delay, positions: () => [] };
    case 'scan': {
      const { axes, num, detectors } = request.args;
      return { motors: axes.map((axis) => axis.motor), detectors, points: num, pace: 0, positions: () => linePositions(axes, num) };
    }
    case 'grid_scan': {
      const { axes, snake, detectors } = request.args;
      const points = axes.reduce((product, axis) => product * axis.num, 1);
      return { motors: axes.map((axis) => axis.motor), detectors, points, pace: 0, positions: () => gridPositions(axes, snake) };
    }
    case 'move': return {
      motors: request.args.axes.map((axis) => axis.motor), detectors: [], points: 0, pace: 0,
      positions: () => [request.args.axes.map((axis) => axis.position)],
    };
  }
}
