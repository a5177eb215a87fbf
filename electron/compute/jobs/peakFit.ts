// Fits of one peak or step on a straight background: Gauss, Lorentz, pseudo-Voigt, error function.
import type { PeakFit, PeakFitInput, PeakShape } from '@shared/computeSignals';
import { ComputeError } from '../computeError';
import { leastSquares } from './leastSquares';
import type { Model } from './leastSquares';
import { peakStatistics } from './peakStatistics';

const names = ['height', 'centre', 'fwhm', 'offset', 'slope'] as const;
const ln2x4 = 4 * Math.LN2;

/** erf by its series of positive terms (Abramowitz and Stegun 7.1.6), to double precision. */
function erf(x: number): number {
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

type Shape = (u: number, width: number, eta: number) => { f: number; du: number; dw: number; de: number };

/** Value and derivatives of each shape at u = x - centre, for height 1. */
const shapes: Readonly<Record<PeakShape, Shape>> = {
  gauss(u, w) {
    const f = Math.exp((-ln2x4 * u * u) / (w * w));
    return { f, du: (-2 * ln2x4 * u * f) / (w * w), dw: (2 * ln2x4 * u * u * f) / (w * w * w), de: 0 };
  },
  lorentz(u, w) {
    const d = w * w + 4 * u * u;
    return { f: (w * w) / d, du: (-8 * u * w * w) / (d * d), dw: (8 * w * u * u) / (d * d), de: 0 };
  },
  pseudoVoigt(u, w, eta) {
    const g = shapes.gauss(u, w, 0), l = shapes.lorentz(u, w, 0);
    return { f: eta * l.f + (1 - eta) * g.f, du: eta * l.du + (1 - eta) * g.du, dw: eta * l.dw + (1 - eta) * g.dw, de: l.f - g.f };
  },
  step(u, w) {
    const a = (2 * Math.sqrt(Math.LN2)) / w;
    const slope = (a / Math.sqrt(Math.PI)) * Math.exp(-((a * u) ** 2));
    return { f: 0.5 * (1 + erf(a * u)), du: slope, dw: (-slope * u) / w, de: 0 };
  },
};

function modelOf(shape: PeakShape, x: Float64Array): Model {
  const one = shapes[shape];
  return (p, values, jacobian) => {
    const n = p.length;
    const [height, centre, width, offset, slope] = [p[0]!, p[1]!, p[2]!, p[3]!, p[4]!];
    const eta = n > 5 ? p[5]! : 0;
    for (let i = 0; i < x.length; i += 1) {
      const u = x[i]! - centre;
      const { f, du, dw, de } = one(u, width, eta);
      values[i] = height * f + offset + slope * u;
      const row = i * n;
      jacobian[row] = f;
      jacobian[row + 1] = -height * du - slope;
      jacobian[row + 2] = height * dw;
      jacobian[row + 3] = 1;
      jacobian[row + 4] = u;
      if (n > 5) jacobian[row + 5] = height * de;
    }
  };
}

function startOf(shape: PeakShape, x: Float64Array, y: Float64Array): Float64Array {
  const found = peakStatistics({ x, y });
  const span = Math.abs(x[x.length - 1]! - x[0]!) || 1;
  if (shape === 'step') {
    const rising = y[y.length - 1]! >= y[0]!;
    const height = (found.max.y - found.min.y) * (rising ? 1 : -1);
    return Float64Array.of(height, found.crossings[0] ?? x[0]! + span / 2, span / 10, rising ? found.min.y : found.max.y, 0);
  }
  // A dip is a peak of negative height: the ends say where the background is.
  const background = (y[0]! + y[y.length - 1]!) / 2;
  const dip = background - found.min.y > found.max.y - background;
  const top = dip ? found.min : found.max;
  const width = found.fwhm ?? span / 5;
  const start = [top.y - background, top.x, Math.max(dip ? span / 5 : width, span / (4 * x.length)), background, 0];
  return Float64Array.from(shape === 'pseudoVoigt' ? [...start, 0.5] : start);
}

/** Throws JOB_FAILED where there are fewer finite points than parameters. */
export function peakFit({ x, y, shape }: PeakFitInput): PeakFit {
  if (x.length !== y.length) throw new ComputeError('JOB_FAILED', `x has ${x.length} values and y has ${y.length}: they must be as many.`);
  const order = [...x.keys()].filter((i) => Number.isFinite(x[i]!) && Number.isFinite(y[i]!)).sort((a, b) => x[a]! - x[b]!);
  const needed = shape === 'pseudoVoigt' ? 6 : 5;
  if (order.length < needed) throw new ComputeError('JOB_FAILED', `A ${shape} fit has ${needed} parameters and needs as many points; there are ${order.length}.`);
  const [fx, fy] = [Float64Array.from(order, (i) => x[i]!), Float64Array.from(order, (i) => y[i]!)];
  const fit = leastSquares(fy, startOf(shape, fx, fy), modelOf(shape, fx));
  // A width enters squared: its sign says nothing, but for a step, where it turns the step round.
  if (fit.parameters[2]! < 0) {
    fit.parameters[2] = -fit.parameters[2]!;
    if (shape === 'step') {
      fit.parameters[3] = fit.parameters[3]! + fit.parameters[0]!;
      fit.parameters[0] = -fit.parameters[0]!;
    }
  }
  const curve = new Float64Array(x.length);
  modelOf(shape, x)(fit.parameters, curve, new Float64Array(x.length * needed));
  const all: readonly string[] = shape === 'pseudoVoigt' ? [...names, 'eta'] : names;
  const parameters = Object.fromEntries(all.map((name, i) => [name, { value: fit.parameters[i]!, error: fit.errors[i]! }]));
  return { shape, parameters, curve, residual: fit.residual, iterations: fit.iterations, converged: fit.converged };
}
