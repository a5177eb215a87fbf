// Plans that read while motors are on their way.
import * as v from 'valibot';
import { detectorField, detectors, finite, motorField, name, points, positive, rows, seconds, startField, stopField, type Description } from './fields';

export const flightArguments = {
  fly: v.strictObject({ detectors, axes: rows(v.strictObject({ motor: name, start: finite, stop: finite }), 1, 1), speed: v.optional(positive), num: v.optional(points) }),
  ramp_plan: v.strictObject({
    detectors, axes: rows(v.strictObject({ motor: name, stop: finite }), 1, 16), period: v.optional(seconds, 0), take_pre_data: v.optional(v.boolean(), true),
    timeout: v.optional(positive), monitor: v.optional(name),
  }),
} as const;

export const flightDescriptions: readonly Description<keyof typeof flightArguments>[] = [
  {
    name: 'fly', title: 'Fly scan', doc: 'The motor moves from start to stop without a halt while the detectors are read all the time; each sample gets the position of its own time.',
    fields: [
      detectorField, { name: 'axes', label: 'Motor', kind: 'axes', doc: 'The motor that flies.', columns: [motorField, startField, stopField], most: 1 },
      { name: 'speed', label: 'Speed', kind: 'number', unit: 'motorSpeed', optional: true, doc: 'Units of the motor a second, put back at the end; the motor\'s own when empty.' },
      { name: 'num', label: 'Points', kind: 'integer', unit: 'points', optional: true, doc: 'At most so many samples are kept, at even places; every sample when empty.' },
    ],
  },
  {
    name: 'ramp_plan', title: 'Ramp', doc: 'Sends devices to their end at once, and reads the detectors again and again until all have arrived.',
    fields: [
      detectorField,
      { name: 'axes', label: 'Motors', kind: 'axes', doc: 'All move at once.', columns: [motorField, { ...stopField, label: 'To', doc: 'Where to.' }] },
      { name: 'period', label: 'Period', kind: 'number', unit: 's', initial: 0, doc: 'From the start of one reading to the start of the next, at the least.' },
      { name: 'take_pre_data', label: 'Read before', kind: 'boolean', initial: true, doc: 'One reading before anything moves.' },
      { name: 'timeout', label: 'At most', kind: 'number', unit: 's', optional: true, doc: 'The plan fails when they have not arrived by then.' },
      { name: 'monitor', label: 'Monitor', kind: 'text', optional: true, doc: 'A device whose every update is recorded meanwhile, in a stream of its own.' },
    ],
  },
];
