// The canvas over the lines: curves of fits and other runs, and the marks of the peak. It is drawn again only where they or the axes change.
import type { PeakStatistics } from '@shared/compute';
import type uPlot from 'uplot';
import { drawPeak, type MarkColours } from './peakMarks';
import { drawCurves, type PlotCurve } from './plotCurves';

export interface Marks {
  readonly curves: readonly PlotCurve[];
  readonly peak: PeakStatistics | null;
  readonly formatX: (x: number) => string;
  /** Of series, in order. */
  readonly colours: readonly string[];
}

export class MarkLayer {
  readonly canvas = document.createElement('canvas');
  /** Of the peak's marks. */
  colours: MarkColours = { line: '', text: '', ground: '' };
  #drawn: readonly unknown[] = [];

  constructor() { Object.assign(this.canvas.style, { position: 'absolute', inset: '0', pointerEvents: 'none' }); }

  draw(plot: uPlot, { curves, peak, formatX, colours }: Marks): void {
    const { canvas } = this;
    const isEmpty = curves.length === 0 && peak === null;
    canvas.style.display = isEmpty ? 'none' : '';
    const { width, height } = plot.ctx.canvas;
    const scales = Object.values(plot.scales).flatMap(({ min, max, distr }) => [min, max, distr]);
    const wanted = [curves, peak, formatX, this.colours, width, height, devicePixelRatio, ...Object.values(plot.bbox), ...scales, ...colours];
    if (isEmpty || (wanted.length === this.#drawn.length && wanted.every((one, index) => one === this.#drawn[index]))) return;
    this.#drawn = wanted;
    Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d');
    if (!context) return;
    drawCurves(context, plot, curves, (index) => colours[index % colours.length] ?? '');
    if (peak) drawPeak(context, plot, peak, formatX, this.colours);
  }
}
