// Marks of a peak on a plot: where the maximum, the centre of mass and the centre of the half height are, and the width there.
import type { PeakStatistics } from '@shared/compute';
import type uPlot from 'uplot';

export interface PeakMark { readonly key: 'max' | 'com' | 'cen'; readonly name: string; readonly x: number }

/** The positions that can be moved to, in the order they are offered. */
export function peakMarks(peak: PeakStatistics | null): PeakMark[] {
  if (!peak) return [];
  return ([['max', 'max', peak.max.x], ['com', 'com', peak.com], ['cen', 'cen', peak.cen]] as const)
    .flatMap(([key, name, x]) => (x !== null && Number.isFinite(x) ? [{ key, name, x }] : []));
}

export interface MarkColours { readonly line: string; readonly text: string; readonly ground: string }

/** Draws the marks within the plot's area. */
export function drawPeak(ctx: CanvasRenderingContext2D, plot: uPlot, peak: PeakStatistics, show: (x: number) => string, colours: MarkColours): void {
  const ratio = devicePixelRatio;
  const { left, top, width, height } = plot.bbox;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.lineWidth = ratio;
  ctx.textBaseline = 'top';
  ctx.textAlign = 'left';
  const dashes = { max: [], com: [6, 3], cen: [2, 3] } as const;
  peakMarks(peak).forEach((mark, row) => {
    const x = Math.round(plot.valToPos(mark.x, 'x', true)) + 0.5;
    ctx.setLineDash(dashes[mark.key].map((dash) => dash * ratio));
    ctx.strokeStyle = colours.line;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height);
    ctx.stroke();
    label(`${mark.name} ${show(mark.x)}`, x, top + (4 + row * 17) * ratio);
  });
  const [first, last] = [peak.crossings[0], peak.crossings[peak.crossings.length - 1]];
  if (peak.fwhm !== null && first !== undefined && last !== undefined) {
    const y = Math.round(plot.valToPos((peak.max.y + peak.min.y) / 2, 'y', true)) + 0.5;
    const [from, to] = [plot.valToPos(first, 'x', true), plot.valToPos(last, 'x', true)];
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(from, y);
    ctx.lineTo(to, y);
    for (const end of [from, to]) { ctx.moveTo(end, y - 4 * ratio); ctx.lineTo(end, y + 4 * ratio); }
    ctx.stroke();
    label(`fwhm ${show(peak.fwhm)}`, to, y - 8 * ratio);
  }
  ctx.restore();

  /** Beside the line, on the side where there is room, on a ground of its own. */
  function label(text: string, x: number, y: number): void {
    const wide = ctx.measureText(text).width + 8 * ratio;
    const at = x + wide + 4 * ratio > left + width ? x - wide - 4 * ratio : x + 4 * ratio;
    ctx.fillStyle = colours.ground;
    ctx.fillRect(at, y, wide, 15 * ratio);
    ctx.fillStyle = colours.text;
    ctx.fillText(text, at + 4 * ratio, y + 2 * ratio);
  }
}
