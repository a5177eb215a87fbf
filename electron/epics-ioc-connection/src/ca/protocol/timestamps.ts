// EPICS time on the wire: seconds since 1990-01-01 UTC and nanoseconds; a zero stamp means undefined.
import type { Timestamp } from '../../value';

/** Unix seconds of the EPICS epoch. */
export const epicsEpoch = 631_152_000;

export function readTimestamp(view: DataView, at: number): Timestamp | null {
  const seconds = view.getUint32(at);
  const nanoseconds = view.getUint32(at + 4);
  return seconds === 0 && nanoseconds === 0 ? null : { seconds: seconds + epicsEpoch, nanoseconds };
}

export function writeTimestamp(view: DataView, at: number, time: Timestamp | null): void {
  // Times before 1990 cannot be said: they become the zero stamp, not a date in the next century.
  const seconds = time ? time.seconds - epicsEpoch : 0;
  const known = time !== null && seconds >= 0 && seconds <= 0xffffffff;
  view.setUint32(at, known ? seconds : 0);
  view.setUint32(at + 4, known ? time.nanoseconds : 0);
}
