// Alarms that somebody must acknowledge, by the rules of a record's ACKT and ACKS (EPICS base, recGbl.c and dbAccess.c). PURE.
import { severities } from '../../value';
import type { Metadata, Severity } from '../../value';

export class AlarmAcknowledge {
  /** Alarms that are over must be acknowledged too (ACKT). */
  private transient = true;
  /** The highest severity that nobody has acknowledged yet (ACKS), its number. */
  private highest: number;

  constructor(severity: Severity) {
    this.highest = severities.indexOf(severity);
  }

  get state(): NonNullable<Metadata['acknowledge']> {
    return { transient: this.transient, severity: severities[this.highest] as Severity };
  }

  /** Severity or status has changed. */
  alarmChanged(severity: Severity): void {
    const number = severities.indexOf(severity);
    if (!this.transient || number >= this.highest) this.highest = number;
  }

  /** Acknowledges alarms up to this one (PUT_ACKS). */
  acknowledge(number: number): void {
    if (number >= this.highest) this.highest = 0;
  }

  /** PUT_ACKT. `severity`: of now. */
  setTransient(transient: boolean, severity: Severity): void {
    this.transient = transient;
    if (!transient) this.highest = Math.min(this.highest, severities.indexOf(severity));
  }
}
