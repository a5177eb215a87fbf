import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Trajectory } from './trajectory';

const limits = { speed: 5, acceleration: 100 };

describe('Trajectory', () => {
  it('takes distance / speed plus one acceleration time for a long move', () => {
    const path = Trajectory.toTarget(0, 0, 10, limits);
    expect(path.duration).toBeCloseTo(10 / 5 + 5 / 100, 9);
    expect(path.at(1).velocity).toBeCloseTo(5, 9);
    expect(path.at(path.duration / 2).position).toBeCloseTo(5, 9);
  });

  it('is a triangle when the move is too short to reach its speed', () => {
    const path = Trajectory.toTarget(0, 0, 0.05, limits);
    expect(path.duration).toBeCloseTo(2 * Math.sqrt(0.05 / 100), 9);
    expect(path.at(path.duration / 2).velocity).toBeCloseTo(Math.sqrt(0.05 * 100), 9);
  });

  it('stops after v²/2a', () => {
    const path = Trajectory.toRest(1, 5, limits);
    expect(path.target).toBeCloseTo(1 + 25 / 200, 9);
    expect(path.duration).toBeCloseTo(0.05, 9);
  });

  it('ends at rest on its target, without a jump in position or a speed or acceleration above the limits, from any state', () => {
    const number = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true, noDefaultInfinity: true });
    fc.assert(fc.property(number(50), number(5), number(50), (position, velocity, target) => {
      const path = Trajectory.toTarget(position, velocity, target, limits);
      expect(path.at(path.duration)).toEqual({ position: target, velocity: 0 });
      expect(path.at(0).position).toBeCloseTo(path.duration === 0 ? target : position, 9);
      const steps = 200;
      for (let step = 1; step <= steps; step++) {
        const [before, after] = [path.at(((step - 1) / steps) * path.duration), path.at((step / steps) * path.duration)];
        const dt = path.duration / steps;
        const tooFast = Math.abs(after.velocity) > 5 + 1e-6;
        const tooHard = Math.abs(after.velocity - before.velocity) > 100 * dt + 1e-4;
        const jumps = Math.abs(after.position - before.position) > 5 * dt + 1e-6;
        if (tooFast || tooHard || jumps) throw new Error(`step ${step} of ${JSON.stringify({ before, after, dt })}`);
      }
    }), { numRuns: 200, seed: 1 });
  });
});
