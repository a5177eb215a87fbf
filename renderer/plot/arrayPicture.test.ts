import { describe, expect, it } from 'vitest';
import { pictureOfArray } from './arrayPicture';
import { colourTable } from './colourMaps';
import { colourPixels, coloursAt, rangeOf, type Picture } from './pixels';

/** 2 x 2 pixels: black, red, green, blue at full. */
const pixels = [[0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255]] as const;
const orders: readonly (readonly [name: string, size: readonly number[], at: (x: number, y: number, colour: number) => number])[] = [
  ['RGB1', [3, 2, 2], (x, y, colour) => y * 6 + x * 3 + colour],
  ['RGB2', [2, 3, 2], (x, y, colour) => y * 6 + colour * 2 + x],
  ['RGB3', [2, 2, 3], (x, y, colour) => colour * 4 + y * 2 + x],
];
function drawn(picture: Picture): number[] {
  const into = new Uint32Array(4);
  colourPixels(picture, rangeOf(picture), false, colourTable('viridis'), into);
  return [...new Uint8Array(into.buffer)];
}

describe('an array as a picture', () => {
  it.each(orders)('of three colours in the order %s', (_name, size, at) => {
    const values = new Uint8Array(12);
    pixels.forEach((rgb, index) => rgb.forEach((value, colour) => { values[at(index % 2, Math.floor(index / 2), colour)] = value; }));
    const picture = pictureOfArray(values, size);
    expect(picture).toMatchObject({ width: 2, height: 2, pixels: Float32Array.of(0, 85, 85, 85) });
    expect(rangeOf(picture!)).toEqual({ low: 0, high: 255 });
    expect(coloursAt(picture!, { x: 1, y: 1 })).toEqual([0, 0, 255]);
    expect(drawn(picture!)).toEqual(pixels.flatMap((rgb) => [...rgb, 255]));
  });

  it('of three colours in the range that is wanted', () => {
    const into = new Uint32Array(1);
    colourPixels(pictureOfArray(Uint16Array.of(100, 160, 400), [3, 1, 1])!, { low: 100, high: 200 }, false, colourTable('grey'), into);
    expect([...new Uint8Array(into.buffer)]).toEqual([0, 153, 255, 255]);
  });

  it('of one colour, whatever lies behind its first plane', () => {
    const values = Uint8Array.from({ length: 12 }, (_, index) => index);
    for (const size of [[4, 3], [4, 2, 1], [2, 5, 1, 1]]) expect(pictureOfArray(values, size)).toEqual({ pixels: values, width: size[0], height: size[1] });
    expect(coloursAt(pictureOfArray(values, [4, 3])!, { x: 0, y: 0 })).toBeNull();
  });

  it('is none where not all of it is there, or its dimensions are none', () => {
    for (const size of [[], [12], [4, 4], [3, 2, 3], [0, 3], [NaN, 3], [2.5, 2], [-3, -3]]) expect(pictureOfArray(new Uint8Array(12), size)).toBeNull();
  });
});
