// Azimuthal integration of a frame to a curve over the scattering angle: no pixel splitting, each pixel to the bin of its centre.
// Geometry and names as pyFAI's (point of normal incidence and three rotations; J. Kieffer et al., J. Appl. Cryst. 2020).
import type { Geometry, IntegratedCurve, IntegrationInput } from '@shared/computeFrames';
import { ComputeError } from '../computeError';
import { checkFrame } from './frame';

/** Two theta of every pixel's centre, radians. */
export function twoThetaOf(width: number, height: number, g: Geometry): Float64Array {
  const [r1, r2, r3] = [g.rot1 ?? 0, g.rot2 ?? 0, g.rot3 ?? 0];
  const [c1, s1, c2, s2, c3, s3] = [Math.cos(r1), Math.sin(r1), Math.cos(r2), Math.sin(r2), Math.cos(r3), Math.sin(r3)];
  const d = g.distance;
  const result = new Float64Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const p1 = (row + 0.5) * g.pixel1 - g.poni1;
    const k1 = p1 * c2 * c3 - d * (c1 * c3 * s2 + s1 * s3);
    const k2 = p1 * c2 * s3 - d * (c1 * s2 * s3 - c3 * s1);
    const k3 = p1 * s2 + d * c1 * c2;
    for (let column = 0; column < width; column += 1) {
      const p2 = (column + 0.5) * g.pixel2 - g.poni2;
      const t1 = k1 + p2 * (c3 * s1 * s2 - c1 * s3);
      const t2 = k2 + p2 * (c1 * c3 + s1 * s2 * s3);
      const t3 = k3 - p2 * c2 * s1;
      result[row * width + column] = Math.atan2(Math.sqrt(t1 * t1 + t2 * t2), t3);
    }
  }
  return result;
}

interface Plan { readonly bin: Int32Array; readonly twoTheta: Float64Array }
let lastPlan: { key: string; plan: Plan } | null = null;

/** The bin of every pixel; the last one is kept, as frames of one detector come one after the other. */
function planOf({ width, height, geometry, bins, low, high }: IntegrationInput): Plan {
  const key = JSON.stringify([width, height, geometry, bins, low, high]);
  if (lastPlan?.key === key) return lastPlan.plan;
  const angles = twoThetaOf(width, height, geometry);
  let [first, last] = [Infinity, -Infinity];
  for (const angle of angles) {
    if (angle < first) first = angle;
    if (angle > last) last = angle;
  }
  if (low !== undefined) first = (low * Math.PI) / 180;
  if (high !== undefined) last = (high * Math.PI) / 180;
  if (!(last > first)) throw new ComputeError('JOB_FAILED', 'The range of two theta is empty. Check the geometry, and that low is below high.');
  const scale = bins / (last - first);
  const bin = new Int32Array(angles.length);
  for (let i = 0; i < angles.length; i += 1) {
    const angle = angles[i]!;
    // One bin more than asked for takes what is outside, so that the inner loop has no branch.
    bin[i] = angle < first || angle > last ? bins : Math.min(bins - 1, Math.floor((angle - first) * scale));
  }
  const twoTheta = Float64Array.from({ length: bins }, (_, i) => ((first + ((i + 0.5) * (last - first)) / bins) * 180) / Math.PI);
  const plan = { bin, twoTheta };
  lastPlan = { key, plan };
  return plan;
}

/** Throws JOB_FAILED where the frame's shape, the bins or the geometry can't be used. */
export function azimuthalIntegration(input: IntegrationInput): IntegratedCurve {
  checkFrame(input);
  const { data, mask, bins, geometry } = input;
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= 1_000_000)) throw new ComputeError('JOB_FAILED', `A curve has 1 to 1,000,000 bins; ${bins} were asked for.`);
  if (!(geometry.distance > 0 && geometry.pixel1 > 0 && geometry.pixel2 > 0)) throw new ComputeError('JOB_FAILED', 'Distance and pixel sizes must be above 0 m.');
  const { bin, twoTheta } = planOf(input);
  const sums = new Float64Array(bins + 1);
  const counts = new Float64Array(bins + 1);
  for (let i = 0; i < data.length; i += 1) {
    const value = data[i]!;
    if ((mask !== undefined && mask[i] !== 0) || value !== value) continue;
    const b = bin[i]!;
    sums[b] = sums[b]! + value;
    counts[b] = counts[b]! + 1;
  }
  return { twoTheta: twoTheta.slice(), intensity: Float64Array.from({ length: bins }, (_, i) => sums[i]! / counts[i]!), pixels: counts.slice(0, bins) };
}
