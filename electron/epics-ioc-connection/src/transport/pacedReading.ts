// Takes in the bytes of a connection within bounds: a share of each tick of the event loop, and of a flood of small messages what a millisecond brings.
import type { Clock, Connection, Timer } from './transport';

/** Milliseconds of decoding and listeners until the event loop gets its turn. */
const tickBudget = 8;
/** Bytes decoded between two looks at the clock. */
const pieceSize = 16_384;
/** Milliseconds: less work than that is not counted. */
const negligible = 0.2;
/** A flood: that many updates in that many reads within so many milliseconds. Each read wakes this process, and the sender's for it. */
const flood = { updates: 64, reads: 8, window: 2 } as const;
/** Milliseconds between two reads in a flood. It is over when that time brings fewer updates than this. */
const rest = { pause: 1, updates: 16 } as const;

export interface PacedEvents {
  /** False: the connection was given up for what these bytes are. */
  decode(piece: Uint8Array, now: number): boolean;
  /** Updates so far: what may come late by a millisecond when there are many. */
  readonly updates: number;
  /** Bytes wait in the socket for the next tick. */
  overrun?(): void;
  /** Reads on after an overrun. */
  resumed?(): void;
}

export class PacedReading {
  private readonly events: PacedEvents;
  private paused = false;
  private held: Uint8Array | null = null;
  private busySince = -1;
  private busy = 0;
  private resting: Timer | null = null;
  private flooded = false;
  private windowStart = -Infinity;
  private windowUpdates = 0;
  private windowReads = 0;
  private stopped = false;

  constructor(private readonly clock: Clock, private readonly connection: () => Connection, events: PacedEvents) {
    this.events = events;
  }

  /** Nothing is read just now: whatever comes is kept. */
  get isPaused(): boolean { return this.paused; }

  stop(): void {
    this.stopped = true;
    this.held = null;
    this.resting?.cancel();
  }

  /** Somebody waits for an answer: in a flood too it is not put off. */
  hurry(): void {
    if (!this.resting) return;
    this.resting.cancel();
    this.endRest();
  }

  /** `emptied`: nothing more waits in the socket. `chunk` is the caller's again afterwards. */
  receive(chunk: Uint8Array, emptied: boolean): void {
    if (this.stopped) return;
    if (this.paused) {
      this.held = this.held ? Buffer.concat([this.held, chunk]) : Buffer.from(chunk);
      return;
    }
    const end = this.work(chunk);
    if (emptied && !this.paused && !this.stopped) this.considerRest(end);
  }

  /** Decodes piece by piece; what is left when the tick's budget is used up is kept for the next. Returns the time. */
  private work(chunk: Uint8Array): number {
    const { clock } = this;
    let end = 0;
    for (let at = 0; at < chunk.length && !this.stopped && !this.paused; at += pieceSize) {
      const start = clock.now();
      if (!this.events.decode(chunk.length > pieceSize ? chunk.subarray(at, at + pieceSize) : chunk, start)) return start;
      end = clock.now();
      this.account(start, end);
      if (this.paused && at + pieceSize < chunk.length) this.held = Buffer.from(chunk.subarray(at + pieceSize));
    }
    return end;
  }

  /** Adds up what this tick has cost; beyond the budget reading pauses until the loop went round. */
  private account(start: number, end: number): void {
    if (this.busySince < 0) {
      if (end - start < negligible) return;
      this.busySince = start;
      this.busy = 0;
      this.clock.yieldTo(() => { this.busySince = -1; });
    }
    this.busy += end - start;
    if (this.busy < tickBudget || this.stopped) return;
    this.busySince = -1;
    this.paused = true;
    this.connection().pause();
    this.events.overrun?.();
    this.clock.yieldTo(() => this.resume());
  }

  private resume(): void {
    if (this.stopped) return;
    this.paused = false;
    const { held } = this;
    this.held = null;
    if (held) this.work(held);
    if (this.paused || this.stopped) return;
    this.connection().resume();
    this.events.resumed?.();
  }

  private considerRest(now: number): void {
    const { updates } = this.events;
    const since = updates - this.windowUpdates;
    if (this.flooded) this.flooded = since >= rest.updates;
    else if (now - this.windowStart > flood.window) {
      this.windowStart = now;
      this.windowReads = 0;
      this.windowUpdates = updates;
      return;
    } else {
      this.windowReads += 1;
      if (this.windowReads < flood.reads || since < flood.updates) return;
      this.flooded = true;
    }
    this.windowUpdates = updates;
    if (!this.flooded) return;
    this.connection().pause();
    this.resting = this.clock.after(rest.pause, () => this.endRest());
  }

  private endRest(): void {
    this.resting = null;
    if (!this.stopped && !this.paused) this.connection().resume();
  }
}
