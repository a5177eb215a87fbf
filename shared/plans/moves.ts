// Plans that move and record nothing.
import * as v from 'valibot';
import { finite, motorField, name, rows, seconds, type Description } from './fields';

const value = v.union([finite, v.pipe(v.string(), v.trim(), v.minLength(1, 'Enter a value.'), v.maxLength(1000, 'At most 1,000 characters.'))], 'Enter a value.');

export const moveArguments = {
  move: v.strictObject({ axes: rows(v.strictObject({ motor: name, position: finite }), 1, 16) }),
  set: v.strictObject({
    axes: rows(v.strictObject({ motor: name, value }), 1, 1), readback: v.optional(name), tolerance: v.optional(v.pipe(finite, v.minValue(0, 'A tolerance can not be negative.')), 0),
    timeout: v.optional(seconds, 60),
  }),
} as const;

export const moveDescriptions: readonly Description<keyof typeof moveArguments>[] = [
  {
    name: 'move', title: 'Move', doc: 'Moves motors and waits until they have arrived. Nothing is recorded.',
    fields: [{ name: 'axes', label: 'Motors', kind: 'axes', doc: 'All move at once.', columns: [motorField, { name: 'position', label: 'Position', kind: 'number', unit: 'motorUnit', doc: 'Where to.' }] }],
  },
  {
    name: 'set', title: 'Set', doc: 'Sets a device or a PV and waits until it is done; with a readback, until that is there too. Nothing is recorded.',
    fields: [
      { name: 'axes', label: 'Device', kind: 'axes', doc: 'What is set.', columns: [motorField, { name: 'value', label: 'Value', kind: 'text', unit: 'motorUnit', doc: 'A number, or a text.' }], most: 1 },
      { name: 'readback', label: 'Readback', kind: 'text', optional: true, doc: 'A PV that must come to the value too.' },
      { name: 'tolerance', label: 'Tolerance', kind: 'number', initial: 0, doc: 'How far the readback may be from the value.' },
      { name: 'timeout', label: 'At most', kind: 'number', unit: 's', initial: 60, doc: 'How long to wait for the readback.' },
    ],
  },
];
