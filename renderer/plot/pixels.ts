// A picture as numbers: its range, its colours, a region of it, a line through it.
export interface Picture {
  /** Of a colour picture the mean of its colours. */
  readonly pixels: ArrayLike<number>;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly colours?: Colours;
}
/** Red, green and blue of a pixel: `values[y * row + x * pixel + colour * plane]`. */
export interface Colours { readonly values: ArrayLike<number>; readonly pixel: number; readonly row: number; readonly plane: number }
export interface Range { readonly low: number; readonly high: number }
/** Pixels, the last ones included. */
export interface Region { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
export interface RegionFigures { readonly pixels: number; readonly sum: number; readonly mean: number; readonly low: number; readonly high: number; /** Pixels; null where all is 0. */ readonly centroid: { readonly x: number; readonly y: number } | null }

/** Lowest and highest, of all colours; where all are one value, a range of 1 above it. Values that are no numbers don't count. */
export function rangeOf(picture: Picture): Range {
  const { width, height, colours } = picture;
  const values = colours?.values ?? picture.pixels;
  const count = width * height * (colours ? 3 : 1);
  let low = Infinity;
  let high = -Infinity;
  for (let index = 0; index < count; index += 1) {
    const value = values[index] ?? NaN;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low < high ? { low, high } : { low: Number.isFinite(low) ? low : 0, high: (Number.isFinite(low) ? low : 0) + 1 };
}

/** The range that was typed in. A field that holds no number (it is emptied, or a minus is all there is yet) leaves its end to the picture. */
export function typedRange(picture: Picture, low: number | '', high: number | ''): Range {
  const own = low === '' || high === '' ? rangeOf(picture) : null;
  const from = low === '' ? own?.low ?? 0 : low;
  return { low: from, high: Math.max(high === '' ? own?.high ?? 1 : high, from + Number.MIN_VALUE) };
}

/** A colour a pixel: its own, or one from a table of 256; with `log` by log(1 + value - low). */
export function colourPixels(picture: Picture, { low, high }: Range, log: boolean, table: Uint32Array, into: Uint32Array): void {
  const { width, height, colours } = picture;
  const span = Math.max(high - low, Number.MIN_VALUE);
  const scale = log ? 255 / Math.log1p(span) : 255 / span;
  const level = (value: number): number => {
    const over = Math.max(0, value - low);
    return Math.min(255, Math.round((log ? Math.log1p(over) : over) * scale));
  };
  if (colours) {
    const bytes = new Uint8ClampedArray(into.buffer, into.byteOffset, into.length * 4);
    for (let index = 0; index < width * height; index += 1) {
      const at = Math.floor(index / width) * colours.row + (index % width) * colours.pixel;
      for (let colour = 0; colour < 3; colour += 1) bytes[index * 4 + colour] = level(colours.values[at + colour * colours.plane] ?? NaN);
      bytes[index * 4 + 3] = 255;
    }
    return;
  }
  const { pixels } = picture;
  for (let index = 0; index < width * height; index += 1) into[index] = table[level(pixels[index] ?? NaN)] ?? table[0] ?? 0;
}

/** Red, green and blue of a pixel; null where the picture has no colours. */
export function coloursAt({ colours }: Picture, { x, y }: { readonly x: number; readonly y: number }): [number, number, number] | null {
  if (!colours) return null;
  const { values, pixel, row, plane } = colours;
  const of = (colour: number) => values[y * row + x * pixel + colour * plane] ?? NaN;
  return [of(0), of(1), of(2)];
}

/** Whether the picture has all of these pixels: one that became smaller has others in their places. */
export function hasRegion({ width, height }: Picture, { right, bottom }: Pick<Region, 'right' | 'bottom'>): boolean { return right < width && bottom < height; }

/** A region within the picture, whichever corner came first. */
export function regionWithin({ width, height }: Picture, from: { x: number; y: number }, to: { x: number; y: number }): Region {
  const within = (value: number, most: number) => Math.min(Math.max(Math.floor(value), 0), most - 1);
  const [x1, x2, y1, y2] = [within(from.x, width), within(to.x, width), within(from.y, height), within(to.y, height)];
  return { left: Math.min(x1, x2), top: Math.min(y1, y2), right: Math.max(x1, x2), bottom: Math.max(y1, y2) };
}

export function regionFigures({ pixels, width }: Picture, { left, top, right, bottom }: Region): RegionFigures {
  let [sum, x, y, low, high, count] = [0, 0, 0, Infinity, -Infinity, 0];
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      const value = pixels[row * width + column] ?? NaN;
      if (!Number.isFinite(value)) continue;
      sum += value;
      x += value * column;
      y += value * row;
      low = Math.min(low, value);
      high = Math.max(high, value);
      count += 1;
    }
  }
  return { pixels: count, sum, mean: count > 0 ? sum / count : NaN, low, high, centroid: sum === 0 ? null : { x: x / sum, y: y / sum } };
}

/** The values along a row (`across`) or a column (`down`) through a pixel. */
export function profileOf({ pixels, width, height }: Picture, direction: 'across' | 'down', at: number): Float64Array {
  return direction === 'across'
    ? Float64Array.from({ length: width }, (_, column) => pixels[at * width + column] ?? NaN)
    : Float64Array.from({ length: height }, (_, row) => pixels[row * width + at] ?? NaN);
}
