// How long this process kept its event loop from turning.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Disposable } from '@shared/disposable';

/** Milliseconds between two samples; the measured intervals contain it. */
const resolution = 10;

export interface LoopDelay extends Disposable {
  /** Milliseconds: the longest delay since the last call. */
  take(): number;
}

export function watchLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  return {
    take() {
      const longest = histogram.max / 1e6 - resolution;
      histogram.reset();
      // An empty histogram has a maximum of 0.
      return Math.max(0, Math.round(longest * 100) / 100);
    },
    dispose() { histogram.disable(); },
  };
}
