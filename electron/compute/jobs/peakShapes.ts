// The curves that peakFit fits, each written with its derivatives into arrays that are there already.
// Parameters: height, centre, fwhm, offset, slope(, eta); the background is offset + slope (x - centre).
import type { PeakShape } from '@shared/computeSignals';
import { erf } from './erf';
import type { Model } from './leastSquares';

export const parametersOf: Readonly<Record<PeakShape, readonly string[]>> = {
  gauss: ['height', 'centre', 'fwhm', 'offset', 'slope'], lorentz: ['height', 'centre', 'fwhm', 'offset', 'slope'],
  step: ['height', 'centre', 'fwhm', 'offset', 'slope'], pseudoVoigt: ['height', 'centre', 'fwhm', 'offset', 'slope', 'eta'],
};

const ln2x4 = 4 * Math.LN2;

/** `f`: the shape at u = x - centre for height 1; `du`: its derivative by u. A shape depends on u / width alone, so that one tells the other derivative. */
function derive(jacobian: Float64Array, i: number, points: number, height: number, slope: number, width: number, u: number, f: number, du: number): void {
  jacobian[i] = f;
  jacobian[points + i] = -height * du - slope;
  jacobian[2 * points + i] = (-height * du * u) / width;
  jacobian[3 * points + i] = 1;
  jacobian[4 * points + i] = u;
}

const gauss: Model = (p, x, points, values, jacobian) => {
  const height = p[0]!, centre = p[1]!, width = p[2]!, offset = p[3]!, slope = p[4]!;
  const k = ln2x4 / (width * width);
  for (let i = 0; i < points; i += 1) {
    const u = x[i]! - centre;
    const f = Math.exp(-k * u * u);
    const du = -2 * k * u * f;
    values[i] = height * f + offset + slope * u;
    derive(jacobian, i, points, height, slope, width, u, f, du);
  }
};

const lorentz: Model = (p, x, points, values, jacobian) => {
  const height = p[0]!, centre = p[1]!, width = p[2]!, offset = p[3]!, slope = p[4]!;
  const square = width * width;
  for (let i = 0; i < points; i += 1) {
    const u = x[i]! - centre;
    const d = 1 / (square + 4 * u * u);
    const f = square * d;
    const du = -8 * u * f * d;
    values[i] = height * f + offset + slope * u;
    derive(jacobian, i, points, height, slope, width, u, f, du);
  }
};

const pseudoVoigt: Model = (p, x, points, values, jacobian) => {
  const height = p[0]!, centre = p[1]!, width = p[2]!, offset = p[3]!, slope = p[4]!, eta = p[5]!;
  const square = width * width, k = ln2x4 / square;
  for (let i = 0; i < points; i += 1) {
    const u = x[i]! - centre;
    const g = Math.exp(-k * u * u);
    const d = 1 / (square + 4 * u * u);
    const l = square * d;
    const f = eta * l + (1 - eta) * g;
    const du = -8 * eta * u * l * d - 2 * (1 - eta) * k * u * g;
    values[i] = height * f + offset + slope * u;
    derive(jacobian, i, points, height, slope, width, u, f, du);
    jacobian[5 * points + i] = height * (l - g);
  }
};

const step: Model = (p, x, points, values, jacobian) => {
  const height = p[0]!, centre = p[1]!, width = p[2]!, offset = p[3]!, slope = p[4]!;
  const a = (2 * Math.sqrt(Math.LN2)) / width;
  const top = a / Math.sqrt(Math.PI);
  for (let i = 0; i < points; i += 1) {
    const u = x[i]! - centre;
    const z = a * u;
    const g = Math.exp(-z * z);
    const f = 0.5 * (1 + erf(z, g));
    const du = top * g;
    values[i] = height * f + offset + slope * u;
    derive(jacobian, i, points, height, slope, width, u, f, du);
  }
};

export const peakModels: Readonly<Record<PeakShape, Model>> = { gauss, lorentz, pseudoVoigt, step };
