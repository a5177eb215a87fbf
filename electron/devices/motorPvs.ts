// The fields of an EPICS motor record that a move looks at (synApps motorRecord).
import type { PvAccess } from '../pv/pvAccess';
import { PvGroup } from './pvGroup';
import type { PvHandle } from './pvHandle';

export class MotorPvs {
  readonly group: PvGroup;
  readonly value: PvHandle;
  readonly readback: PvHandle;
  readonly done: PvHandle;
  readonly stop: PvHandle;
  readonly high: PvHandle;
  readonly low: PvHandle;
  readonly speed: PvHandle;
  readonly acceleration: PvHandle;
  readonly deadband: PvHandle;
  readonly mode: PvHandle;
  readonly atHigh: PvHandle;
  readonly atLow: PvHandle;

  constructor(access: PvAccess, pv: string) {
    const group = new PvGroup(access);
    this.group = group;
    this.value = group.need(`${pv}.VAL`);
    this.readback = group.need(`${pv}.RBV`);
    this.done = group.need(`${pv}.DMOV`);
    this.stop = group.use(`${pv}.STOP`);
    this.high = group.use(`${pv}.HLM`);
    this.low = group.use(`${pv}.LLM`);
    this.speed = group.use(`${pv}.VELO`);
    this.acceleration = group.use(`${pv}.ACCL`);
    this.deadband = group.use(`${pv}.RDBD`);
    this.mode = group.use(`${pv}.SPMG`);
    this.atHigh = group.use(`${pv}.HLS`);
    this.atLow = group.use(`${pv}.LLS`);
  }

  get units(): string { return this.value.state.units ?? ''; }
  get precision(): number { return this.value.state.precision ?? 4; }

  /** The record's soft limits; null where it has none (HLM = LLM). */
  get softLimits(): { low: number; high: number } | null {
    const low = this.low.number ?? this.value.state.control?.low;
    const high = this.high.number ?? this.value.state.control?.high;
    return low !== undefined && high !== undefined && low !== high ? { low, high } : null;
  }
}
