// Time limits of many requests on one timer: a request that is answered in time costs no timer of its own.
import type { Clock, Timer } from '../transport/transport';

export interface Limited {
  /** On the clock, ms. */
  readonly deadline: number;
  expired(): void;
}

export class Deadlines {
  private readonly waiting = new Set<Limited>();
  private timer: Timer | null = null;
  private timerAt = Infinity;

  constructor(private readonly clock: Clock) {}

  add(item: Limited): void {
    this.waiting.add(item);
    if (item.deadline < this.timerAt) this.schedule(item.deadline);
  }

  remove(item: Limited): void { this.waiting.delete(item); }

  /** Everything that waits, as it is now. */
  get items(): Limited[] { return [...this.waiting]; }

  /** Nothing expires any more. */
  close(): void {
    this.timer?.cancel();
    this.timer = null;
    this.waiting.clear();
  }

  private schedule(at: number): void {
    this.timer?.cancel();
    this.timerAt = at;
    this.timer = this.clock.after(Math.max(1, Math.ceil(at - this.clock.now())), () => this.sweep());
  }

  private sweep(): void {
    this.timer = null;
    this.timerAt = Infinity;
    const now = this.clock.now();
    const expired: Limited[] = [];
    let next = Infinity;
    for (const item of this.waiting) {
      if (item.deadline <= now) expired.push(item);
      else if (item.deadline < next) next = item.deadline;
    }
    if (next < Infinity) this.schedule(next);
    for (const item of expired) {
      if (this.waiting.delete(item)) item.expired();
    }
  }
}
