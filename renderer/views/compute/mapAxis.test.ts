import { describe, expect, it } from 'vitest';
import type { ResultColumn } from '@shared/computeResults';
import { axisTitle, mapPixels, mapTicks } from './mapAxis';

const axis = (values: number[], name = '', units = ''): ResultColumn => ({ name, units, values: Float64Array.from(values) });
const range = (from: number, to: number, n: number) => axis(Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1)));

describe('the axes of a map', () => {
  it('has round ticks at the places of the cells', () => {
    const ticks = mapTicks(range(10.05, 19.95, 100), 6);
    expect(ticks.map(({ text }) => text)).toEqual(['12', '14', '16', '18']);
    // The cells reach from 10 to 20.
    for (const { at, text } of ticks) expect(at).toBeCloseTo((Number(text) - 10) / 10, 9);
  });
  it('has no ticks between frames, and one where there is one', () => {
    expect(mapTicks(axis([0, 1, 2]), 6)).toEqual([{ at: 1 / 6, text: '0' }, { at: 0.5, text: '1' }, { at: 5 / 6, text: '2' }]);
    expect(mapTicks(range(0, 999, 1000), 5).map(({ text }) => text)).toEqual(['0', '200', '400', '600', '800']);
    expect(mapTicks(axis([7]), 6)).toEqual([{ at: 0.5, text: '7' }]);
    expect(mapTicks(axis([]), 6)).toEqual([]);
  });
  it('says its unit', () => {
    expect([axisTitle(axis([], 'Two theta', '°')), axisTitle(axis([], 'Frame'))]).toEqual(['Two theta (°)', 'Frame']);
  });
});

describe('the cells of a map', () => {
  const colours = Uint32Array.from({ length: 256 }, (_, i) => i + 1);
  it('are drawn with the first row at the bottom, empty ones clear', () => {
    const map = { name: '', units: '', x: axis([0, 1]), y: axis([0, 1]), values: Float64Array.of(0, 1, NaN, 2) };
    expect(mapPixels(map, [0, 2], colours)).toEqual({ width: 2, height: 2, pixels: Uint32Array.of(0, 256, 1, 129) });
    expect([...mapPixels({ ...map, values: Float64Array.of(3, 3, 3, 3) }, [3, 3], colours).pixels]).toEqual([129, 129, 129, 129]);
  });
  it('show the highest one where there are more of them than pixels', () => {
    const values = new Float64Array(10_000);
    values[5001] = 9;
    const { width, height, pixels } = mapPixels({ name: '', units: '', x: range(0, 1, 10_000), y: axis([0]), values }, [0, 9], colours);
    expect([width, height]).toEqual([4096, 1]);
    expect([...pixels].filter((colour) => colour === 256)).toHaveLength(1);
  });
});
