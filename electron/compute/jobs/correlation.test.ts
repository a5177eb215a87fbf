import { describe, expect, it } from 'vitest';
import { correlation } from './correlation';

const [count, pixels] = [12, 30];
const frames = Float64Array.from({ length: count * pixels }, (_, i) => {
  const [t, q] = [Math.floor(i / pixels), i % pixels];
  return 1000 + 200 * Math.sin(t * 0.4 + q * 0.9) + ((t * 7 + q * 3) % 11);
});

describe('correlation', () => {
  it('gives the figures of NumPy for a series of frames', () => {
    const { lag, g2 } = correlation({ frames, pixels });
    expect([...lag]).toEqual([1, 2, 3, 4, 5, 6]);
    [1.018293258937916, 1.0138395364717645, 1.0072204265044562, 0.999433576240791, 0.9917555592798288, 0.985332942821352]
      .forEach((expected, i) => expect(g2[i]).toBeCloseTo(expected, 12));
  });

  it('is 1 where nothing changes', () => {
    expect([...correlation({ frames: new Float64Array(40).fill(7), pixels: 10, maxLag: 99 }).g2]).toEqual([1, 1, 1]);
  });

  it('needs two whole frames', () => {
    expect(() => correlation({ frames, pixels: 7 })).toThrow(/whole frames of 7 pixels/);
    expect(() => correlation({ frames, pixels, maxLag: 0 })).toThrow(/at least 1 frame/);
  });
});
