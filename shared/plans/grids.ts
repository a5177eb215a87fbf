// Plans over a grid: every combination of the axes' positions, the last axis fastest.
import * as v from 'valibot';
import { andBack, detectorField, detectors, finite, fromField, list, motorField, name, points, pointsField, rows, startField, stopField, toField, type Description, type PlanField } from './fields';
import { offsetsField, positionsField } from './lines';

/** `snake` of an axis goes before the one for all. The first axis never snakes: it is passed once. */
const snake = v.optional(v.boolean(), false);
const grid = v.strictObject({
  detectors, snake, axes: rows(v.strictObject({ motor: name, start: finite, stop: finite, num: points, snake: v.optional(v.boolean()) }), 1, 8),
});
const listGrid = v.strictObject({ detectors, snake, axes: rows(v.strictObject({ motor: name, positions: list, snake: v.optional(v.boolean()) }), 1, 8) });

export const gridArguments = { grid_scan: grid, rel_grid_scan: grid, list_grid_scan: listGrid, rel_list_grid_scan: listGrid } as const;

const snakeField: PlanField = { name: 'snake', label: 'Snake', kind: 'boolean', initial: false, notFirst: true, doc: 'Turns round instead of going back to its start.' };
const axes = (columns: readonly PlanField[]): PlanField => ({ name: 'axes', label: 'Motors', kind: 'axes', doc: 'The first is the slowest.', columns: [...columns, snakeField], least: 2, most: 8 });
const each = { ...pointsField, initial: 11 };
const doc = 'Every combination of the positions of two or more motors; the last one moves fastest.';

export const gridDescriptions: readonly Description<keyof typeof gridArguments>[] = [
  { name: 'grid_scan', title: 'Grid scan', doc, fields: [detectorField, axes([motorField, startField, stopField, each])] },
  { name: 'rel_grid_scan', title: 'Grid scan, relative', doc: `${doc} ${andBack}`, fields: [detectorField, axes([motorField, fromField, toField, each])] },
  { name: 'list_grid_scan', title: 'Grid of lists', doc: 'Every combination of the positions in the lists of two or more motors; the last one moves fastest.', fields: [detectorField, axes([motorField, positionsField])] },
  { name: 'rel_list_grid_scan', title: 'Grid of lists, relative', doc: `Like Grid of lists. ${andBack}`, fields: [detectorField, axes([motorField, offsetsField])] },
];
