// Flow control of one circuit: while its client cannot take events, only "there is a newer one" is kept per subscription,
// so that a stalled client costs no memory (EVENTS_OFF, EVENTS_ON, and a socket that does not drain). PURE.
import type { OutputQueue } from './outputQueue';

export interface Held { sendNow(): void }

/** Bytes that may wait for the socket before events are held back. */
const highWater = 1 << 20;

export class EventGate {
  private stopped = false;
  private blocked = false;
  private readonly held = new Set<Held>();
  private afterEvents: (() => void)[] = [];

  constructor(readonly output: OutputQueue, private readonly outputReady: () => void) {}

  get isShut(): boolean {
    return this.stopped || this.blocked || this.output.size > highWater;
  }

  hold(subscription: Held): void {
    this.held.add(subscription);
    this.outputReady();
  }

  forget(subscription: Held): void {
    this.held.delete(subscription);
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
