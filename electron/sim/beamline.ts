// Composes the simulated beamline: makes each subsystem and wires what influences what. PURE given the clock.
import { Beam } from './beam';
import { Counters } from './counters';
import { AreaDetector } from './detector/areaDetector';
import { FrontEnd } from './frontEnd';
import { Mca } from './mca';
import { Mono } from './mono';
import { createMotors } from './motor/motors';
import { createRandom } from './random';
import { RecordTable } from './records/recordTable';
import { Ring } from './ring';
import { Scaler } from './scaler';
import { SimClock } from './simClock';
import type { SimContext } from './simContext';
import { Slits } from './slits';
import { Temperature } from './temperature';
import { createTestPvs } from './testPvs';
import { Undulator } from './undulator';

export interface BeamlineOptions {
  /** Equal seeds, and equal writes at equal times, give equal numbers. */
  seed: number;
}

export class Beamline {
  readonly records = new RecordTable();
  readonly clock = new SimClock();
  readonly beam: Beam;

  constructor({ seed }: BeamlineOptions) {
    const random = createRandom(seed);
    let counters: Counters | null = null;
    const context: SimContext = { records: this.records, clock: this.clock, random, settled: () => counters?.measure() };
    const ring = new Ring(context);
    const frontEnd = new FrontEnd(context);
    const undulator = new Undulator(context);
    const mono = new Mono(context);
    const slits = new Slits(context);
    const motors = createMotors(context);
    this.beam = new Beam({ ring, frontEnd, undulator, mono, slits, m1: () => motors.position(1), m2: () => motors.position(2) });
    counters = new Counters(context, this.beam);
    new Scaler(context, this.beam);
    new Mca(context, this.beam);
    new AreaDetector(context, this.beam, () => motors.position(6));
    new Temperature(context);
    createTestPvs(context);
  }
}
