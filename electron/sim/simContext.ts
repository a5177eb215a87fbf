// What each subsystem of the simulated beamline is given.
import type { Random } from './random';
import type { RecordTable } from './records/recordTable';
import type { SimClock } from './simClock';

export interface SimContext {
  readonly records: RecordTable;
  readonly clock: SimClock;
  readonly random: Random;
  /** To be called when anything came to rest that the beam or the sample depends on, before the write that moved it is completed. */
  settled(): void;
}
