// Which jobs are done by all workers together, and how: a stack by frames, curves and spectra by their number, a series by pixels.
// A single frame is not divided: handing out its rows costs as much as integrating it.
import { isStored, lengthOf, type Deferred, type StoredNumbers } from '@shared/storedNumbers';
import type { IntegratedStack, StackRegionSums, StackStatistics } from '@shared/computeFrames';
import type { PeakFits } from '@shared/computeSignals';
import { checkCurves } from '../jobs/frameStack';
import { correlationSize, joinCorrelation, type CorrelationPart } from '../jobs/correlation';
import type { PoolInput, PoolJobName } from '../jobs/registry';
import { isCuttable, itemSizeOf, partOf, type Numbers } from './partOf';
import { byRows, type Split } from './split';

type Rule<J extends PoolJobName> = (input: Deferred<PoolInput<J>>, workers: number) => Split | null;

/** Values below which the other workers are not worth their messages. */
const least = 65_536;
const fewCurves = 64;
const fewSpectra = 16;

/** Whole rows of an array that can be cut and are worth it. */
function rowsOf(values: Numbers | StoredNumbers, row: number, fewest: number): number | null {
  const rows = lengthOf(values) / row;
  return Number.isInteger(rows) && rows >= fewest && isCuttable(values, row) ? rows : null;
}

/** Arrays of one value a row, filled as blocks come. */
class Columns {
  readonly arrays = new Map<string, Float64Array>();
  constructor(readonly rows: number) {}

  put(found: Readonly<Record<string, Float64Array>>, from: number, perRow = 1): void {
    for (const [name, values] of Object.entries(found)) {
      let array = this.arrays.get(name);
      if (!array) this.arrays.set(name, array = new Float64Array(this.rows * perRow).fill(NaN));
      array.set(values, from * perRow);
    }
  }

  get all(): Record<string, Float64Array> { return Object.fromEntries(this.arrays); }
}

interface Stack { readonly data: Numbers | StoredNumbers; readonly width: number; readonly height: number }
function stackOf(input: Stack, workers: number) {
  const row = input.width * input.height;
  const rows = rowsOf(input.data, row, 2);
  if (rows === null || lengthOf(input.data) < least) return null;
  return { rows, workers, rowBytes: row * itemSizeOf(input.data), part: (from: number, to: number) => ({ ...input, data: partOf(input.data, row, from, to) }) };
}

const rules: { readonly [J in PoolJobName]?: Rule<J> } = {
  stackStatistics(input, workers) {
    const stack = stackOf(input, workers);
    if (!stack) return null;
    const columns = new Columns(stack.rows);
    return byRows('stackStatistics', { ...stack, add: (found, from) => columns.put({ ...found }, from), finish: () => columns.all as unknown as StackStatistics });
  },
  stackRegionSums(input, workers) {
    const stack = stackOf(input, workers);
    if (!stack) return null;
    const regions = input.regions.map(() => new Columns(stack.rows));
    return byRows('stackRegionSums', {
      ...stack, add: (found, from) => found.forEach((one, i) => regions[i]?.put({ ...one }, from)), finish: () => regions.map(({ all }) => all as unknown as StackRegionSums),
    });
  },
  stackIntegration(input, workers) {
    const stack = stackOf(input, workers);
    if (!stack) return null;
    checkCurves(stack.rows, input.bins);
    const columns = new Columns(stack.rows);
    let twoTheta = new Float64Array();
    return byRows('stackIntegration', {
      ...stack,
      add: (found, from) => {
        columns.put({ intensity: found.intensity }, from, input.bins);
        twoTheta = found.twoTheta as typeof twoTheta;
      },
      finish: (): IntegratedStack => ({ twoTheta, intensity: columns.all['intensity']!, frames: stack.rows }),
    });
  },
  peakFits(input, workers) {
    const { x, y } = input;
    if (isStored(x)) return null;
    const rows = rowsOf(y, x.length, fewCurves);
    if (rows === null) return null;
    const [values, errors, rest, converged] = [new Columns(rows), new Columns(rows), new Columns(rows), new Uint8Array(rows)];
    return byRows('peakFits', {
      rows, workers, rowBytes: x.length * itemSizeOf(y), part: (from, to) => ({ ...input, x: x.slice(), y: partOf(y, x.length, from, to) }),
      add: (found, from) => {
        values.put(found.values, from);
        errors.put(found.errors, from);
        rest.put({ residual: found.residual }, from);
        converged.set(found.converged, from);
      },
      finish: (): PeakFits => ({ shape: input.shape, values: values.all, errors: errors.all, residual: rest.all['residual']!, converged }),
    });
  },
  xrfMap(input, workers) {
    const { spectra, channels } = input;
    const rows = rowsOf(spectra, channels, fewSpectra);
    if (rows === null) return null;
    const columns = new Columns(rows);
    return byRows('xrfMap', {
      rows, workers, rowBytes: channels * itemSizeOf(spectra), part: (from, to) => ({ ...input, spectra: partOf(spectra, channels, from, to) }),
      add: (found, from) => columns.put(found, from), finish: () => columns.all,
    });
  },
  correlation({ frames, pixels, maxLag }, workers) {
    // Each part needs all frames: a file would be read by every worker.
    if (isStored(frames) || frames.length < least || pixels < 2 * workers) return null;
    const { count, lags } = correlationSize(frames.length, pixels, maxLag);
    const parts: CorrelationPart[] = [];
    const shared = frames.buffer instanceof SharedArrayBuffer;
    return byRows('correlationPart', {
      rows: pixels, rowBytes: count * frames.BYTES_PER_ELEMENT, workers,
      part: (from, to) => (shared ? { frames, pixels, from, to, lags } : { frames: someColumns(frames, pixels, from, to), pixels: to - from, from: 0, to: to - from, lags }),
      add: (found) => { parts.push(found); }, finish: () => joinCorrelation(parts, pixels),
    });
  },
};

/** Some pixels of every frame. */
function someColumns<T extends Numbers>(frames: T, pixels: number, from: number, to: number): T {
  const size = to - from;
  const made = new (frames.constructor as new (length: number) => T)((frames.length / pixels) * size);
  for (let t = 0; t * pixels < frames.length; t += 1) made.set(frames.subarray(t * pixels + from, t * pixels + to), t * size);
  return made;
}

/** null: one worker does it alone. Throws where the input can't be used. */
export function splitOf<J extends PoolJobName>(job: J, input: Deferred<PoolInput<J>>, workers: number): Split | null {
  return (rules[job] as Rule<J> | undefined)?.(input, workers) ?? null;
}
