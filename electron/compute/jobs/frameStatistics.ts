// Statistics, histogram, centroid and regions of interest of one frame, in one pass each.
import { ComputeError } from '../computeError';
import { checkFrame } from './frame';
import type { Frame } from './frame';

export interface HistogramOptions { readonly bins: number; /** Unit of the frame; default: its lowest and highest value. */ readonly low?: number; readonly high?: number }
export interface FrameStatistics {
  /** Pixels that are neither masked nor NaN. */
  readonly pixels: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly mean: number;
  /** Of the population, as NumPy's `std`. */
  readonly deviation: number;
  /** Centre of mass of the values, pixels from the middle of the first pixel; null where they sum up to 0. */
  readonly centroid: { readonly x: number; readonly y: number } | null;
  /** Counts a bin, the last bin closed on both sides, as NumPy's `histogram`; `edges` is one longer. */
  readonly histogram: { readonly counts: Float64Array; readonly edges: Float64Array } | null;
}

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

/** Pixels, from the first row and column; what lies outside the frame is cut off. */
export interface Region { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
export interface RegionSum { readonly sum: number; readonly pixels: number; readonly mean: number; readonly max: number }

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
