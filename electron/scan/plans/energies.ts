// The scan of an absorption edge, region by region. PURE.
import type { PlanArguments } from '@shared/plans';
import { travel, type Itinerary } from './itinerary';
import { moveTogether, staged, triggerAndRead, type Steps } from './stubs';

type Args = PlanArguments<'xanes'>;
export interface EnergyPoint { readonly energy: number; readonly dwell: number }

/** Both ends of a region, as far as its step divides it; a point where the region before ended is taken once. */
export function* energyPoints(regions: Args['regions']): Generator<EnergyPoint, void, undefined> {
  let last = Number.NaN;
  for (const { start, stop, step, dwell } of regions) {
    const steps = Math.floor(Math.abs(stop - start) / step + 1e-9);
    const direction = stop >= start ? 1 : -1;
    for (let index = 0; index <= steps; index++) {
      const energy = start + direction * index * step;
      if (Math.abs(energy - last) > step * 1e-6 || Number.isNaN(last)) yield { energy, dwell };
      last = energy;
    }
  }
}

/** The dwell is given to the timer with the move, and recorded; without a timer the plan waits before it reads. */
export function* xanes(args: Args, itinerary: Itinerary<EnergyPoint>): Steps {
  const { detectors, axes, regions, timer } = args;
  const motors = axes.map((axis) => axis.motor);
  const energies = regions.flatMap(({ start, stop }) => [start, stop]);
  const timers = timer === undefined ? [] : [timer];
  yield* staged([...detectors, ...motors], function* () {
    yield {
      command: 'open_run', plan: 'xanes', args: { ...args }, detectors, motors, points: pointsIn(regions), extents: [[Math.min(...energies), Math.max(...energies)]], dimensions: [motors],
    };
    yield* travel(itinerary, function* ({ energy, dwell }): Steps {
      yield { command: 'checkpoint' };
      yield* moveTogether([...motors.map((motor) => [motor, energy] as const), ...timers.map((device) => [device, dwell] as const)]);
      if (timers.length === 0 && dwell > 0) yield { command: 'sleep', seconds: dwell };
      yield* triggerAndRead(detectors, [...motors, ...timers]);
    });
    yield { command: 'close_run' };
  });
}

export function pointsIn(regions: Args['regions']): number {
  let points = 0;
  for (const _ of energyPoints(regions)) points += 1;
  return points;
}
