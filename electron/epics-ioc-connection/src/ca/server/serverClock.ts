// Time stamps with more than a millisecond's resolution that still follow the system's clock when that is set.
import { performance } from 'node:perf_hooks';
import type { Timestamp } from '../../value';

/** Milliseconds that the two clocks may differ before the system's wins. */
const tolerance = 20;

export function createServerClock(): () => Timestamp {
  let origin = performance.timeOrigin;
  return () => {
    const system = Date.now();
    let milliseconds = origin + performance.now();
    if (Math.abs(milliseconds - system) > tolerance) {
      origin += system - milliseconds;
      milliseconds = system;
    }
    const seconds = Math.floor(milliseconds / 1000);
    return { seconds, nanoseconds: Math.min(999_999_999, Math.round((milliseconds - seconds * 1000) * 1000) * 1000) };
  };
}
