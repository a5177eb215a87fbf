// Intensity correlation of a series of frames (XPCS): g2 for the pixels of one region, at every lag.
import type { Correlation, CorrelationInput } from '@shared/computeSignals';
import { ComputeError } from '../computeError';

export interface CorrelationPartInput {
  readonly frames: CorrelationInput['frames'];
  /** Of one frame of `frames`. */
  readonly pixels: number;
  /** The pixels that are looked at: from, and up to but without. */
  readonly from: number;
  readonly to: number;
  readonly lags: number;
}
/** Sums over some pixels; those of all pixels are added up. */
export interface CorrelationPart {
  /** Of each frame. */
  readonly sums: Float64Array;
  /** Of I(t) I(t + lag), over the start times too, for lag 1, 2, ... */
  readonly products: Float64Array;
}

/** Pixels that are done together, so that their series stays in the processor's cache for all lags. */
const block = 256;

/** Frames and lags of a series. Throws JOB_FAILED where it is none. */
export function correlationSize(values: number, pixels: number, maxLag: number | undefined): { readonly count: number; readonly lags: number } {
  const count = values / pixels;
  if (!Number.isInteger(count) || count < 2) throw new ComputeError('JOB_FAILED', `${values} values are not two or more whole frames of ${pixels} pixels.`);
  const lags = Math.min(maxLag ?? Math.floor(count / 2), count - 1);
  if (!(lags >= 1)) throw new ComputeError('JOB_FAILED', 'The largest lag must be at least 1 frame.');
  return { count, lags };
}

export function correlationPart({ frames, pixels, from, to, lags }: CorrelationPartInput): CorrelationPart {
  const count = frames.length / pixels;
  const sums = new Float64Array(count);
  const products = new Float64Array(lags);
  for (let low = from; low < to; low += block) {
    const size = Math.min(block, to - low);
    for (let t = 0; t < count; t += 1) {
      const at = t * pixels + low;
      let sum = 0;
      for (let p = 0; p < size; p += 1) sum += frames[at + p]!;
      sums[t] = sums[t]! + sum;
    }
    for (let lag = 1; lag <= lags; lag += 1) {
      let sum = 0;
      for (let t = 0; t + lag < count; t += 1) {
        const a = t * pixels + low, b = (t + lag) * pixels + low;
        for (let p = 0; p < size; p += 1) sum += frames[a + p]! * frames[b + p]!;
      }
      products[lag - 1] = products[lag - 1]! + sum;
    }
  }
  return { sums, products };
}

/**
 * g2(lag) = <I(t) I(t+lag)> / (<I(t)> <I(t+lag)>): the averages over all pixels and start times, the two means each over
 * the frames that the lag really uses (symmetric normalisation, K. Schätzel, Quantum Opt. 2, 1990).
 */
export function joinCorrelation(parts: readonly CorrelationPart[], pixels: number): Correlation {
  const add = (arrays: readonly Float64Array[]) => arrays.reduce((sum, one) => sum.map((value, i) => value + one[i]!));
  const [means, products] = [add(parts.map((part) => part.sums)).map((sum) => sum / pixels), add(parts.map((part) => part.products))];
  const count = means.length;
  const g2 = products.map((product, i) => {
    const lag = i + 1;
    let early = 0, late = 0;
    for (let t = 0; t + lag < count; t += 1) {
      early += means[t]!;
      late += means[t + lag]!;
    }
    return ((product / pixels) * (count - lag)) / (early * late);
  });
  return { lag: g2.map((_, i) => i + 1), g2 };
}

export function correlation({ frames, pixels, maxLag }: CorrelationInput): Correlation {
  const { lags } = correlationSize(frames.length, pixels, maxLag);
  return joinCorrelation([correlationPart({ frames, pixels, from: 0, to: pixels, lags })], pixels);
}
