// Flow control of one circuit: while its client cannot take events, only "there is a newer one" is kept per subscription,
// so that a stalled client costs no memory (EVENTS_OFF, EVENTS_ON, and a socket that does not drain). PURE.
import type { OutputQueue } from './outputQueue';

export interface Held { sendNow(): void }

/** Bytes that may wait for the socket's turn in one tick before events are held back. */
const highWater = 1 << 20;
/** Bytes that may wait for a client that is behind: some for all, more for each of its monitors (a hundred updates of a number), up to the most. */
const room = { least: 1 << 18, perFollower: 4096, most: 1 << 23 } as const;

export class EventGate {
  private stopped = false;
  private blocked = false;
  /** Monitors of this client. */
  private readonly followers = new Set<Held>();
  private readonly held = new Set<Held>();
  private afterEvents: (() => void)[] = [];

  constructor(readonly output: OutputQueue, private readonly outputReady: () => void) {}

  get isShut(): boolean {
    return this.stopped || this.blocked || this.output.size > Math.max(highWater, this.room);
  }

  /** A process that has waited for the processor makes the updates of that time at once: who can take them shall lose none. */
  get room(): number {
    return Math.min(room.most, room.least + room.perFollower * this.followers.size);
  }

  join(subscription: Held): void {
    this.followers.add(subscription);
  }

  leave(subscription: Held): void {
    this.followers.delete(subscription);
    this.held.delete(subscription);
  }

  hold(subscription: Held): void {
    this.held.add(subscription);
    this.outputReady();
  }

  wrote(): void {
    this.outputReady();
  }

  /** Runs `write` once the events that were held before it are out: a put is not completed before what it caused is seen. */
  afterHeldEvents(write: () => void): void {
    if (this.held.size > 0 && !this.stopped) this.afterEvents.push(write);
    else write();
    this.outputReady();
  }

  /** The client's own wish: EVENTS_OFF and EVENTS_ON. */
  setStopped(stopped: boolean): void {
    this.stopped = stopped;
    this.release();
  }

  /** Whether the socket waits to be drained. */
  setBlocked(blocked: boolean): void {
    this.blocked = blocked;
    this.release();
  }

  private release(): void {
    for (const subscription of this.held) {
      if (this.isShut) break;
      this.held.delete(subscription);
      subscription.sendNow();
    }
    if (this.held.size > 0 && !this.stopped) return;
    const writes = this.afterEvents;
    this.afterEvents = [];
    for (const write of writes) write();
    if (writes.length > 0) this.outputReady();
  }
}
