// The jobs on frames, for stacks of them: what one frame gives as a number is an array over the frames here.
import type { JobContext } from '@shared/compute';
import type { Frame, FrameStack, IntegratedStack, IntegrationInput, Region, StackRegionSums, StackStatistics } from '@shared/computeFrames';
import { ComputeError } from '../computeError';
import { azimuthalIntegration } from './azimuthalIntegration';
import { frameStatistics, regionSums } from './frameStatistics';

const idle: JobContext = { progress: () => undefined, cancelled: false };

/** Throws JOB_FAILED where the values are no whole number of frames. */
function countFrames({ data, width, height }: FrameStack): number {
  const count = data.length / (width * height);
  if (!(Number.isInteger(count) && count >= 1)) throw new ComputeError('JOB_FAILED', `${data.length} values are not whole frames of ${width} x ${height} pixels.`);
  return count;
}

/** Each frame in turn, without a copy; ends early where the job is cancelled. */
function* framesOf<F extends FrameStack>(stack: F, context: JobContext): Generator<readonly [number, F]> {
  const count = countFrames(stack);
  const size = stack.width * stack.height;
  for (let i = 0; i < count && !context.cancelled; i += 1) {
    yield [i, { ...stack, data: stack.data.subarray(i * size, (i + 1) * size) }];
    context.progress((i + 1) / count);
  }
}

const columns = (count: number): Float64Array => new Float64Array(count).fill(NaN);

export function stackStatistics(input: FrameStack, context: JobContext = idle): StackStatistics {
  const n = countFrames(input);
  const result = {
    pixels: new Float64Array(n), min: columns(n), max: columns(n), sum: columns(n), mean: columns(n), deviation: columns(n), centroidX: columns(n), centroidY: columns(n),
  };
  for (const [i, frame] of framesOf(input, context)) {
    if (!hasPixels(frame)) continue;
    const found = frameStatistics(frame);
    for (const key of ['pixels', 'min', 'max', 'sum', 'mean', 'deviation'] as const) result[key][i] = found[key];
    result.centroidX[i] = found.centroid?.x ?? NaN;
    result.centroidY[i] = found.centroid?.y ?? NaN;
  }
  return result;
}

/** One frame without a good pixel does not spoil the others. */
function hasPixels({ data, mask }: Frame): boolean {
  for (let i = 0; i < data.length; i += 1) if (!mask?.[i] && data[i] === data[i]) return true;
  return false;
}

/** One row a region. */
export function stackRegionSums({ regions, ...stack }: FrameStack & { readonly regions: readonly Region[] }, context: JobContext = idle): readonly StackRegionSums[] {
  const n = countFrames(stack);
  const result = regions.map(() => ({ sum: columns(n), mean: columns(n), max: columns(n) }));
  for (const [i, frame] of framesOf(stack, context)) {
    regionSums({ ...frame, regions }).forEach(({ sum, mean, max }, region) => {
      const row = result[region]!;
      row.sum[i] = sum;
      row.mean[i] = mean;
      row.max[i] = max;
    });
  }
  return result;
}

/** Values of all curves together, 4 GB: more does not fit beside the frames. */
const mostValues = 500_000_000;

/** Throws MEMORY_LIMIT where the result would be too large: a slip in a number of bins must not fill the machine. */
export function checkCurves(frames: number, bins: number): void {
  if (frames * bins <= mostValues) return;
  throw new ComputeError('MEMORY_LIMIT', `The frames were not integrated: ${frames} curves of ${bins} bins each would take ${Math.ceil((frames * bins * 8) / 1e6)} MB; at most ${(mostValues * 8) / 1e6} MB can be made. Take fewer bins, or fewer frames.`);
}

/** One curve a frame, all over the same angles: these depend on the geometry alone. */
export function stackIntegration(input: IntegrationInput, context: JobContext = idle): IntegratedStack {
  const frames = countFrames(input);
  checkCurves(frames, input.bins);
  const intensity = new Float64Array(frames * input.bins);
  let twoTheta = new Float64Array();
  for (const [i, frame] of framesOf(input, context)) {
    const curve = azimuthalIntegration(frame);
    intensity.set(curve.intensity, i * input.bins);
    twoTheta = curve.twoTheta as typeof twoTheta;
  }
  return { twoTheta, intensity, frames };
}
