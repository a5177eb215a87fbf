// The canvas of dense lines, over the plot's grid: while the axes stay as they are, only the columns that new points reach are drawn again.
import type uPlot from 'uplot';
import { DenseLine } from './denseLine';
import type { PlotColumn, PlotData } from './plotColumns';
import type { Range } from './stepRange';

/** A column that grows keeps its memory: these are the points from the first on that are as they were. */
export function samePoints(before: PlotColumn | undefined, now: PlotColumn): number {
  if (before?.values.buffer !== now.values.buffer || before.values.byteOffset !== now.values.byteOffset) return 0;
  return Math.min(before.settled ?? before.values.length, now.values.length);
}

export class DenseLayer {
  readonly canvas = document.createElement('canvas');
  #lines: DenseLine[] = [];
  #before: PlotData | null = null;
  /** What the drawing that stands there was made with, but for the points. */
  #drawn = '';
  #changed = 0;

  #shown = false;

  constructor() { Object.assign(this.canvas.style, { position: 'absolute', pointerEvents: 'none', display: 'none' }); }

  get shown(): boolean { return this.#shown; }
  set shown(shown: boolean) {
    if (shown !== this.#shown) this.canvas.style.display = shown ? '' : 'none';
    this.#shown = shown;
  }

  /** Takes in the points for an x axis of so many pixel columns. */
  take(data: PlotData, x: Range, columns: number, positive: boolean): void {
    const [min, max] = x;
    const [first] = this.#lines;
    const fits = this.#lines.length === data.ys.length && first?.positive === positive && first.scale.min === min && first.scale.max === max && first.scale.columns === columns;
    if (!fits) {
      this.#lines = data.ys.map(() => new DenseLine({ min, max, columns }, positive));
      this.#before = null;
      this.#changed = 0;
    }
    const same = samePoints(this.#before?.x, data.x);
    data.ys.forEach((column, index) => {
      const own = Math.min(same, samePoints(this.#before?.ys[index], column));
      this.#changed = Math.min(this.#changed, this.#lines[index]?.take(data.x.values, column.values, own) ?? 0);
    });
    this.#before = data;
  }

  /** Of all lines; null where no value is. */
  get extent(): Range | null {
    const known = this.#lines.flatMap((line) => line.extent ?? []);
    return known.length === 0 ? null : [Math.min(...known), Math.max(...known)];
  }

  draw(plot: uPlot, colours: readonly string[]): void {
    const { left, top } = plot.bbox;
    const [width, height] = [Math.round(plot.bbox.width), Math.round(plot.bbox.height)];
    const { min: xMin = 0, max: xMax = 1 } = plot.scales['x'] ?? {};
    const { min = 0, max = 1, distr } = plot.scales['y'] ?? {};
    const context = this.canvas.getContext('2d');
    if (!context) return;
    const drawn = [left, top, width, height, xMin, xMax, min, max, distr, devicePixelRatio, ...colours].join(' ');
    if (drawn !== this.#drawn) {
      this.#drawn = drawn;
      this.#changed = 0;
      this.#place(left, top, width, height);
    }
    const columns = this.#lines[0]?.scale.columns ?? 0;
    if (this.#changed > columns) return;
    const thick = 1.5 * devicePixelRatio;
    const scale = distr === 3 ? Math.log10 : (value: number) => value;
    const [low, perUnit] = [scale(min), height / (scale(max) - scale(min))];
    const down = (value: number) => height - (scale(value) - low) * perUnit;
    // Bars are wider than their column: what is drawn again begins where the last one that stays has its edge, and is cut off there.
    const reach = Math.ceil(thick);
    const from = this.#changed === 0 ? -reach : this.#changed - reach;
    context.save();
    context.beginPath();
    context.rect(from, 0, width - from + reach, height);
    context.clip();
    context.clearRect(from, 0, width - from + reach, height);
    context.lineWidth = thick;
    this.#lines.forEach((line, index) => {
      context.fillStyle = context.strokeStyle = colours[index % colours.length] ?? '';
      context.beginPath();
      line.paint(Math.max(from - reach, 0), {
        bar: (column, lowest, highest) => context.fillRect(column - thick / 2, down(highest) - thick / 2, thick, down(lowest) - down(highest) + thick),
        line: (fromColumn, fromValue, column, value) => {
          context.moveTo(fromColumn, down(fromValue));
          context.lineTo(column, down(value));
        },
      });
      context.stroke();
    });
    context.restore();
    this.#changed = columns + 1;
  }

  #place(left: number, top: number, width: number, height: number): void {
    const ratio = devicePixelRatio;
    Object.assign(this.canvas, { width, height });
    Object.assign(this.canvas.style, { left: `${left / ratio}px`, top: `${top / ratio}px`, width: `${width / ratio}px`, height: `${height / ratio}px` });
  }
}
