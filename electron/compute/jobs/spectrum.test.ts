import { describe, expect, it } from 'vitest';
import { snipBackground, xrfMap } from './spectrum';

const channels = 400;
const slope = (c: number) => 400 - 0.8 * c;
const line = (c: number, at: number, height: number) => height * Math.exp(-0.5 * ((c - at) / 6) ** 2);

describe('snipBackground', () => {
  it('finds the slope under the lines, and never lies above the counts', () => {
    const counts = Float64Array.from({ length: channels }, (_, c) => slope(c) + line(c, 150, 3000) + line(c, 260, 800));
    const background = snipBackground({ counts, halfWidth: 30 });
    for (const c of [60, 150, 200, 260, 320]) expect(Math.abs((background[c] ?? NaN) - slope(c)) / slope(c)).toBeLessThan(0.1);
    background.forEach((b, c) => expect(b).toBeLessThanOrEqual((counts[c] ?? NaN) + 1e-6));
  });

  it('refuses a width that is no number of channels', () => {
    expect(() => snipBackground({ counts: Float64Array.of(1, 2), halfWidth: 0.5 })).toThrow(/whole number of channels/);
  });
});

describe('xrfMap', () => {
  const spectra = Float64Array.from({ length: 3 * channels }, (_, i) => slope(i % channels) + line(i % channels, 150, 1000 * Math.floor(i / channels)));

  it('gives the net counts of a line at each point', () => {
    const lines = [{ name: 'Fe K', first: 130, last: 170 }];
    const net = xrfMap({ spectra, channels, lines, backgroundHalfWidth: 30 })['Fe K'];
    const area = 6 * Math.sqrt(2 * Math.PI) * 1000;
    [0, 1, 2].forEach((times, point) => expect(Math.abs((net?.[point] ?? NaN) - times * area)).toBeLessThan(0.04 * area + 1));
    const gross = xrfMap({ spectra, channels, lines })['Fe K'];
    expect((gross?.[1] ?? NaN) - (gross?.[0] ?? NaN)).toBeCloseTo(Array.from({ length: 41 }, (_, i) => line(130 + i, 150, 1000)).reduce((a, b) => a + b), 6);
  });

  it('refuses half a spectrum and a line beyond the channels', () => {
    expect(() => xrfMap({ spectra: spectra.slice(1), channels, lines: [] })).toThrow(/not whole spectra/);
    expect(() => xrfMap({ spectra, channels, lines: [{ name: 'Cu', first: 390, last: 400 }] })).toThrow(/between 0 and 399/);
  });
});
