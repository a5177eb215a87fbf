// The storage ring: current with top-up, lifetime, operating mode.
import { addEnum, addNumber } from './records/pvKinds';
import type { SimRecord } from './records/simRecord';
import type { SimContext } from './simContext';

const modes = ['User, top-up', 'User, decay', 'Machine study', 'Shutdown'] as const;
const shutdown = 3;

/** mA. Top-up refills to `full` when the current has decayed to `refillAt`: once every 90 s or so. */
const full = 300;
const refillAt = 299.25;
/** Hours, at full current; the beam lives longer as the current falls (Touschek). */
const lifetimeAtFull = 10;
const readPeriod = 0.5;

export class Ring {
  private modeIndex = 0;
  private stored = full;
  private since: number;
  private readonly lifetimePv: SimRecord;
  private readonly currentPv: SimRecord;

  constructor(private readonly context: SimContext) {
    const { clock } = context;
    this.since = clock.now;
    this.currentPv = addNumber(context, {
      name: 'SIM:RING:CURRENT', description: 'Stored current, top-up every 90 s', units: 'mA', precision: 3, low: 0, high: 500, initial: full,
      metadata: { warning: { low: 200, high: 400 }, alarm: { low: 50, high: 450 } },
    });
    this.lifetimePv = addNumber(context, {
      name: 'SIM:RING:LIFETIME', description: 'Beam lifetime', units: 'h', precision: 2, low: 0, high: 100, initial: lifetimeAtFull,
    });
    const mode = addEnum(context, {
      name: 'SIM:RING:MODE', description: 'Ring mode; write Shutdown to play a beam loss', states: modes, initial: 0,
      onWrite: (index) => {
        this.settle();
        this.modeIndex = index;
        if (index === shutdown) this.stored = 0;
        mode.set(index);
        this.publish();
        context.settled();
      },
    });
    clock.every(readPeriod, () => this.publish());
  }

  /** Stored current now, mA. */
  current(): number {
    this.settle();
    return this.stored;
  }

  /** Hours. */
  lifetime(): number {
    return this.stored > 0 ? lifetimeAtFull * Math.sqrt(full / Math.max(this.stored, 1)) : 0;
  }

  /** Carries decay and refills on to now. */
  private settle(): void {
    const { now } = this.context.clock;
    this.stored *= Math.exp(-(now - this.since) / (lifetimeAtFull * 3600));
    this.since = now;
    if (this.modeIndex === 0 && this.stored < refillAt) this.stored = full;
  }

  private publish(): void {
    const noise = 0.002 * this.context.random.normal();
    const current = this.current();
    this.currentPv.set(current > 0 ? current + noise : 0);
    this.lifetimePv.set(this.lifetime() * (1 + 0.003 * this.context.random.normal()));
  }
}
