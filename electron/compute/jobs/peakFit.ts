// Fits of one peak or step on a straight background: Gauss, Lorentz, pseudo-Voigt, error function; of one curve or of many.
import type { JobContext } from '@shared/compute';
import type { PeakFit, PeakFitInput, PeakFits, PeakFitsInput, PeakShape } from '@shared/computeSignals';
import { ComputeError } from '../computeError';
import { LeastSquares } from './leastSquares';
import { parametersOf, peakModels } from './peakShapes';
import { startPeak } from './peakStart';

/** Fits one curve after the other of up to as many points; nothing is made anew for each. */
class PeakFitter {
  readonly names: readonly string[];
  readonly result: LeastSquares;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  #order: Uint32Array | null;

  constructor(readonly shape: PeakShape, readonly x: Float64Array) {
    this.names = parametersOf[shape];
    this.result = new LeastSquares(peakModels[shape], this.names.length, x.length);
    this.#x = new Float64Array(x.length);
    this.#y = new Float64Array(x.length);
    this.#order = ascending(x);
  }

  /** The curve at y[from] and on; returns its finite points, fewer than the parameters where it was not fitted. */
  fit(y: Float64Array, from: number): number {
    let points = 0;
    for (let k = 0; k < this.x.length; k += 1) {
      const i = this.#order ? this.#order[k]! : k;
      const [at, value] = [this.x[i]!, y[from + i]!];
      if (!Number.isFinite(at) || !Number.isFinite(value)) continue;
      this.#x[points] = at;
      this.#y[points] = value;
      points += 1;
    }
    if (points < this.names.length) return points;
    const { result } = this;
    startPeak(this.shape, this.#x, this.#y, points, result.parameters);
    result.fit(this.#x, this.#y, points);
    const p = result.parameters;
    // A width enters squared: its sign says nothing, but for a step, where it turns the step round.
    if (p[2]! < 0) {
      p[2] = -p[2]!;
      if (this.shape === 'step') {
        p[3] = p[3]! + p[0]!;
        p[0] = -p[0]!;
      }
    }
    return points;
  }
}

/** Indices that bring x into ascending order; null where it is already. */
function ascending(x: Float64Array): Uint32Array | null {
  let sorted = true;
  for (let i = 1; i < x.length && sorted; i += 1) sorted = x[i]! >= x[i - 1]!;
  return sorted ? null : Uint32Array.from(x.keys()).sort((a, b) => x[a]! - x[b]!);
}

/** Throws JOB_FAILED where there are fewer finite points than parameters. */
export function peakFit({ x, y, shape }: PeakFitInput): PeakFit {
  if (x.length !== y.length) throw new ComputeError('JOB_FAILED', `x has ${x.length} values and y has ${y.length}: they must be as many.`);
  const fitter = new PeakFitter(shape, x);
  const { names, result } = fitter;
  const points = fitter.fit(y, 0);
  if (points < names.length) throw new ComputeError('JOB_FAILED', `A ${shape} fit has ${names.length} parameters and needs as many points; there are ${points}.`);
  const curve = new Float64Array(x.length);
  peakModels[shape](result.parameters, x, x.length, curve, new Float64Array(x.length * names.length));
  const parameters = Object.fromEntries(names.map((name, i) => [name, { value: result.parameters[i]!, error: result.errors[i]! }]));
  return { shape, parameters, curve, residual: result.residual, iterations: result.iterations, converged: result.converged };
}

/** Throws JOB_FAILED where y is no whole number of curves. A curve that can't be fitted is NaN; the others are fitted. */
export function peakFits({ x, y, shape }: PeakFitsInput, context: JobContext = idle): PeakFits {
  const points = x.length;
  const curves = y.length / points;
  if (!(points > 0 && Number.isInteger(curves))) throw new ComputeError('JOB_FAILED', `${y.length} values are not whole curves of ${points} points.`);
  const fitter = new PeakFitter(shape, x);
  const { names, result } = fitter;
  const columns = () => names.map(() => new Float64Array(curves).fill(NaN));
  const [values, errors, residual, converged] = [columns(), columns(), new Float64Array(curves).fill(NaN), new Uint8Array(curves)];
  for (let c = 0; c < curves && !context.cancelled; c += 1) {
    if (c % 256 === 0) context.progress(c / curves);
    if (fitter.fit(y, c * points) < names.length) continue;
    for (let n = 0; n < names.length; n += 1) {
      values[n]![c] = result.parameters[n]!;
      errors[n]![c] = result.errors[n]!;
    }
    residual[c] = result.residual;
    converged[c] = result.converged ? 1 : 0;
  }
  const named = (arrays: readonly Float64Array[]) => Object.fromEntries(names.map((name, n) => [name, arrays[n]!]));
  return { shape, values: named(values), errors: named(errors), residual, converged };
}

const idle: JobContext = { progress: () => undefined, cancelled: false };
