// The last reading of a subscription, for listeners that come late. A number is kept in fields that are written over again and again, so that
// no reading outlives those who got it: what survives is what the garbage collector works on, and what it makes the heap larger for.
import type { AlarmStatus, NativeType, Reading, Severity } from '../value';

export class LastReading {
  /** One that is more than a number with its alarm and time. */
  private whole: Reading | null = null;
  private known = false;
  private type: NativeType = 'DOUBLE';
  /** Not 0: a field that begins with an integer is changed to one of another kind at the first fraction. */
  private value = 0.5;
  private severity: Severity = 'NO_ALARM';
  private status: AlarmStatus = 'NO_ALARM';
  private seconds = 0;
  private nanoseconds = 0;

  get isKnown(): boolean { return this.known; }

  keep(reading: Reading): void {
    this.known = true;
    const { value, timestamp } = reading;
    if (typeof value !== 'number' || timestamp === null || reading.metadata !== undefined) {
      this.whole = reading;
      return;
    }
    if (this.whole) this.whole = null;
    this.type = reading.type;
    this.value = value;
    this.severity = reading.severity;
    this.status = reading.status;
    this.seconds = timestamp.seconds;
    this.nanoseconds = timestamp.nanoseconds;
  }

  forget(): void {
    this.known = false;
    this.whole = null;
  }

  /** Null where there was none. */
  get(): Reading | null {
    if (!this.known || this.whole) return this.whole;
    const { type, value, severity, status, seconds, nanoseconds } = this;
    return { type, value, count: 1, severity, status, timestamp: { seconds, nanoseconds } };
  }
}
