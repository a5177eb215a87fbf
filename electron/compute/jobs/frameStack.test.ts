import { describe, expect, it } from 'vitest';
import { azimuthalIntegration } from './azimuthalIntegration';
import { frameStatistics } from './frameStatistics';
import { stackIntegration, stackRegionSums, stackStatistics } from './frameStack';

const [width, height] = [8, 6];
const data = Float64Array.from({ length: 3 * width * height }, (_, i) => 1000 + 300 * Math.sin(i * 0.37));
const frame = (i: number) => data.subarray(i * width * height, (i + 1) * width * height);

describe('stackStatistics', () => {
  it('gives the figures of NumPy and of scipy.ndimage.center_of_mass for each frame', () => {
    // f = (1000 + 300 * numpy.sin(numpy.arange(144) * .37)).reshape(3, 6, 8)
    const found = stackStatistics({ data, width, height });
    const close = (values: Float64Array, expected: readonly number[]) => expected.forEach((value, i) => expect((values[i] ?? NaN) / value).toBeCloseTo(1, 13));
    close(found.sum, [48563.4869454874, 48819.21311892304, 48194.90624018527]);
    close(found.deviation, [212.40833477155584, 206.61256828720403, 216.88053046706258]);
    close(found.max, [1299.1072326271, 1299.517506915785, 1299.802599124393]);
    close(found.centroidX, [3.4700671648457835, 3.5098273039203276, 3.5393773089001903]);
    close(found.centroidY, [2.4351888864847364, 2.521278255355628, 2.585260458085822]);
  });

  it('leaves a frame without a good pixel out, and goes on with the others', () => {
    const holes = data.slice();
    holes.fill(NaN, width * height, 2 * width * height);
    const found = stackStatistics({ data: holes, width, height });
    expect([...found.pixels]).toEqual([48, 0, 48]);
    expect(found.mean[1]).toBeNaN();
    expect(found.mean[2]).toBe(frameStatistics({ data: frame(2), width, height }).mean);
  });

  it('refuses half a frame', () => {
    expect(() => stackStatistics({ data: data.slice(1), width, height })).toThrow(/143 values are not whole frames of 8 x 6 pixels/);
  });

  it('says how far it is, and ends where it is cancelled', () => {
    const seen: number[] = [];
    stackStatistics({ data, width, height }, { progress: (done) => { seen.push(done); }, get cancelled() { return seen.length === 2; } });
    expect(seen).toEqual([1 / 3, 2 / 3]);
  });
});

describe('stackRegionSums and stackIntegration', () => {
  it('refuse more curves than fit into memory, before it is filled', () => {
    const geometry = { distance: 0.1, poni1: 0, poni2: 0, pixel1: 1e-4, pixel2: 1e-4 };
    const many = { data: new Float64Array(501), width: 1, height: 1, geometry, bins: 1_000_000 };
    expect(() => stackIntegration(many)).toThrow(expect.objectContaining({ code: 'MEMORY_LIMIT', message: expect.stringContaining('501 curves of 1000000 bins each would take 4008 MB') as string }) as Error);
  });

  it('give for each frame what the jobs for one frame give', () => {
    const geometry = { distance: 0.1, poni1: 3e-4, poni2: 4e-4, pixel1: 1e-4, pixel2: 1e-4 };
    const sums = stackRegionSums({ data, width, height, regions: [{ x: 1, y: 1, width: 2, height: 2 }, { x: 7, y: 0, width: 9, height: 1 }] });
    const stack = stackIntegration({ data, width, height, geometry, bins: 4 });
    expect([stack.frames, sums.length]).toEqual([3, 2]);
    for (const i of [0, 1, 2]) {
      const [a, b, c, d] = [9, 10, 17, 18].map((at) => frame(i)[at] ?? NaN);
      expect(sums[0]?.sum[i]).toBe(a! + b! + c! + d!);
      expect(sums[1]?.max[i]).toBe(frame(i)[7]);
      const curve = azimuthalIntegration({ data: frame(i), width, height, geometry, bins: 4 });
      expect([...stack.intensity.subarray(4 * i, 4 * i + 4)]).toEqual([...curve.intensity]);
      expect([...stack.twoTheta]).toEqual([...curve.twoTheta]);
    }
  });
});
