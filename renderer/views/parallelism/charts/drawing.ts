// A chart as shapes in the house's colours, by name: drawn in the window by ChartFigure.vue, and written into files by svgText.ts.

export type SeriesInk = `series-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`;
/** A colour token of the theme, without its dashes. */
export type Ink = 'text' | 'muted' | 'border' | 'border-strong' | 'surface' | SeriesInk;

export type Shape =
  | { readonly kind: 'rect'; readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly ink: Ink }
  | { readonly kind: 'path'; readonly d: string; readonly ink: Ink; readonly filled?: boolean; readonly thick?: number; readonly dash?: string }
  | { readonly kind: 'text'; readonly x: number; readonly y: number; readonly text: string; readonly ink: Ink; readonly anchor?: 'middle' | 'end'; readonly size?: number; readonly bold?: boolean };

/** In pixels of the window; what lies behind comes first. */
export interface Drawing { readonly width: number; readonly height: number; readonly shapes: readonly Shape[] }

/** The window's, for charts within it and in files. */
export const fonts = 'system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, Ubuntu, Cantarell, sans-serif';

/** Pixels of text, unless it says another size. */
export const textSize = 12;

const measure = typeof OffscreenCanvas === 'undefined' ? null : new OffscreenCanvas(1, 1).getContext('2d');

/** How wide a text is, in pixels, in the machine's own letters; about so wide where there is no page to measure in. */
export function textWidth(text: string, size = textSize, bold = false): number {
  if (!measure) return text.length * size * (bold ? 0.62 : 0.54);
  measure.font = `${bold ? '600 ' : ''}${size}px ${fonts}`;
  return measure.measureText(text).width;
}

/** A text that fits into so many pixels, its end cut off where it must be. */
export function fitted(text: string, width: number, size = textSize, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  let kept = text.length - 1;
  while (kept > 1 && textWidth(`${text.slice(0, kept)}…`, size, bold) > width) kept--;
  return `${text.slice(0, kept).trimEnd()}…`;
}

/** At words, into lines of so many pixels. */
export function wrapped(text: string, width: number, size = textSize, bold = false): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && textWidth(longer, size, bold) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** The colour of a series; there are eight. */
export function inkOf(series: number): SeriesInk { return `series-${((series % 8) + 1) as 1}`; }

export function line(x1: number, y1: number, x2: number, y2: number, ink: Ink, thick = 1, dash?: string): Shape {
  return { kind: 'path', d: `M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}`, ink, thick, ...(dash === undefined ? {} : { dash }) };
}

export function round(value: number): number { return Math.round(value * 100) / 100; }
