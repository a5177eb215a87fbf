// A drawing as an SVG document of its own, with its title above and the machine below: for files, pictures and reports.
import { fonts, wrapped, type Drawing, type Ink, type Shape } from './drawing';

export type Palette = Readonly<Record<Ink, string>>;
export interface SvgHead { readonly title: string; /** One line each, e.g. the machine and when it was measured. */ readonly notes: readonly string[] }

const margin = 20;

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);
}

function shapeText(shape: Shape, palette: Palette): string {
  const colour = palette[shape.ink];
  if (shape.kind === 'rect') return `<rect x="${shape.x}" y="${shape.y}" width="${shape.width}" height="${shape.height}" fill="${colour}"/>`;
  if (shape.kind === 'text') {
    return `<text x="${shape.x}" y="${shape.y}" fill="${colour}" font-size="${shape.size ?? 12}"${shape.anchor ? ` text-anchor="${shape.anchor}"` : ''}${shape.bold === true ? ' font-weight="600"' : ''}>${escaped(shape.text)}</text>`;
  }
  return `<path d="${shape.d}" fill="${shape.filled === true ? colour : 'none'}" stroke="${shape.thick === 0 ? 'none' : colour}" stroke-width="${shape.thick ?? 1}"${shape.dash === undefined ? '' : ` stroke-dasharray="${shape.dash}"`}/>`;
}

const noteSize = 11;

/** Its size is the drawing's with a margin, title and notes. */
export function svgText(drawing: Drawing, palette: Palette, head: SvgHead): { readonly svg: string; readonly width: number; readonly height: number } {
  const top = margin + (head.title === '' ? 0 : 28);
  const width = drawing.width + 2 * margin;
  const lines = head.notes.flatMap((note) => wrapped(note, drawing.width, noteSize));
  const height = Math.ceil(top + drawing.height + lines.length * 16 + (lines.length > 0 ? 10 : 0) + margin);
  const notes = lines.map((note, index) => `<text x="${margin}" y="${top + drawing.height + 22 + index * 16}" fill="${palette.muted}" font-size="${noteSize}">${escaped(note)}</text>`).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${fonts}">`
    + `<rect width="${width}" height="${height}" fill="${palette.surface}"/>`
    + (head.title === '' ? '' : `<text x="${margin}" y="${margin + 10}" fill="${palette.text}" font-size="15" font-weight="600">${escaped(head.title)}</text>`)
    + `<g transform="translate(${margin} ${top})">${drawing.shapes.map((shape) => shapeText(shape, palette)).join('')}</g>${notes}</svg>`;
  return { svg, width, height };
}
