import { describe, expect, it } from 'vitest';
import { colourAt, colourMaps, colourTable } from './colourMaps';
import { colourPixels, hasRegion, profileOf, rangeOf, regionFigures, regionWithin, typedRange, type Picture } from './pixels';

const picture: Picture = { pixels: Float64Array.of(0, 1, 2, 3, 4, 5), width: 3, height: 2 };

describe('a picture', () => {
  it('has a range, also where it is flat or has no numbers', () => {
    expect(rangeOf(picture)).toEqual({ low: 0, high: 5 });
    expect(rangeOf({ pixels: [7, 7], width: 2, height: 1 })).toEqual({ low: 7, high: 8 });
    expect(rangeOf({ pixels: [NaN, NaN], width: 2, height: 1 })).toEqual({ low: 0, high: 1 });
    expect(rangeOf({ pixels: [NaN, -2, 9], width: 3, height: 1 })).toEqual({ low: -2, high: 9 });
  });

  it('has a range also while it is typed', () => {
    expect(typedRange(picture, 1, 4)).toEqual({ low: 1, high: 4 });
    expect(typedRange(picture, '', 4)).toEqual({ low: 0, high: 4 });
    expect(typedRange(picture, -2, '')).toEqual({ low: -2, high: 5 });
    expect(typedRange(picture, '', '')).toEqual({ low: 0, high: 5 });
    expect(typedRange(picture, 3, 2).high).toBeGreaterThanOrEqual(3);
  });

  it('that became smaller has not the pixels that it had', () => {
    expect(hasRegion(picture, { right: 2, bottom: 1 })).toBe(true);
    expect([hasRegion(picture, { right: 3, bottom: 0 }), hasRegion(picture, { right: 0, bottom: 2 })]).toEqual([false, false]);
  });

  it.each([false, true])('takes the ends of the table at the ends of the range (log: %s)', (log) => {
    const table = colourTable('grey');
    const into = new Uint32Array(6);
    colourPixels(picture, { low: 1, high: 4 }, log, table, into);
    expect([into[0], into[1], into[4], into[5]]).toEqual([table[0], table[0], table[255], table[255]]);
    expect(into[2]).not.toBe(into[3]);
  });

  it('sums a region drawn from any corner, and finds its centroid', () => {
    const region = regionWithin(picture, { x: 9, y: 1.5 }, { x: 1.2, y: -3 });
    expect(region).toEqual({ left: 1, top: 0, right: 2, bottom: 1 });
    const figures = regionFigures(picture, region);
    expect(figures).toMatchObject({ pixels: 4, sum: 12, mean: 3, low: 1, high: 5 });
    expect(figures.centroid?.x).toBeCloseTo((1 * 5 + 2 * 7) / 12);
    expect(figures.centroid?.y).toBeCloseTo(9 / 12);
  });

  it('has profiles across and down', () => {
    expect([...profileOf(picture, 'across', 1)]).toEqual([3, 4, 5]);
    expect([...profileOf(picture, 'down', 2)]).toEqual([2, 5]);
  });
});

it('viridis begins dark violet and ends yellow', () => {
  expect([colourAt('viridis', -1), colourAt('viridis', 2)]).toEqual([[68, 1, 84], [253, 231, 37]]);
});

it.each(colourMaps)('%s grows in brightness all the way', (map) => {
  const brightness = Array.from({ length: 33 }, (_, index) => colourAt(map, index / 32)).map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue);
  for (const [index, value] of brightness.entries()) if (index > 0) expect(value).toBeGreaterThan((brightness[index - 1] ?? 0) - 0.5);
});
