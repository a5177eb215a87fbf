// Watches a motor record while it moves: that its readback changes, and that it does not take too long. Time in which somebody holds it
// on purpose (SPMG Pause) does not count.
import type { Disposable } from '@shared/disposable';
import type { MotorPvs } from './motorPvs';

/** Seconds without any change of the readback, while the record says that it moves, after which the motor stalls. */
export const stallTime = 10;
/** SPMG. */
const paused = 1;

export class MoveWatch implements Disposable {
  #stall: ReturnType<typeof setTimeout> | undefined;
  #limit: ReturnType<typeof setTimeout> | undefined;
  /** Milliseconds that are left, and when they began to run. */
  #left: number;
  #since: number | null = null;
  readonly #listening: readonly Disposable[];

  /** `seconds`: that the move may take. One of the two is called, once. */
  constructor(private readonly pvs: MotorPvs, seconds: number, private readonly events: { stalled(): void; late(): void }) {
    this.#left = seconds * 1000;
    this.#listening = [pvs.readback.on(() => this.#watchReadback()), pvs.mode.on(() => this.#follow())];
    this.#follow();
  }

  #follow(): void {
    const holds = this.pvs.mode.number === paused;
    if (holds && this.#since !== null) {
      this.#left -= performance.now() - this.#since;
      this.#clear();
    } else if (!holds && this.#since === null) {
      this.#since = performance.now();
      this.#limit = setTimeout(() => this.events.late(), Math.min(Math.max(0, this.#left), 2 ** 31 - 1));
      this.#watchReadback();
    }
  }

  #watchReadback(): void {
    if (this.#since === null) return;
    clearTimeout(this.#stall);
    this.#stall = setTimeout(() => this.events.stalled(), stallTime * 1000);
  }

  #clear(): void {
    clearTimeout(this.#stall);
    clearTimeout(this.#limit);
    this.#since = null;
  }

  dispose(): void {
    for (const listener of this.#listening) listener.dispose();
    this.#clear();
  }
}
