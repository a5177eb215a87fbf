// The legend over a chart: each series by its colour and its marker, in as many lines as it needs.
import { isOpenMarker, markerPath } from '../../../plot/markers';
import { line, textWidth, type Ink, type Shape } from './drawing';

export interface LegendEntry {
  readonly name: string;
  readonly ink: Ink;
  readonly marker?: number;
  /** Its colour as an area, as bars have it. */
  readonly bar?: boolean;
  /** A plain line across or along. */
  readonly level?: boolean;
  readonly dash?: string;
}

const lineHeight = 20;
const sample = 24;

export function legendOf(entries: readonly LegendEntry[], width: number): { readonly shapes: readonly Shape[]; readonly height: number } {
  let x = 0;
  let row = 0;
  const shapes = entries.flatMap((entry) => {
    const needed = sample + textWidth(entry.name) + 22;
    if (x > 0 && x + needed > width) {
      x = 0;
      row += 1;
    }
    const at = x;
    x += needed;
    return entryShapes(entry, at, row * lineHeight + lineHeight / 2);
  });
  return { shapes, height: entries.length === 0 ? 0 : (row + 1) * lineHeight };
}

function entryShapes({ name, ink, marker, bar = false, level = false, dash }: LegendEntry, x: number, y: number): Shape[] {
  const text: Shape = { kind: 'text', x: x + sample, y: y + 4, text: name, ink: 'text' };
  const mark: Shape[] = marker === undefined ? [] : [{ kind: 'path', d: markerPath(marker, x + 9, y, bar ? 3 : 4), ink: bar ? 'text' : ink, filled: !isOpenMarker(marker), thick: 1.5 }];
  if (bar) return [{ kind: 'rect', x, y: y - 6, width: 18, height: 12, ink }, ...mark, text];
  if (level || marker === undefined) return [line(x, y, x + 18, y, ink, dash === undefined ? 3 : 1.5, dash), text];
  return [line(x, y, x + 18, y, ink, 1.5, dash), ...mark, text];
}
