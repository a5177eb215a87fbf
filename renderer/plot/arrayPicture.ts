// An array with its dimensions as a picture: grey, or of three colours in one of areaDetector's orders (RGB1, RGB2, RGB3).
import type { Colours, Picture } from './pixels';

/** `size`: elements along each dimension, the fastest first. Of other arrays of three dimensions the first plane. null: it is no picture, or not all of it is there. */
export function pictureOfArray(values: ArrayLike<number>, size: readonly number[]): Picture | null {
  const [a = 0, b = 0, c = 1] = size;
  if (size.length < 2 || !size.every((length) => Number.isInteger(length) && length > 0)) return null;
  const whole = (elements: number) => values.length >= elements;
  switch (size.length === 3 ? size.indexOf(3) : -1) {
    case 0: return whole(a * b * c) ? coloured(b, c, { values, pixel: 3, row: 3 * b, plane: 1 }) : null;
    case 1: return whole(a * b * c) ? coloured(a, c, { values, pixel: 1, row: 3 * a, plane: a }) : null;
    case 2: return whole(a * b * c) ? coloured(a, b, { values, pixel: 1, row: a, plane: a * b }) : null;
    default: return whole(a * b) ? { pixels: values, width: a, height: b } : null;
  }
}

function coloured(width: number, height: number, colours: Colours): Picture {
  let grey: Float32Array | null = null;
  return { width, height, colours, get pixels() { return grey ??= brightness(width, height, colours); } };
}

/** The mean of the three. */
function brightness(width: number, height: number, { values, pixel, row, plane }: Colours): Float32Array {
  const grey = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * row + x * pixel;
      grey[y * width + x] = ((values[at] ?? NaN) + (values[at + plane] ?? NaN) + (values[at + 2 * plane] ?? NaN)) / 3;
    }
  }
  return grey;
}
