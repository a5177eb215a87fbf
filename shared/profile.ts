// A profile: where the control system is and what the beamline has. A JSON file checked by this schema.
import * as v from 'valibot';

const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(400));
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const address = v.pipe(v.string(), v.trim(), v.regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/, 'An address is HOST or HOST:PORT.'));

export const deviceKinds = ['motor', 'positioner', 'counter', 'scaler', 'camera', 'mca', 'pv'] as const;

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
  /** A scan pauses while the PV is outside the band, and goes on `settle` seconds after it came back. */
  suspenders: v.optional(v.array(v.strictObject({
    pv: text, low: v.optional(v.number()), high: v.optional(v.number()), settle: v.optional(v.pipe(v.number(), v.minValue(0)), 0),
  })), []),
  dataFolder: v.optional(text),
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
  /** Absolute. */
  readonly dataFolder: string;
  readonly profile: string;
}
