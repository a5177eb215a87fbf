// What each compute job accepts, checked where it comes in: JSON from the command line, arguments from a window. JSON arrays become typed arrays.
import * as v from 'valibot';
import type { JobInput, JobName, UserValue } from './compute';
import type { Frame } from './computeFrames';
import { EndstationError } from './errors';
import { isStored, lengthOf, type Deferred } from './storedNumbers';

/** Values of one array; more does not fit into a message. */
const most = 200_000_000;
const typed = [Float64Array, Float32Array, Int32Array, Uint32Array, Int16Array, Uint16Array, Uint8Array] as const;
const isTyped = (value: unknown): value is Frame['data'] => typed.some((type) => value instanceof type);
const words: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity };

/** NaN and infinities come as the strings that the command line itself prints. */
function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && Object.hasOwn(words, value) ? words[value] : undefined;
}

type ArrayType<T> = abstract new () => T;

/** An array of numbers as the given type; what is one of `kept` stays as it is. */
function arrayOf<T extends Frame['data']>(make: (length: number) => T, kept: readonly ArrayType<T>[]): v.GenericSchema<unknown, T> {
  return v.pipe(v.unknown(), v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const { value } = dataset;
    // It stays in its file; the worker reads it as what the job takes.
    if (isStored(value)) return value as unknown as T;
    if (kept.some((type) => value instanceof type)) return value as T;
    if (!Array.isArray(value) && !isTyped(value)) {
      addIssue({ message: 'must be an array of numbers' });
      return NEVER;
    }
    if (value.length > most) {
      addIssue({ message: `has ${value.length} values; at most ${most} can be taken` });
      return NEVER;
    }
    const numbers = make(value.length);
    for (let i = 0; i < value.length; i += 1) {
      const number = asNumber(value[i]);
      if (number === undefined) {
        addIssue({ message: `must be an array of numbers; value ${i} is ${shown(value[i])}` });
        return NEVER;
      }
      numbers[i] = number;
    }
    return numbers;
  }));
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 40);
const doubles = arrayOf((length) => new Float64Array(length), [Float64Array]);
const frameData = arrayOf<Frame['data']>((length) => new Float64Array(length), [...typed]);
const spectraData = arrayOf<Float64Array | Int32Array | Uint32Array>((length) => new Float64Array(length), [Float64Array, Int32Array, Uint32Array]);
const seriesData = arrayOf<Float64Array | Float32Array | Int32Array | Uint16Array>((length) => new Float64Array(length), [Float64Array, Float32Array, Int32Array, Uint16Array]);
const mask = arrayOf((length) => new Uint8Array(length), [Uint8Array]);

const number = v.pipe(v.number('must be a number'), v.finite('must be finite'));
const whole = v.pipe(v.number('must be a whole number'), v.integer('must be a whole number'));
const atLeast = (low: number) => v.pipe(whole, v.minValue(low, `must be at least ${low}`));
const above0 = v.pipe(number, v.gtValue(0, 'must be above 0'));
const name = v.pipe(v.string('must be a text'), v.minLength(1, 'must not be empty'), v.maxLength(100, 'has at most 100 characters'));

const frame = { data: frameData, width: atLeast(1), height: atLeast(1), mask: v.exactOptional(mask) };
const curve = { x: doubles, y: doubles };
const regions = v.pipe(v.array(v.strictObject({ x: whole, y: whole, width: atLeast(1), height: atLeast(1) }), 'must be an array of regions'), v.minLength(1, 'needs at least one region'));
const shape = v.picklist(['gauss', 'lorentz', 'pseudoVoigt', 'step'], 'must be gauss, lorentz, pseudoVoigt or step');
const geometry = v.strictObject({
  distance: above0, poni1: number, poni2: number, pixel1: above0, pixel2: above0, rot1: v.exactOptional(number), rot2: v.exactOptional(number), rot3: v.exactOptional(number),
});

const integration = v.strictObject({ ...frame, geometry, bins: atLeast(1), low: v.exactOptional(number), high: v.exactOptional(number) });

/** Plain data; arrays of nothing but numbers as Float64Array, which go to a worker without a copy. */
function userValue(value: unknown, path: string): UserValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (isStored(value)) return value as unknown as UserValue;
  if (isTyped(value)) return value instanceof Float64Array ? value : Float64Array.from(value);
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every((member) => typeof member === 'number')) return Float64Array.from(value as number[]);
    return value.map((member, index) => userValue(member, `${path}[${index}]`));
  }
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, userValue(member, `${path}.${key}`)]));
  throw new EndstationError('JOB_INPUT', `userFunction was not started: ${path} is neither a number, a text, an array nor an object.`);
}

type JobSchemas = { readonly [J in JobName]: v.GenericSchema<unknown, JobInput<J>> };
export const computeSchemas: JobSchemas = {
  peakStatistics: v.strictObject(curve),
  peakFit: v.strictObject({ ...curve, shape }),
  peakFits: v.strictObject({ ...curve, shape }),
  fft: v.pipe(
    v.strictObject({ re: doubles, im: v.optional(doubles) }),
    v.transform(({ re, im }) => ({ re, im: im ?? new Float64Array(lengthOf(re)) })),
  ),
  powerSpectrum: v.strictObject({ y: doubles, sampleRate: above0, window: v.exactOptional(v.picklist(['none', 'hann'], 'must be none or hann')) }),
  frameStatistics: v.strictObject({ ...frame, histogram: v.exactOptional(v.strictObject({ bins: atLeast(1), low: v.exactOptional(number), high: v.exactOptional(number) })) }),
  regionSums: v.strictObject({ ...frame, regions }),
  azimuthalIntegration: integration,
  stackStatistics: v.strictObject(frame),
  stackRegionSums: v.strictObject({ ...frame, regions }),
  stackIntegration: integration,
  background: v.strictObject({ counts: doubles, halfWidth: atLeast(1) }),
  xrfMap: v.strictObject({
    spectra: spectraData, channels: atLeast(1), backgroundHalfWidth: v.exactOptional(atLeast(1)),
    lines: v.pipe(v.array(v.strictObject({ name, first: atLeast(0), last: atLeast(0) }), 'must be an array of lines'), v.minLength(1, 'needs at least one line')),
  }),
  regrid: v.strictObject({ x: doubles, y: doubles, value: doubles, columns: atLeast(1), rows: atLeast(1) }),
  correlation: v.strictObject({ frames: seriesData, pixels: atLeast(1), maxLag: v.exactOptional(atLeast(1)) }),
  userFunction: v.strictObject({
    source: v.pipe(v.string('must be a text'), v.minLength(1, 'must not be empty'), v.maxLength(1_000_000, 'has at most 1,000,000 characters')),
    input: v.optional(v.pipe(v.unknown(), v.transform((value) => userValue(value, 'input'))), {}),
    seconds: v.exactOptional(v.pipe(above0, v.maxValue(3600, 'must be at most 3600 s'))),
  }),
};

export const jobNames = Object.keys(computeSchemas) as readonly JobName[];
export const isJobName = (text: string): text is JobName => Object.hasOwn(computeSchemas, text);

/** A job's input, checked. Errors: `JOB_INPUT`, the text names every field that is wrong. */
export function readJobInput<J extends JobName>(job: J, input: unknown): Deferred<JobInput<J>> {
  const result = v.safeParse(computeSchemas[job], input);
  if (result.success) return result.output as Deferred<JobInput<J>>;
  const problems = result.issues.slice(0, 5).map((issue) => {
    const path = v.getDotPath(issue);
    if (issue.type === 'strict_object' && issue.expected === 'never') return `${path ?? 'the input'} is not known`;
    if (issue.received === 'undefined') return `${path ?? 'the input'} is missing`;
    return `${path ?? 'the input'} ${issue.kind === 'schema' && issue.type === 'strict_object' ? 'must be an object' : issue.message}`;
  });
  throw new EndstationError('JOB_INPUT', `${job} was not started: ${problems.join('; ')}. Its fields: ${fieldsOf(job)}.`);
}

/** A field that is not needed has a question mark. */
function fieldsOf(job: JobName): string {
  const schema = computeSchemas[job] as { entries?: Record<string, { type: string }>; pipe?: readonly { entries?: Record<string, { type: string }> }[] };
  const entries = schema.entries ?? schema.pipe?.[0]?.entries ?? {};
  return Object.entries(entries).map(([key, { type }]) => `${key}${/optional/.test(type) ? '?' : ''}`).join(', ');
}
