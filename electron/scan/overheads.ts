// What a point takes besides moves and dwell, measured in runs of this program: counting, reading, recording. By the detectors.
import type { Outcome } from './engine/startRequest';

/** A run that is shorter tells too little. */
const fewest = 3;

export class Overheads {
  /** Seconds. */
  readonly #measured = new Map<string, number>();

  /** null: nothing was measured with these. */
  of(detectors: readonly string[]): number | null {
    return this.#measured.get(keyOf(detectors)) ?? null;
  }

  /** `travel`: seconds of moves and dwell that were reckoned up to the last point. */
  learn(detectors: readonly string[], { exitStatus, points, seconds }: Pick<Outcome, 'exitStatus' | 'points' | 'seconds'>, travel: number): void {
    if (exitStatus === 'success' && points >= fewest) this.#measured.set(keyOf(detectors), Math.max(0, (seconds - travel) / points));
  }
}

function keyOf(detectors: readonly string[]): string {
  return [...detectors].sort().join(' ');
}
