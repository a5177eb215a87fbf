// Spectra of an MCA: the background under the lines, and maps of the lines from a spectrum at each point.
import type { XrfMapInput } from '@shared/computeSignals';
import { ComputeError } from '../computeError';

/**
 * Background by SNIP (C. G. Ryan et al., Nucl. Instrum. Methods B 34, 1988): in log-log-square-root space each channel is clipped
 * to the mean of its neighbours, `halfWidth` channels away and then nearer. Same length and unit as the counts (>= 0).
 */
export function snipBackground({ counts, halfWidth }: { readonly counts: Float64Array; readonly halfWidth: number }): Float64Array {
  if (!Number.isInteger(halfWidth) || halfWidth < 1) throw new ComputeError('JOB_FAILED', `The half width must be a whole number of channels, at least 1; it is ${halfWidth}.`);
  let level = counts.map((c) => Math.log(Math.log(Math.sqrt(Math.max(0, c) + 1) + 1) + 1));
  for (let m = halfWidth; m >= 1; m -= 1) {
    const next = level.slice();
    for (let i = m; i < level.length - m; i += 1) next[i] = Math.min(level[i]!, (level[i - m]! + level[i + m]!) / 2);
    level = next;
  }
  return level.map((v) => (Math.exp(Math.exp(v) - 1) - 1) ** 2 - 1);
}

/** Net counts of each line at each point. */
export function xrfMap({ spectra, channels, lines, backgroundHalfWidth }: XrfMapInput): Record<string, Float64Array> {
  if (!Number.isInteger(channels) || channels < 1 || spectra.length % channels !== 0) {
    throw new ComputeError('JOB_FAILED', `${spectra.length} values are not whole spectra of ${channels} channels.`);
  }
  const bad = lines.find((l) => l.first < 0 || l.last >= channels || l.first > l.last);
  if (bad) throw new ComputeError('JOB_FAILED', `The line ${bad.name} covers the channels ${bad.first} to ${bad.last}; they must lie between 0 and ${channels - 1}.`);
  const points = spectra.length / channels;
  const maps = Object.fromEntries(lines.map((l) => [l.name, new Float64Array(points)]));
  for (let p = 0; p < points; p += 1) {
    const counts = Float64Array.from(spectra.subarray(p * channels, (p + 1) * channels));
    const background = backgroundHalfWidth === undefined ? null : snipBackground({ counts, halfWidth: backgroundHalfWidth });
    for (const { name, first, last } of lines) {
      let sum = 0;
      for (let c = first; c <= last; c += 1) sum += counts[c]! - (background?.[c] ?? 0);
      maps[name]![p] = sum;
    }
  }
  return maps;
}
