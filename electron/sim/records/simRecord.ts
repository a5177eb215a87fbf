// One simulated PV: a name, a type, metadata, a value and its alarm. Knows nothing of the network.
import type { AlarmStatus, Metadata, NativeType, PvValue, Severity } from 'epics-ioc-connection';

export interface Alarm { readonly severity: Severity; readonly status: AlarmStatus }
export const noAlarm: Alarm = { severity: 'NO_ALARM', status: 'NO_ALARM' };

export interface RecordDefinition {
  name: string;
  type: NativeType;
  /** Largest number of elements; default 1, a scalar. */
  count?: number;
  description: string;
  metadata?: Metadata;
  initial: PvValue;
  alarm?: Alarm;
  /** Makes the PV writable. A throw refuses the write; a promise's end completes a put-callback. */
  onWrite?: (value: PvValue) => void | Promise<void>;
  /** Posts also when it was measured again and is the same (MDEL -1): a new reading is news, whatever it says. */
  postsAlways?: boolean;
  /** The EPICS record type that this PV's `.RTYP` tells. */
  recordType?: string;
}

/** What changed. An empty change only means: processed again, same value, new time stamp. */
export interface RecordChange { value?: PvValue; severity?: Severity; status?: AlarmStatus; metadata?: Metadata }

export class SimRecord {
  value: PvValue;
  alarm: Alarm;
  metadata: Metadata;
  private readonly listeners: ((change: RecordChange) => void)[] = [];

  constructor(readonly definition: RecordDefinition) {
    this.value = definition.initial;
    this.metadata = definition.metadata ?? {};
    this.alarm = definition.alarm ?? limitAlarm(this.value, this.metadata);
  }

  get name(): string {
    return this.definition.name;
  }

  /** The value as a number; only for numeric and enum scalars. */
  get number(): number {
    return this.value as number;
  }

  /** Called with each change, in the order of the calls to this, for as long as the record lives. */
  onChange(listener: (change: RecordChange) => void): void {
    this.listeners.push(listener);
  }

  /** Sets the value and, where given, the alarm; otherwise the alarm follows from HIHI, HIGH, LOW, LOLO where the PV has them. */
  set(value: PvValue, alarm?: Alarm): void {
    const change: RecordChange = {};
    if (this.definition.postsAlways || typeof value === 'object' || !Object.is(value, this.value)) change.value = value;
    this.value = value;
    const next = alarm ?? (hasAlarmLimits(this.metadata) ? limitAlarm(value, this.metadata) : this.alarm);
    this.addAlarm(change, next);
    this.post(change);
  }

  setAlarm(alarm: Alarm): void {
    const change: RecordChange = {};
    this.addAlarm(change, alarm);
    if (change.severity !== undefined) this.post(change);
  }

  setMetadata(metadata: Metadata): void {
    this.metadata = { ...this.metadata, ...metadata };
    this.post({ metadata: this.metadata });
  }

  private post(change: RecordChange): void {
    for (const listener of this.listeners) listener(change);
  }

  private addAlarm(change: RecordChange, next: Alarm): void {
    if (next.severity === this.alarm.severity && next.status === this.alarm.status) return;
    this.alarm = next;
    change.severity = next.severity;
    change.status = next.status;
  }
}

function hasAlarmLimits(metadata: Metadata): boolean {
  return metadata.alarm !== undefined || metadata.warning !== undefined;
}

/** As the analog records of EPICS base do it: HIHI/LOLO are MAJOR here, HIGH/LOW MINOR, no number is INVALID. */
export function limitAlarm(value: PvValue, metadata: Metadata): Alarm {
  if (typeof value !== 'number' || !hasAlarmLimits(metadata)) return noAlarm;
  if (Number.isNaN(value)) return { severity: 'INVALID', status: 'UDF' };
  const { alarm, warning } = metadata;
  if (alarm && value >= alarm.high) return { severity: 'MAJOR', status: 'HIHI' };
  if (alarm && value <= alarm.low) return { severity: 'MAJOR', status: 'LOLO' };
  if (warning && value >= warning.high) return { severity: 'MINOR', status: 'HIGH' };
  if (warning && value <= warning.low) return { severity: 'MINOR', status: 'LOW' };
  return noAlarm;
}
