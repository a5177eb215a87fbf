// Curves over a plot that are no series of it: a fit, or the same columns of earlier runs. Each has an x of its own.
import type uPlot from 'uplot';

export interface PlotCurve {
  readonly name: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Which of the series' colours, from 0. */
  readonly colour: number;
  /** A fit is a whole line; an earlier run is dashed. */
  readonly kind: 'fit' | 'run';
}

const dashes = [[7, 4], [2, 3], [9, 3, 2, 3], [4, 2]];

/** In the order of the runs, so that two of them can be told apart without colour. */
export function dashOf(index: number): readonly number[] { return dashes[index % dashes.length] ?? []; }

/** Draws them within the plot's area; called after the series are drawn. Points that are no numbers leave a gap. */
export function drawCurves(plot: uPlot, curves: readonly PlotCurve[], colourOf: (index: number) => string): void {
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  let runs = 0;
  for (const { x, y, colour, kind } of curves) {
    ctx.beginPath();
    let pen = false;
    for (let index = 0; index < x.length; index++) {
      const value = y[index] ?? NaN;
      if (!Number.isFinite(value) || !Number.isFinite(x[index])) { pen = false; continue; }
      const [across, down] = [plot.valToPos(x[index] ?? 0, 'x', true), plot.valToPos(value, 'y', true)];
      if (pen) ctx.lineTo(across, down);
      else ctx.moveTo(across, down);
      pen = true;
    }
    ctx.strokeStyle = colourOf(colour);
    ctx.lineWidth = (kind === 'fit' ? 2 : 1.25) * devicePixelRatio;
    ctx.globalAlpha = kind === 'fit' ? 1 : 0.8;
    ctx.setLineDash(kind === 'fit' ? [] : dashOf(runs++).map((dash) => dash * devicePixelRatio));
    ctx.stroke();
  }
  ctx.restore();
}
