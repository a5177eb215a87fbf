// The scan of an absorption edge: regions of energy, each with its own step and dwell.
import * as v from 'valibot';
import { detectorField, detectors, finite, motorField, name, positive, rows, seconds, type Description } from './fields';

const mostPoints = 100_000;
const region = v.pipe(
  v.strictObject({ start: finite, stop: finite, step: positive, dwell: seconds }),
  v.check(({ start, stop, step }) => Math.abs(stop - start) / step <= mostPoints, 'A region has at most 100,000 points.'),
);

export const energyArguments = {
  xanes: v.strictObject({
    detectors, axes: rows(v.strictObject({ motor: name }), 1, 1), timer: v.optional(name),
    regions: v.pipe(v.array(region), v.minLength(1, 'Give at least one region.'), v.maxLength(50, 'At most 50 regions.')),
  }),
} as const;

export const energyDescriptions: readonly Description<keyof typeof energyArguments>[] = [{
  name: 'xanes', title: 'XANES', doc: 'Steps the energy through regions, fine at the edge and coarse elsewhere; a point that two regions share is taken once.',
  fields: [
    detectorField,
    { name: 'axes', label: 'Energy', kind: 'axes', doc: 'The energy of the monochromator.', columns: [motorField], most: 1 },
    {
      name: 'regions', label: 'Regions', kind: 'rows', doc: 'One after the other.', columns: [
        { name: 'start', label: 'Start', kind: 'number', doc: 'First energy.' }, { name: 'stop', label: 'Stop', kind: 'number', doc: 'Last energy.' },
        { name: 'step', label: 'Step', kind: 'number', doc: 'Between two points.' }, { name: 'dwell', label: 'Dwell (s)', kind: 'number', unit: 's', initial: 0, doc: 'Seconds at each point.' },
      ],
    },
    { name: 'timer', label: 'Counting time', kind: 'text', optional: true, doc: 'The PV that takes the dwell, such as the preset time of a scaler. When empty, the scan waits so long at each energy, then reads.' },
  ],
}];
