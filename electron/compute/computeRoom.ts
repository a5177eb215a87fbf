// The compute room: the pool, and the contract's `compute.*` calls that it serves.
import type { Room } from '../room';
import { ComputePool } from './computePool';

export interface ComputeRoom extends Room<'compute.peakStatistics'> {
  readonly pool: ComputePool;
}

/** @param options `workers`: folder of the built worker files; `size`: threads, by default the cores of the machine. */
export function createComputeRoom(options: { readonly workers: string; readonly size?: number }): ComputeRoom {
  const pool = new ComputePool(options);
  return {
    pool,
    handlers: {
      'compute.peakStatistics': (input) => pool.run('peakStatistics', input, { priority: 'interactive' }),
    },
    dispose: () => pool.dispose(),
  };
}
