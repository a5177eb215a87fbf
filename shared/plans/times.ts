// Plans over time: nothing moves.
import * as v from 'valibot';
import { detectorField, detectors, points, pointsField, positive, seconds, type Description } from './fields';

export const timeArguments = {
  count: v.strictObject({ detectors, num: v.optional(points, 1), delay: v.optional(seconds, 0) }),
  time_series: v.strictObject({ detectors, duration: positive, interval: v.optional(seconds, 1) }),
  sleep: v.strictObject({ seconds }),
} as const;

export const timeDescriptions: readonly Description<keyof typeof timeArguments>[] = [
  {
    name: 'count', title: 'Count', doc: 'Reads the detectors a number of times, nothing moves.',
    fields: [detectorField, { ...pointsField, initial: 10, doc: 'Number of readings.' },
      { name: 'delay', label: 'Delay', kind: 'number', unit: 's', initial: 0, doc: 'From the start of one reading to the start of the next, at the least.' }],
  },
  {
    name: 'time_series', title: 'Time series', doc: 'Reads the detectors for a time, at even intervals from its start. A reading that comes late is left out, so that the others keep to their times.',
    fields: [detectorField, { name: 'duration', label: 'Duration', kind: 'number', unit: 's', initial: 60, doc: 'From the first reading to the last.' },
      { name: 'interval', label: 'Interval', kind: 'number', unit: 's', initial: 1, doc: 'Between two readings; 0: as fast as the detectors are.' }],
  },
  { name: 'sleep', title: 'Sleep', doc: 'Waits. Nothing is recorded.', fields: [{ name: 'seconds', label: 'Time', kind: 'number', unit: 's', initial: 1, doc: 'How long.' }] },
];
