// When searches go out: names that are asked for together share datagrams, the next go is on a timer. What a go sends is the protocol's own.
import type { Search, SearchBatch } from '../ca/search';
import type { Clock, Timer } from '../transport/transport';

/** Names that are not put off to the end of the tick. */
const gatheredNames = 250;
/** Beyond that many in one tick they wait for it all the same: servers' receive buffers are not without end. */
const mostGathered = 1000;

export class SearchSchedule {
  private poller: Timer | null = null;
  private polledAt = Infinity;
  private pollSoon = false;
  /** Names asked for in this tick. */
  private gathered = 0;
  private closed = false;

  /** `ready`: there is somewhere to send to. */
  constructor(private readonly clock: Clock, private readonly engine: Search, private readonly ready: () => boolean, private readonly send: (batch: SearchBatch) => void) {}

  /** Returns the number of the first datagram that may ask for it: what answers earlier ones is stale. */
  add(clientId: number, name: string, lost: boolean, level: number): number {
    const first = this.engine.sequence;
    this.engine.add(clientId, name, this.clock.now(), lost, level);
    this.gathered += 1;
    // Enough to fill datagrams: servers look for these while the program still asks for more.
    if (this.gathered % gatheredNames === 0 && this.gathered <= mostGathered) this.poll();
    if (this.pollSoon) return first;
    // After this tick, so that names asked for together share datagrams.
    this.pollSoon = true;
    this.clock.soon(() => {
      this.pollSoon = false;
      this.gathered = 0;
      this.poll();
    });
    return first;
  }

  /** Something new may answer: everything is asked for soon. */
  boost(): void {
    if (this.engine.boost(this.clock.now())) this.poll();
  }

  poll(): void {
    if (this.closed || !this.ready()) return;
    const batch = this.engine.poll(this.clock.now());
    this.send(batch);
    this.schedule(batch.next);
  }

  close(): void {
    this.closed = true;
    this.poller?.cancel();
  }

  private schedule(at: number | null): void {
    // Who was told of a search may have ended it.
    if (at === null || this.closed || (this.poller && at >= this.polledAt)) return;
    this.poller?.cancel();
    this.polledAt = at;
    this.poller = this.clock.after(Math.max(1, at - this.clock.now()), () => {
      this.poller = null;
      // Answers that wait in the socket first: a program that was busy does not ask again for what was answered meanwhile.
      this.clock.yieldTo(() => this.poll());
    });
  }
}
