// Plans along a line: all motors step together.
import * as v from 'valibot';
import { andBack, detectorField, detectors, finite, fromField, list, motorField, name, points, pointsField, rows, startField, stopField, toField, type Description, type PlanField } from './fields';

const line = v.strictObject({ detectors, num: points, axes: rows(v.strictObject({ motor: name, start: finite, stop: finite }), 1, 16) });
const lists = v.pipe(
  v.strictObject({ detectors, axes: rows(v.strictObject({ motor: name, positions: list }), 1, 16) }),
  v.check(({ axes }) => axes.every((axis) => axis.positions.length === axes[0]?.positions.length), 'All motors need the same number of positions.'),
);
const logarithmic = v.strictObject({ detectors, num: points, axes: rows(v.strictObject({ motor: name, start: finite, stop: finite }), 1, 1) });

export const lineArguments = {
  scan: line,
  rel_scan: line,
  list_scan: lists,
  rel_list_scan: lists,
  log_scan: logarithmic,
  rel_log_scan: logarithmic,
  x2x_scan: v.strictObject({ detectors, axes: rows(v.strictObject({ motor: name }), 2, 2), start: finite, stop: finite, num: points }),
} as const;

export const positionsField: PlanField = { name: 'positions', label: 'Positions', kind: 'list', unit: 'motorUnit', doc: 'In the order in which they are visited, with commas between them.' };
export const offsetsField: PlanField = { ...positionsField, unit: 'motorOffset', doc: 'From where the motor stands, in the order in which they are visited.' };
const together = (columns: readonly PlanField[]): PlanField => ({ name: 'axes', label: 'Motors', kind: 'axes', doc: 'All move together.', columns });
const one = (columns: readonly PlanField[]): PlanField => ({ name: 'axes', label: 'Motor', kind: 'axes', doc: 'The motor that moves.', columns, most: 1 });
const powers: readonly PlanField[] = [
  motorField, { name: 'start', label: 'First exponent', kind: 'number', doc: 'The first position is 10 to the power of this.' },
  { name: 'stop', label: 'Last exponent', kind: 'number', doc: 'The last position is 10 to the power of this.' },
];

export const lineDescriptions: readonly Description<keyof typeof lineArguments>[] = [
  { name: 'scan', title: 'Scan', doc: 'Moves one or more motors together along a line, in equal steps, and reads at each point.', fields: [detectorField, together([motorField, startField, stopField]), pointsField] },
  { name: 'rel_scan', title: 'Scan, relative', doc: `Like Scan. ${andBack}`, fields: [detectorField, together([motorField, fromField, toField]), pointsField] },
  { name: 'list_scan', title: 'List scan', doc: 'Visits the positions of a list; several motors step through their lists together.', fields: [detectorField, together([motorField, positionsField])] },
  { name: 'rel_list_scan', title: 'List scan, relative', doc: `Like List scan. ${andBack}`, fields: [detectorField, together([motorField, offsetsField])] },
  { name: 'log_scan', title: 'Logarithmic scan', doc: 'Positions from 10^first to 10^last, each the same factor from the one before.', fields: [detectorField, one(powers), pointsField] },
  { name: 'rel_log_scan', title: 'Logarithmic scan, relative', doc: `Like Logarithmic scan. ${andBack}`, fields: [detectorField, one(powers), pointsField] },
  {
    name: 'x2x_scan', title: 'θ-2θ scan (x2x)', doc: `The second motor moves half as far as the first. ${andBack}`,
    fields: [
      detectorField, { name: 'axes', label: 'Motors', kind: 'axes', doc: 'First the one that moves the whole way, then the one that moves half of it.', columns: [motorField], least: 2, most: 2 },
      { name: 'start', label: 'From', kind: 'number', unit: 'motorOffset', doc: 'First position of the first motor, from where it stands.' },
      { name: 'stop', label: 'To', kind: 'number', unit: 'motorOffset', doc: 'Last position of the first motor, from where it stands.' }, pointsField,
    ],
  },
];
