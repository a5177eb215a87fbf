// Time limits of many requests on one timer: a request that is answered in time costs no timer of its own, no entry in a table and no look at the clock.
import type { Clock, Timer } from '../transport/transport';

/** What began in one tick. */
interface Beginning {
  /** The end of that tick, ms; Infinity while it goes on. */
  time: number;
  /** The shortest limit of those that began then, ms. */
  shortest: number;
}

/** What has a time limit; a link of the list that it waits in. */
export abstract class Limited {
  /** Milliseconds from the tick on in which it was added. */
  abstract readonly limit: number;
  /** Its list, since when, and its neighbours there. */
  waitsIn: Deadlines | null = null;
  began: Beginning | null = null;
  earlier: Limited | null = null;
  later: Limited | null = null;
  abstract expired(): void;
}

export class Deadlines {
  private first: Limited | null = null;
  private last: Limited | null = null;
  private beginning: Beginning | null = null;
  private timer: Timer | null = null;
  private timerAt = Infinity;
  private closed = false;

  constructor(private readonly clock: Clock) {}

  add(item: Limited): void {
    if (item.waitsIn) return;
    item.waitsIn = this;
    const beginning = this.beginning ?? this.begin();
    item.began = beginning;
    if (item.limit < beginning.shortest) beginning.shortest = item.limit;
    item.earlier = this.last;
    if (this.last) this.last.later = item;
    else this.first = item;
    this.last = item;
  }

  remove(item: Limited): void {
    if (item.waitsIn !== this) return;
    const { earlier, later } = item;
    if (earlier) earlier.later = later;
    else this.first = later;
    if (later) later.earlier = earlier;
    else this.last = earlier;
    item.waitsIn = item.began = item.earlier = item.later = null;
  }

  /** Everything that waits, as it is now. */
  get items(): Limited[] {
    const items: Limited[] = [];
    for (let item = this.first; item; item = item.later) items.push(item);
    return items;
  }

  /** Nothing expires any more. */
  close(): void {
    this.closed = true;
    this.timer?.cancel();
    this.timer = null;
    while (this.first) this.remove(this.first);
  }

  private begin(): Beginning {
    const beginning: Beginning = { time: Infinity, shortest: Infinity };
    this.beginning = beginning;
    this.clock.soon(() => {
      this.beginning = null;
      beginning.time = this.clock.now();
      const at = beginning.time + beginning.shortest;
      if (at < this.timerAt && !this.closed) this.schedule(at, beginning.time);
    });
    return beginning;
  }

  private schedule(at: number, now: number): void {
    this.timer?.cancel();
    this.timerAt = at;
    this.timer = this.clock.after(Math.max(1, Math.ceil(at - now)), () => this.sweep());
  }

  private sweep(): void {
    this.timer = null;
    this.timerAt = Infinity;
    const now = this.clock.now();
    const expired: Limited[] = [];
    let next = Infinity;
    for (let item = this.first; item; item = item.later) {
      const deadline = (item.began as Beginning).time + item.limit;
      if (deadline <= now) expired.push(item);
      else if (deadline < next) next = deadline;
    }
    if (next < Infinity) this.schedule(next, now);
    for (const item of expired) {
      if (item.waitsIn !== this) continue;
      this.remove(item);
      item.expired();
    }
  }
}
