import { describe, expect, it } from 'vitest';
import { azimuthalIntegration, twoThetaOf } from './azimuthalIntegration';

const [width, height] = [160, 120];
const geometry = { distance: 0.12, poni1: 0.0101, poni2: 0.0123, rot1: 0.21, rot2: -0.13, rot3: 0.4, pixel1: 172e-6, pixel2: 172e-6 };
const pixels = Array.from({ length: width * height }, (_, i) => ({ x: i % width, y: Math.floor(i / width) }));
const data = Float64Array.from(pixels, ({ x, y }) => 1000 + 500 * Math.cos(Math.hypot(x - 70.3, y - 55.7) / 3) + ((x * 7 + y * 13) % 17));
const mask = Uint8Array.from(pixels, ({ x, y }) => ((x * 3 + y * 5) % 41 === 0 ? 1 : 0));

describe('azimuthalIntegration', () => {
  it('puts every pixel where pyFAI puts it, tilted in three directions', () => {
    const angles = twoThetaOf(width, height, geometry);
    expect(angles[0]).toBeCloseTo(0.11779703508515986, 7);
    expect(angles[17 * width + 101]).toBeCloseTo(0.26159869304587957, 7);
    expect(angles[119 * width + 159]).toBeCloseTo(0.3984787342841481, 7);
  });

  it("gives pyFAI's curve (no splitting, no solid angle), with a mask", () => {
    const curve = azimuthalIntegration({ data, width, height, mask, geometry, bins: 50 });
    // pyFAI widens its range by a hair, so that single pixels may change bins.
    const expected = { radial: [6.910091744302, 10.12646763876, 14.95103148045, 22.67033362715], intensity: [761.5764770507, 905.7398681640, 1027.020019531, 1158.364990234], count: [181, 311, 564, 402] };
    [0, 10, 25, 49].forEach((bin, i) => expect(curve.twoTheta[bin]).toBeCloseTo(expected.radial[i] ?? NaN, 3));
    [5, 10, 25, 40].forEach((bin, i) => {
      expect((curve.intensity[bin] ?? NaN) / (expected.intensity[i] ?? NaN)).toBeCloseTo(1, 2);
      expect(Math.abs((curve.pixels[bin] ?? NaN) - (expected.count[i] ?? NaN))).toBeLessThanOrEqual(2);
    });
    expect(curve.pixels.reduce((a, b) => a + b)).toBe(mask.filter((m) => m === 0).length);
  });

  it('keeps to a range, and says NaN where a bin has no pixel', () => {
    const curve = azimuthalIntegration({ data, width, height, geometry, bins: 10, low: 0.1, high: 10 });
    expect(curve.intensity[0]).toBeNaN();
    expect(curve.twoTheta[9]).toBeCloseTo(9.505, 9);
  });

  it('refuses what can not be: a frame of another size, no bins, no distance', () => {
    expect(() => azimuthalIntegration({ data, width: 10, height, geometry, bins: 10 })).toThrow(/10 x 120 pixels needs 1200 values; it has 19200/);
    expect(() => azimuthalIntegration({ data, width, height, geometry, bins: 0 })).toThrow(/bins/);
    expect(() => azimuthalIntegration({ data, width, height, geometry: { ...geometry, distance: 0 }, bins: 9 })).toThrow(/above 0 m/);
  });
});
