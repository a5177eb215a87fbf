// Time limits of many requests on one timer: a request that is answered in time costs no timer of its own, and no entry in a table.
import type { Clock, Timer } from '../transport/transport';

/** What has a time limit; a link of the list that it waits in. */
export abstract class Limited {
  /** On the clock, ms. */
  abstract readonly deadline: number;
  /** Its list, and its neighbours there. */
  waitsIn: Deadlines | null = null;
  earlier: Limited | null = null;
  later: Limited | null = null;
  abstract expired(): void;
}

export class Deadlines {
  private first: Limited | null = null;
  private last: Limited | null = null;
  private timer: Timer | null = null;
  private timerAt = Infinity;

  constructor(private readonly clock: Clock) {}

  add(item: Limited): void {
    if (item.waitsIn) return;
    item.waitsIn = this;
    item.earlier = this.last;
    if (this.last) this.last.later = item;
    else this.first = item;
    this.last = item;
    if (item.deadline < this.timerAt) this.schedule(item.deadline);
  }

  remove(item: Limited): void {
    if (item.waitsIn !== this) return;
    const { earlier, later } = item;
    if (earlier) earlier.later = later;
    else this.first = later;
    if (later) later.earlier = earlier;
    else this.last = earlier;
    item.waitsIn = item.earlier = item.later = null;
  }

  /** Everything that waits, as it is now. */
  get items(): Limited[] {
    const items: Limited[] = [];
    for (let item = this.first; item; item = item.later) items.push(item);
    return items;
  }

  /** Nothing expires any more. */
  close(): void {
    this.timer?.cancel();
    this.timer = null;
    while (this.first) this.remove(this.first);
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
    for (let item = this.first; item; item = item.later) {
      if (item.deadline <= now) expired.push(item);
      else if (item.deadline < next) next = item.deadline;
    }
    if (next < Infinity) this.schedule(next);
    for (const item of expired) {
      if (item.waitsIn !== this) continue;
      this.remove(item);
      item.expired();
    }
  }
}
