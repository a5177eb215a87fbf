// A profile: where the control system is and what the beamline has. A JSON file checked by this schema.
import * as v from 'valibot';
import { filePatternProblem } from './fileNames';
import { planRequestSchema } from './plans';

const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(400));
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const address = v.pipe(v.string(), v.trim(), v.regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/, 'An address is HOST or HOST:PORT.'));

export const deviceKinds = ['motor', 'positioner', 'counter', 'scaler', 'camera', 'mca', 'pv'] as const;

export const suspenderKinds = ['band', 'floor', 'ceiling', 'boolean', 'changed'] as const;

/**
 * A scan pauses while the PV is not as it should be, and goes on `settle` seconds after it came back.
 * band (also without a kind): outside `low` to `high`; floor: below `low`; ceiling: above `high`; boolean: on, or off with
 * `holdsWhen: false`; changed: not `expected`, which is the value at the start of the scan unless told.
 */
const suspender = v.pipe(
  v.strictObject({
    pv: text, kind: v.optional(v.picklist(suspenderKinds)), low: v.optional(v.number()), high: v.optional(v.number()),
    /** Of a floor or a ceiling: the scan goes on only when the PV came back beyond this. */
    resume: v.optional(v.number()),
    holdsWhen: v.optional(v.boolean()), expected: v.optional(v.union([v.number(), v.string()])),
    settle: v.optional(v.pipe(v.number(), v.minValue(0)), 0),
    /** Plans that are run before the scan rests, and before it goes on. They record nothing. */
    before: v.optional(planRequestSchema), after: v.optional(planRequestSchema),
  }),
  v.check(({ kind, low }) => kind !== 'floor' || low !== undefined, 'A floor needs "low".'),
  v.check(({ kind, high }) => kind !== 'ceiling' || high !== undefined, 'A ceiling needs "high".'),
  v.check(({ kind, low, high, resume }) => resume === undefined || (kind === 'floor' && resume >= (low ?? resume)) || (kind === 'ceiling' && resume <= (high ?? resume)),
    '"resume" belongs to a floor, at or above its "low", or to a ceiling, at or below its "high".'),
);

export const profileSchema = v.strictObject({
  name: v.pipe(v.string(), v.trim(), v.regex(/^[\w .-]{1,60}$/, 'A name has 1 to 60 letters, digits, blanks, dots or dashes.')),
  description: v.optional(text),
  ca: v.optional(v.strictObject({
    addresses: v.optional(v.array(address), []),
    autoAddresses: v.optional(v.boolean(), false),
    nameServers: v.optional(v.array(address), []),
    serverPort: v.optional(port, 5064),
    repeaterPort: v.optional(port, 5065),
    connectionTimeout: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(3600)), 30),
    maxSearchPeriod: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(3600)), 300),
  })),
  /** For PVs that are named pva://NAME. */
  pva: v.optional(v.strictObject({
    addresses: v.optional(v.array(address), []),
    autoAddresses: v.optional(v.boolean(), false),
    nameServers: v.optional(v.array(address), []),
    broadcastPort: v.optional(port, 5076),
  })),
  devices: v.optional(v.array(v.strictObject({
    name: text, kind: v.picklist(deviceKinds), pv: text, description: v.optional(text),
    /** Where they are not the kind's usual ones. */
    readback: v.optional(text), done: v.optional(text),
    /** Of a positioner: 1 written to this PV stops it. */
    stop: v.optional(text),
    /** In the device's unit: arrived when the read-back is this near. */
    tolerance: v.optional(v.pipe(v.number(), v.minValue(0))),
    /** Seconds to wait after a move. */
    settle: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(3600))),
  })), []),
  /** Writes outside are refused, on top of the IOC's own limits. */
  limits: v.optional(v.array(v.pipe(
    v.strictObject({ pv: text, low: v.number(), high: v.number() }),
    v.check((limit) => limit.low <= limit.high, 'low must not be above high.'),
  )), []),
  suspenders: v.optional(v.array(suspender), []),
  /** Devices that every run reads once at its start and once at its end. */
  baseline: v.optional(v.pipe(v.array(text), v.maxLength(200))),
  /** Devices whose every update is recorded during a run, each in a stream of its own. */
  monitors: v.optional(v.pipe(v.array(text), v.maxLength(50))),
  dataFolder: v.optional(text),
  /** Names of runs' files, as `{date}_{scan_id}_{plan}`. */
  filePattern: v.optional(v.pipe(text, v.check((pattern) => filePatternProblem(pattern) === null, ({ input }) => filePatternProblem(input) ?? ''))),
  /** Folder with .bob files, or one file; relative to the profile. */
  displays: v.optional(text),
});

export type Profile = v.InferOutput<typeof profileSchema>;
export type ProfileDevice = Profile['devices'][number];

export interface ProfileSummary {
  readonly name: string;
  readonly kind: 'simulation' | 'environment' | 'file';
  readonly description: string;
  /** Absolute path of a file's profile. */
  readonly path: string | null;
  /** Why it can't be used, where it can't. */
  readonly problem: string | null;
}

export interface Settings {
  readonly theme: 'dark' | 'light' | 'system';
  /** Percent. */
  readonly zoom: number;
  /** Controls large enough for fingers. */
  readonly touch: boolean;
  /** Absolute. */
  readonly dataFolder: string;
  /** Names of runs' files; the profile's own goes before it. */
  readonly filePattern: string;
  readonly profile: string;
}
