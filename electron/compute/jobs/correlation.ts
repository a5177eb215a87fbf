// Intensity correlation of a series of frames (XPCS): g2 for the pixels of one region, at every lag.
import type { Correlation, CorrelationInput } from '@shared/computeSignals';
import { ComputeError } from '../computeError';

/**
 * g2(lag) = <I(t) I(t+lag)> / (<I(t)> <I(t+lag)>): the averages over all pixels and start times, the two means each over
 * the frames that the lag really uses (symmetric normalisation, K. Schätzel, Quantum Opt. 2, 1990).
 */
export function correlation({ frames, pixels, maxLag }: CorrelationInput): Correlation {
  const count = frames.length / pixels;
  if (!Number.isInteger(count) || count < 2) throw new ComputeError('JOB_FAILED', `${frames.length} values are not two or more whole frames of ${pixels} pixels.`);
  const lags = Math.min(maxLag ?? Math.floor(count / 2), count - 1);
  if (!(lags >= 1)) throw new ComputeError('JOB_FAILED', 'The largest lag must be at least 1 frame.');
  const means = new Float64Array(count);
  for (let t = 0; t < count; t += 1) {
    let sum = 0;
    for (let p = t * pixels; p < (t + 1) * pixels; p += 1) sum += frames[p]!;
    means[t] = sum / pixels;
  }
  const g2 = new Float64Array(lags);
  for (let lag = 1; lag <= lags; lag += 1) {
    let products = 0, early = 0, late = 0;
    for (let t = 0; t + lag < count; t += 1) {
      const [a, b] = [t * pixels, (t + lag) * pixels];
      let sum = 0;
      for (let p = 0; p < pixels; p += 1) sum += frames[a + p]! * frames[b + p]!;
      products += sum / pixels;
      early += means[t]!;
      late += means[t + lag]!;
    }
    g2[lag - 1] = (products * (count - lag)) / (early * late);
  }
  return { lag: Float64Array.from({ length: lags }, (_, i) => i + 1), g2 };
}
