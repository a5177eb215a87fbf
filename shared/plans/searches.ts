// Plans that choose their next position by what they read.
import * as v from 'valibot';
import { andBack, detectorField, detectors, finite, fromField, motorField, name, points, positive, rows, signalField, startField, stopField, toField, type Description, type PlanField } from './fields';

const axes = rows(v.strictObject({ motor: name, start: finite, stop: finite }), 1, 1);
const signal = v.optional(name);
const adaptive = v.pipe(
  v.strictObject({
    detectors, signal, axes, min_step: positive, max_step: positive, target_delta: positive, backstep: v.optional(v.boolean(), true), threshold: v.optional(positive, 0.8),
  }),
  v.forward(v.check(({ min_step, max_step }) => min_step < max_step, 'The largest step must be larger than the smallest.'), ['max_step']),
);

export const searchArguments = {
  adaptive_scan: adaptive,
  rel_adaptive_scan: adaptive,
  tune_centroid: v.strictObject({
    detectors, signal, axes, min_step: positive, num: v.optional(v.pipe(points, v.minValue(2, 'At least 2 points.')), 10),
    step_factor: v.optional(v.pipe(finite, v.check((value) => value > 1, 'Enter a number above 1.')), 3), snake: v.optional(v.boolean(), false),
  }),
} as const;

const one = (...columns: readonly PlanField[]): PlanField => ({ name: 'axes', label: 'Motor', kind: 'axes', doc: 'The motor that moves.', columns: [motorField, ...columns], most: 1 });
const steps: readonly PlanField[] = [
  signalField,
  { name: 'min_step', label: 'Smallest step', kind: 'number', unit: 'motorOffset', doc: 'In the units of the motor.' },
  { name: 'max_step', label: 'Largest step', kind: 'number', unit: 'motorOffset', doc: 'In the units of the motor.' },
  { name: 'target_delta', label: 'Change of the signal', kind: 'number', doc: 'That a step is to bring, in the units of the signal.' },
  { name: 'backstep', label: 'Step back', kind: 'boolean', initial: true, doc: 'Goes back where the signal changed too fast.' },
  { name: 'threshold', label: 'Threshold', kind: 'number', initial: 0.8, doc: 'Steps back where the next step would be smaller than this part of the last.' },
];
const doc = 'Takes small steps where the signal changes fast, and large ones where it does not.';

export const searchDescriptions: readonly Description<keyof typeof searchArguments>[] = [
  { name: 'adaptive_scan', title: 'Adaptive scan', doc, fields: [detectorField, one(startField, stopField), ...steps] },
  { name: 'rel_adaptive_scan', title: 'Adaptive scan, relative', doc: `${doc} ${andBack}`, fields: [detectorField, one(fromField, toField), ...steps] },
  {
    name: 'tune_centroid', title: 'Tune to the centroid', doc: 'Scans a motor again and again in a narrower range around the centroid of the signal, and leaves the motor there.',
    fields: [
      detectorField, one(startField, stopField), signalField,
      { name: 'min_step', label: 'Smallest step', kind: 'number', unit: 'motorOffset', doc: 'Ends when the steps are smaller than this, in the units of the motor.' },
      { name: 'num', label: 'Points a pass', kind: 'integer', unit: 'points', initial: 10, doc: 'Of each pass, both ends included.' },
      { name: 'step_factor', label: 'Narrower by', kind: 'number', initial: 3, doc: 'Each pass covers a range so many times smaller.' },
      { name: 'snake', label: 'Snake', kind: 'boolean', initial: false, doc: 'Every second pass goes backwards.' },
    ],
  },
];
