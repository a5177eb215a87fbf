// Curves over a plot that are no series of it: a fit, or the same columns of other runs. Each has an x of its own.
import type uPlot from 'uplot';

export interface PlotCurve {
  readonly name: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Which of the series' colours, from 0. */
  readonly colour: number;
  /** A fit is a whole line; another run is dashed. */
  readonly kind: 'fit' | 'run';
}

const dashes = [[7, 4], [2, 3], [9, 3, 2, 3], [4, 2]];

/** In the order of the runs, so that two of them can be told apart without colour. */
export function dashOf(index: number): readonly number[] { return dashes[index % dashes.length] ?? []; }

/** Places of a line to draw; `null` is a gap. */
export type Line = readonly ((readonly [x: number, y: number]) | null)[];

/**
 * At most the first, lowest, highest and last point of each pixel column, which looks the same as all of them.
 * `x` ascending; `pixelOf` gives the column of an x. Points that are no numbers leave a gap.
 */
export function thinned(x: Float64Array, y: Float64Array, pixelOf: (x: number) => number): Line {
  const line: ([number, number] | null)[] = [];
  let [first, lowest, highest, last, column] = [-1, -1, -1, -1, NaN];
  const end = (): void => {
    if (first < 0) return;
    for (const index of [...new Set([first, Math.min(lowest, highest), Math.max(lowest, highest), last])]) line.push([x[index] ?? NaN, y[index] ?? NaN]);
    first = -1;
  };
  for (let index = 0; index < x.length; index++) {
    const [at, value] = [x[index] ?? NaN, y[index] ?? NaN];
    if (!Number.isFinite(at) || !Number.isFinite(value)) {
      end();
      if (line.length > 0 && line[line.length - 1] !== null) line.push(null);
      continue;
    }
    const own = Math.round(pixelOf(at));
    if (first < 0 || own !== column) {
      end();
      [first, lowest, highest, column] = [index, index, index, own];
    } else if (value < (y[lowest] ?? NaN)) lowest = index;
    else if (value > (y[highest] ?? NaN)) highest = index;
    last = index;
  }
  end();
  return line;
}

/** Draws them within the plot's area. */
export function drawCurves(ctx: CanvasRenderingContext2D, plot: uPlot, curves: readonly PlotCurve[], colourOf: (index: number) => string): void {
  const { left, top, width, height } = plot.bbox;
  const { min = 0, max = 1 } = plot.scales['x'] ?? {};
  const pixelOf = (x: number) => left + ((x - min) / (max - min)) * width;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  let runs = 0;
  for (const { x, y, colour, kind } of curves) {
    ctx.beginPath();
    let pen = false;
    for (const place of thinned(x, y, pixelOf)) {
      if (place === null) { pen = false; continue; }
      const [across, down] = [pixelOf(place[0]), plot.valToPos(place[1], 'y', true)];
      if (!Number.isFinite(down)) { pen = false; continue; }
      if (pen) ctx.lineTo(across, down);
      else ctx.moveTo(across, down);
      pen = true;
    }
    ctx.strokeStyle = colourOf(colour);
    ctx.lineWidth = (kind === 'fit' ? 2 : 1.25) * devicePixelRatio;
    ctx.globalAlpha = kind === 'fit' ? 1 : 0.85;
    ctx.setLineDash(kind === 'fit' ? [] : dashOf(runs++).map((dash) => dash * devicePixelRatio));
    ctx.stroke();
  }
  ctx.restore();
}
