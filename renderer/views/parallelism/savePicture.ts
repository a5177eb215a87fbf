// A chart as a PNG picture: drawn again as SVG in the colours of a theme, so that nothing of the page is needed and no canvas is tainted.
import type { ChartSpec } from './charts/chartSpec';
import { drawChart } from './charts/drawChart';
import type { Ink } from './charts/drawing';
import { svgText, type Palette } from './charts/svgText';
import { saveFile } from './saveFile';

export type PictureTheme = 'shown' | 'dark' | 'light';

/** Pixels of a picture a pixel of the drawing: sharp in print. */
const density = 2;
const narrowest = 640;
const widest = 1200;
const inks: readonly Ink[] = ['text', 'muted', 'border', 'border-strong', 'surface', 'series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6', 'series-7', 'series-8'];

/** The colours of a theme, whichever is shown. */
export function paletteOf(theme: PictureTheme): Palette {
  const probe = document.createElement('div');
  const shown = document.documentElement.dataset['theme'] ?? 'dark';
  probe.dataset['theme'] = theme === 'shown' ? shown : theme;
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const palette = Object.fromEntries(inks.map((ink) => [ink, style.getPropertyValue(`--${ink}`).trim()])) as Record<Ink, string>;
  probe.remove();
  return palette;
}

/** Rejects where the picture can't be made. */
export async function savePicture(chart: ChartSpec, width: number, name: string, notes: readonly string[], theme: PictureTheme): Promise<void> {
  const { svg, ...size } = svgText(drawChart(chart, Math.min(Math.max(width, narrowest), widest)), paletteOf(theme), { title: chart.title, notes });
  saveFile(`${name}.png`, await pngOf(svg, size));
}

async function pngOf(svg: string, { width, height }: { readonly width: number; readonly height: number }): Promise<Blob> {
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * density;
  canvas.height = height * density;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This window has no room for a picture of that size.');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => { canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be written as PNG.'))), 'image/png'); });
}
