// The axes of a result's map: round ticks at the places of its cells, and the cells drawn as pixels.
import type { ResultColumn, ResultMap } from '@shared/computeResults';
import { niceStep, type Range } from '../../plot/stepRange';
import { tickTexts } from '../../plot/tickTexts';

/** `at`: from 0, the beginning of the first cell, to 1, the end of the last. */
export interface MapTick { readonly at: number; readonly text: string }

/** `most`: about so many ticks at the most. The values are the middles of the cells, in ascending order. */
export function mapTicks({ values }: ResultColumn, most: number): MapTick[] {
  const [first = 0, last = first] = [values[0], values[values.length - 1]];
  if (values.length < 2 || !(last > first)) return values.length === 0 ? [] : [{ at: 0.5, text: tickTexts([first])[0] ?? '' }];
  const cell = (last - first) / (values.length - 1);
  const low = first - cell / 2;
  const step = niceStep((last - first) / most);
  // Between two frames there is none.
  const places = step < cell ? [...values] : Array.from({ length: Math.floor(last / step + 1e-9) - Math.ceil(first / step - 1e-9) + 1 }, (_, i) => (Math.ceil(first / step - 1e-9) + i) * step);
  const texts = tickTexts(places);
  return places.map((place, index) => ({ at: (place - low) / (values.length * cell), text: texts[index] ?? '' }));
}

export const axisTitle = ({ name, units }: { readonly name: string; readonly units: string }): string => (units ? `${name} (${units})` : name);

/** More pixels than a screen has would not be seen, and a canvas can't hold any number of them. */
const mostPixels = 4096;

export interface MapPixels { readonly width: number; readonly height: number; readonly pixels: Uint32Array }

/** One pixel a cell, the first row at the bottom; where there are too many cells, the highest of those that share a pixel. Empty cells stay clear. */
export function mapPixels({ x, y, values }: ResultMap, [low, high]: Range, colours: Uint32Array): MapPixels {
  const [columns, rows] = [x.values.length, y.values.length];
  const [width, height] = [Math.min(columns, mostPixels), Math.min(rows, mostPixels)];
  const highest = new Float64Array(width * height).fill(NaN);
  for (let row = 0; row < rows; row += 1) {
    const line = (height - 1 - Math.floor((row * height) / rows)) * width;
    for (let column = 0; column < columns; column += 1) {
      const value = values[row * columns + column] ?? NaN;
      const at = line + Math.floor((column * width) / columns);
      if (Number.isFinite(value) && !((highest[at] ?? NaN) >= value)) highest[at] = value;
    }
  }
  const scale = high > low ? 255 / (high - low) : 0;
  const pixels = new Uint32Array(width * height);
  highest.forEach((value, at) => { if (!Number.isNaN(value)) pixels[at] = colours[scale > 0 ? Math.round((value - low) * scale) : 128] ?? 0; });
  return { width, height, pixels };
}
