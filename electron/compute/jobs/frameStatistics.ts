// Statistics, histogram, centroid and regions of interest of one frame, in one pass each.
import type { Frame, FrameStatistics, HistogramOptions, Region, RegionSum } from '@shared/computeFrames';
import { ComputeError } from '../computeError';
import { checkFrame } from './frame';

function histogramOf({ data, mask }: Frame, { bins, low, high }: { bins: number; low: number; high: number }) {
  const top = high > low ? high : low + 1;
  const counts = new Float64Array(bins);
  const scale = bins / (top - low);
  for (let i = 0; i < data.length; i += 1) {
    const value = data[i]!;
    if (mask?.[i] || !(value >= low && value <= top)) continue;
    const bin = Math.min(bins - 1, Math.floor((value - low) * scale));
    counts[bin] = counts[bin]! + 1;
  }
  return { counts, edges: Float64Array.from({ length: bins + 1 }, (_, i) => low + ((top - low) * i) / bins) };
}

export function frameStatistics(input: Frame & { readonly histogram?: HistogramOptions }): FrameStatistics {
  checkFrame(input);
  const { data, width, mask, histogram } = input;
  let pixels = 0, min = Infinity, max = -Infinity, sum = 0, sumX = 0, sumY = 0;
  let mean = 0, squares = 0;
  for (let i = 0; i < data.length; i += 1) {
    const value = data[i]!;
    if (mask?.[i] || value !== value) continue;
    pixels += 1;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    sumX += value * (i % width);
    sumY += value * Math.floor(i / width);
    // Welford: exact where the values are large and alike.
    const delta = value - mean;
    mean += delta / pixels;
    squares += delta * (value - mean);
  }
  if (pixels === 0) throw new ComputeError('JOB_FAILED', 'Every pixel of the frame is masked or not a number: there is nothing to count. Check the mask.');
  const bins = histogram?.bins ?? 0;
  if (histogram && !(Number.isInteger(bins) && bins >= 1 && bins <= 1_000_000)) throw new ComputeError('JOB_FAILED', `A histogram has 1 to 1,000,000 bins; ${bins} were asked for.`);
  return {
    pixels, min, max, sum, mean, deviation: Math.sqrt(squares / pixels),
    centroid: sum === 0 ? null : { x: sumX / sum, y: sumY / sum },
    histogram: histogram ? histogramOf(input, { bins, low: histogram.low ?? min, high: histogram.high ?? max }) : null,
  };
}

/** One row a region. A region without a pixel has sum 0 and mean and max NaN. */
export function regionSums(input: Frame & { readonly regions: readonly Region[] }): RegionSum[] {
  checkFrame(input);
  const { data, width, height, mask } = input;
  return input.regions.map((region) => {
    let sum = 0, pixels = 0, max = -Infinity;
    for (let y = Math.max(0, region.y); y < Math.min(height, region.y + region.height); y += 1) {
      for (let x = Math.max(0, region.x); x < Math.min(width, region.x + region.width); x += 1) {
        const i = y * width + x;
        const value = data[i]!;
        if (mask?.[i] || value !== value) continue;
        sum += value;
        pixels += 1;
        if (value > max) max = value;
      }
    }
    return { sum, pixels, mean: pixels ? sum / pixels : NaN, max: pixels ? max : NaN };
  });
}
