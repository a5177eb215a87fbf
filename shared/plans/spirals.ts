// Plans that wind outwards over an area of two motors, x first.
import * as v from 'valibot';
import { andBack, detectorField, detectors, finite, motorField, name, points, positive, rows, type Description, type PlanField } from './fields';

/** Candidates that are looked at for being inside; more would keep the program from its other work. */
const mostCandidates = 1_000_000;
const dense = 'This spiral has more than a million points: make its steps larger.';
const motor = name;
const plain = rows(v.strictObject({ motor, range: positive }), 2, 2);
const centred = rows(v.strictObject({ motor, start: finite, range: positive }), 2, 2);
const square = v.pipe(points, v.minValue(2, 'At least 2 points.'), v.maxValue(1000, 'At most 1,000 points.'));
const shape = { dr: positive, dr_y: v.optional(positive), tilt: v.optional(finite, 0) };

interface Size { readonly axes: readonly { readonly range: number }[]; readonly dr: number; readonly dr_y?: number | undefined }
function rings({ axes, dr, dr_y: dy = dr }: Size): number {
  const [x = 0, y = 0] = axes.map((axis) => axis.range);
  return Math.hypot(x / 2, (y / 2) * (dr / dy)) / dr;
}
const hasFewTurns = (args: Size & { nth: number }): boolean => (args.nth * (rings(args) + 2) ** 2) / 2 <= mostCandidates;
const hasFewSeeds = (args: Size & { factor: number }): boolean => (1.5 * rings(args) * args.factor) ** 2 <= mostCandidates;

export const spiralArguments = {
  spiral: v.pipe(v.strictObject({ detectors, axes: centred, nth: positive, ...shape }), v.check((args) => hasFewTurns(args), dense)),
  rel_spiral: v.pipe(v.strictObject({ detectors, axes: plain, nth: positive, ...shape }), v.check((args) => hasFewTurns(args), dense)),
  spiral_square: v.strictObject({ detectors, axes: rows(v.strictObject({ motor, center: finite, range: positive, num: square }), 2, 2) }),
  rel_spiral_square: v.strictObject({ detectors, axes: rows(v.strictObject({ motor, range: positive, num: square }), 2, 2) }),
  spiral_fermat: v.pipe(v.strictObject({ detectors, axes: centred, factor: positive, ...shape }), v.check((args) => hasFewSeeds(args), dense)),
  rel_spiral_fermat: v.pipe(v.strictObject({ detectors, axes: plain, factor: positive, ...shape }), v.check((args) => hasFewSeeds(args), dense)),
} as const;

const startField: PlanField = { name: 'start', label: 'Centre', kind: 'number', unit: 'motorUnit', doc: 'Where the spiral begins.' };
const centreField: PlanField = { name: 'center', label: 'Centre', kind: 'number', unit: 'motorUnit', doc: 'Middle of the square.' };
const rangeField: PlanField = { name: 'range', label: 'Width', kind: 'number', unit: 'motorOffset', doc: 'Full width of the area.' };
const numField: PlanField = { name: 'num', label: 'Points', kind: 'integer', unit: 'points', initial: 11, doc: 'Across the width.' };
const xy = (...columns: readonly PlanField[]): PlanField => ({ name: 'axes', label: 'Motors x and y', kind: 'axes', doc: 'First x, then y.', columns: [motorField, ...columns], least: 2, most: 2 });
const form: readonly PlanField[] = [
  { name: 'dr_y', label: 'Step in y', kind: 'number', unit: 'motorOffset', optional: true, doc: 'Radial step along y; like that along x when empty.' },
  { name: 'tilt', label: 'Tilt', kind: 'number', unit: 'rad', initial: 0, doc: 'Angle in radians by which the area leans.' },
];
const turns: readonly PlanField[] = [
  { name: 'dr', label: 'Radial step', kind: 'number', unit: 'motorOffset', doc: 'Between one turn and the next, in the units of x.' },
  { name: 'nth', label: 'Angular steps', kind: 'number', initial: 5, doc: 'In the first turn; the second has twice as many.' }, ...form,
];
const seeds: readonly PlanField[] = [
  { name: 'dr', label: 'Radial step', kind: 'number', unit: 'motorOffset', doc: 'In the units of x.' },
  { name: 'factor', label: 'Divided by', kind: 'number', initial: 1, doc: 'The radial step is divided by this: more is denser.' }, ...form,
];
const round = 'Winds outwards from the centre in rings, as far as the area reaches.';
const squares = 'Winds outwards from the middle over the points of a rectangular grid.';
const fermat = "Fermat's spiral, like the seeds of a sunflower: even density, no lines of symmetry.";

export const spiralDescriptions: readonly Description<keyof typeof spiralArguments>[] = [
  { name: 'spiral', title: 'Spiral', doc: round, fields: [detectorField, xy(startField, rangeField), ...turns] },
  { name: 'rel_spiral', title: 'Spiral, relative', doc: `${round} ${andBack}`, fields: [detectorField, xy(rangeField), ...turns] },
  { name: 'spiral_square', title: 'Square spiral', doc: squares, fields: [detectorField, xy(centreField, rangeField, numField)] },
  { name: 'rel_spiral_square', title: 'Square spiral, relative', doc: `${squares} ${andBack}`, fields: [detectorField, xy(rangeField, numField)] },
  { name: 'spiral_fermat', title: 'Fermat spiral', doc: fermat, fields: [detectorField, xy(startField, rangeField), ...seeds] },
  { name: 'rel_spiral_fermat', title: 'Fermat spiral, relative', doc: `${fermat} ${andBack}`, fields: [detectorField, xy(rangeField), ...seeds] },
];
