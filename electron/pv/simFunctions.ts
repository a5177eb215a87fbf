// The functions of sim:// PVs with the arguments and defaults that Phoebus documents (core/pv/doc, "Simulated"). Pure: time and chance come in.
import type { NativeType, PvValue } from '@shared/pv';
import type { PvMetadata } from './pvSource';

export interface SimFunction {
  /** Seconds between two values; 0: it never changes. */
  readonly period: number;
  readonly type: NativeType;
  readonly count: number;
  readonly metadata: PvMetadata;
  /** `seconds` since it was opened; null: disconnected just now. */
  next(seconds: number): PvValue | null;
}

export type Random = () => number;
type Make = (numbers: readonly number[], random: Random) => SimFunction;

/** Faster is of no use to anybody, and a period of 0 would never let go. */
const leastPeriod = 0.01;
/** Samples a second that one wave may cost, and samples in one wave; a display may ask for anything. */
const mostSamples = 10_000_000;
const largestWave = 1_000_000;

/** Missing arguments are the defaults; `forms`: how many arguments each form has, and where they go among all. */
function pick(name: string, given: readonly number[], all: readonly string[], defaults: readonly number[], forms: readonly (readonly number[])[]): number[] {
  if (given.length === 0) return [...defaults];
  const form = forms.find((places) => places.length === given.length);
  if (!form) {
    const said = forms.map((places) => `(${places.map((place) => all[place]).join(', ')})`).join(' or ');
    throw new RangeError(`sim://${name} takes no arguments or ${said}.`);
  }
  const picked = [...defaults];
  form.forEach((place, i) => { picked[place] = given[i] ?? 0; });
  return picked;
}

function range(low: number, high: number): PvMetadata {
  const span = high - low;
  if (!(span > 0)) return { units: 'a.u.', precision: 2, display: { low: 0, high: 10 } };
  return {
    units: 'a.u.', precision: 2, display: { low, high },
    warning: { low: low + 0.2 * span, high: low + 0.8 * span }, alarm: { low: low + 0.1 * span, high: low + 0.9 * span },
  };
}

function scalar(low: number, high: number, period: number, next: (seconds: number) => number | null): SimFunction {
  return { period: Math.max(period, leastPeriod), type: 'DOUBLE', count: 1, metadata: range(low, high), next };
}

function wave(size: number, low: number, high: number, period: number, at: (i: number, seconds: number) => number): SimFunction {
  return {
    period: Math.max(period, leastPeriod, size / mostSamples), type: 'DOUBLE', count: Math.max(1, size), metadata: range(low, high),
    next: (seconds) => Float64Array.from({ length: size }, (_, i) => at(i, seconds)),
  };
}

/** Box and Muller. */
function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function periodicWave(name: string, shape: (phase: number) => number): Make {
  return (given) => {
    const [turn = 1, wished = 10, size = 50, update = 0.1, low = -1, high = 1] =
      pick(name, given, ['period_seconds', 'wavelength', 'size', 'update_seconds', 'min', 'max'], [1, 10, 50, 0.1, -1, 1], [[0, 1, 2, 3], [0, 1, 2, 3, 4, 5]]);
    const samples = size >= 1 ? Math.floor(size) : 10;
    const wavelength = wished > 0 ? wished : samples;
    return wave(samples, low, high, update, (i, seconds) => low + shape((turn > 0 ? seconds / turn : 0) + i / wavelength) * (high - low));
  };
}

const withMinMax = [[0, 1, 3], [0, 1, 2, 3]] as const;

const functions: Readonly<Record<string, Make>> = {
  sine(given) {
    const [low = -5, high = 5, steps = 10, update = 1] = pick('sine', given, ['min', 'max', 'steps', 'update_seconds'], [-5, 5, 10, 1], withMinMax);
    let n = 0;
    return scalar(low, high, update, () => low + (Math.sin((2 * Math.PI * n++) / Math.max(steps, 1)) + 1) / 2 * (high - low));
  },
  ramp(given) {
    const [low = -5, high = 5, wished = 1, update = 1] = pick('ramp', given, ['min', 'max', 'step', 'update_seconds'], [-5, 5, 1, 1], withMinMax);
    const step = wished === 0 ? 1 : wished;
    let value = step > 0 ? low - step : high - step;
    return scalar(low, high, update, () => {
      value += step;
      if (value > high) value = low;
      else if (value < low) value = high;
      return value;
    });
  },
  noise(given, random) {
    const [low = -5, high = 5, update = 1] = pick('noise', given, ['min', 'max', 'update_seconds'], [-5, 5, 1], [[0, 1, 2]]);
    return scalar(low, high, update, () => low + random() * (high - low));
  },
  gaussiannoise(given, random) {
    const [centre = 0, deviation = 1, update = 0.1] = pick('gaussianNoise', given, ['center', 'std_dev', 'update_seconds'], [0, 1, 0.1], [[0, 1, 2]]);
    return scalar(centre - 2 * deviation, centre + 2 * deviation, update, () => centre + gaussian(random) * deviation);
  },
  intermittent(given, random) {
    const [update = 1, low = -5, high = given.length === 2 ? low : 5] = pick('intermittent', given, ['update_seconds', 'min', 'max'],
      given.length === 2 ? [1, given[1] ?? 0, given[1] ?? 0] : [1, -5, 5], [[0], [0, 1], [0, 1, 2]]);
    let there = false;
    return scalar(low, high, update, () => {
      there = !there;
      return there ? low + random() * (high - low) : null;
    });
  },
  flipflop(given) {
    const [update = 1] = pick('flipflop', given, ['update_seconds'], [1], [[0]]);
    let value = 0;
    return {
      period: Math.max(update, leastPeriod), type: 'ENUM', count: 1, metadata: { states: ['false', 'true'] },
      next: () => { value = 1 - value; return value; },
    };
  },
  strings(given) {
    const [longest = 10, update = 0.1] = pick('strings', given, ['max_length', 'update_seconds'], [10, 0.1], [[1], [0, 1]]);
    let length = 0;
    return {
      period: Math.max(update, leastPeriod), type: 'STRING', count: 1, metadata: {},
      next: () => { length = length >= Math.max(1, Math.min(longest, 1000)) ? 1 : length + 1; return 'A'.repeat(length); },
    };
  },
  noisewave(given, random) {
    const [low = -5, high = 5, size = 100, update = 1] = pick('noisewave', given, ['min', 'max', 'size', 'update_seconds'], [-5, 5, 100, 1], withMinMax);
    return wave(Math.max(0, Math.floor(size)), low, high, update, () => low + random() * (high - low));
  },
  gaussianwave(given) {
    const [turn = 1, deviation = 100, wished = 100, update = 0.1] =
      pick('gaussianWave', given, ['period_seconds', 'std_dev', 'size', 'update_seconds'], [1, 100, 100, 0.1], [[0, 1, 2, 3]]);
    const size = Math.max(1, Math.floor(wished));
    return wave(size, 0, 1, update, (i, seconds) => {
      const turns = turn > 0 ? seconds / turn : 0;
      const distance = (i + Math.floor((turns - Math.floor(turns)) * size)) % size - size / 2;
      return Math.exp(-distance * distance / deviation);
    });
  },
  sinewave: periodicWave('sinewave', (phase) => (Math.sin(2 * Math.PI * phase) + 1) / 2),
  sawtooth: periodicWave('sawtooth', (phase) => phase - Math.floor(phase)),
};

/** `sine(0, 10, 0.5)`; names are known whatever their case. Errors: RangeError with a text for the user. */
export function simFunction(name: string, numbers: readonly number[], random: Random): SimFunction {
  const make = Object.hasOwn(functions, name.toLowerCase()) ? functions[name.toLowerCase()] : undefined;
  if (!make) throw new RangeError(`There is no sim://${name}. Known: ${['const', ...Object.keys(functions)].join(', ')}.`);
  const wrong = numbers.find((number) => !Number.isFinite(number));
  if (wrong !== undefined) throw new RangeError(`sim://${name} takes finite numbers.`);
  const made = make(numbers, random);
  if (made.count > largestWave) throw new RangeError(`sim://${name} makes at most ${largestWave} samples.`);
  return made;
}
