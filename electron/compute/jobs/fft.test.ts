import { describe, expect, it } from 'vitest';
import { fft, powerSpectrum } from './fft';

/** n -> real and imaginary part of bin min(3, n-1), and the sum of all magnitudes, from NumPy 2's fft. */
const numpy: Readonly<Record<number, readonly [number, number, number]>> = {
  1: [0.2, 1.0, 1.019803902718557], 2: [-0.9827321082775897, 0.3783900317293356, 3.184158124023988],
  5: [-1.7395929234575913, 0.5589600700883409, 10.943384817495689], 8: [-0.5823269744052553, 0.4132748760594662, 19.372832951611347],
  12: [4.434127723921991, -2.863154428755161, 35.43567417302594], 30: [-2.1172562873503384, 1.667054102244664, 104.55014660440096],
  1024: [-0.5759315388073525, -0.20199914290019816, 6134.6563114613], 1000: [0.4529787512349719, 1.5467114703742695, 8021.256522030052],
};

describe('fft', () => {
  it.each(Object.entries(numpy))('gives what NumPy gives for %s points', (count, [re, im, total]) => {
    const n = Number(count);
    const index = Float64Array.from({ length: n }, (_, i) => i);
    const result = fft(index.map((i) => Math.sin(i * 1.7) + 0.2 * Math.cos(i * 0.3)), index.map((i) => Math.cos(i * 0.9)));
    const bin = Math.min(3, n - 1);
    expect(result.re[bin]).toBeCloseTo(re, 9);
    expect(result.im[bin]).toBeCloseTo(im, 9);
    expect(result.re.reduce((sum, r, k) => sum + Math.hypot(r, result.im[k] ?? 0), 0)).toBeCloseTo(total, 6);
  });

  it('refuses an empty signal and parts of different lengths', () => {
    expect(() => fft(new Float64Array())).toThrow(/at least one value/);
    expect(() => fft(new Float64Array(4), new Float64Array(3))).toThrow(/4 and 3/);
  });
});

describe('powerSpectrum', () => {
  const y = Float64Array.from({ length: 100 }, (_, i) => Math.sin(i * 0.5) + 0.1 * i);

  it.each([
    ['none', [0.6170825284694628, 122.61141576157915, 0.011874455265416]],
    ['hann', [0.45481158472027894, 83.33295869121474, 0]],
  ] as const)('gives what SciPy gives with window %s', (window, [seventh, first, last]) => {
    const { frequency, density } = powerSpectrum({ y, sampleRate: 20, window });
    expect(frequency[7]).toBeCloseTo(1.4, 12);
    expect(density).toHaveLength(51);
    expect(density[7]).toBeCloseTo(seventh, 10);
    expect(density[0]).toBeCloseTo(first, 8);
    expect(density[50]).toBeCloseTo(last, 10);
  });
});
