// Composes the simulated beamline: makes each subsystem and wires what influences what.
import { RecordTable } from './records/recordTable';

export interface BeamlineOptions { seed: number }

export class Beamline {
  readonly records = new RecordTable();
  constructor(readonly options: BeamlineOptions) {}
}
