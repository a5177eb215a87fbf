// A line of more points than the plot has pixels: one bar a pixel column, which takes in new points and leaves alone what is drawn.
import type { Range } from './stepRange';

/** `columns`: pixel columns from `min` to `max`. */
export interface ColumnScale { readonly min: number; readonly max: number; readonly columns: number }

export interface BarPainter {
  /** From the lowest to the highest value of a column, and to the last one of its left neighbour. */
  bar(column: number, low: number, high: number): void;
  /** Where columns between two points have none. */
  line(fromColumn: number, fromValue: number, column: number, value: number): void;
}

export class DenseLine {
  #low: Float64Array;
  #high: Float64Array;
  #opening: Float64Array;
  #closing: Float64Array;
  /** The first point of each column; -1: it has none. */
  #start: Int32Array;
  /** 1: between the column's first point and the one before it no point is missing. */
  #joined: Uint8Array;
  #newest = -1;
  #taken = 0;

  /** `positive`: only values above 0 are points, as a logarithmic axis needs it. */
  constructor(readonly scale: ColumnScale, readonly positive: boolean) {
    const length = scale.columns + 1;
    [this.#low, this.#high, this.#opening, this.#closing] = [new Float64Array(length), new Float64Array(length), new Float64Array(length), new Float64Array(length)];
    this.#start = new Int32Array(length).fill(-1);
    this.#joined = new Uint8Array(length);
  }

  /**
   * The points as they are now, x ascending, those before `same` as they were the last time.
   * Gives the first column that may look different, one beyond the last where none does.
   */
  take(x: Float64Array, y: Float64Array, same: number): number {
    const length = Math.min(x.length, y.length);
    const { min, max, columns } = this.scale;
    const perUnit = max > min ? columns / (max - min) : 0;
    let changed = columns + 1;
    let index = Math.min(same, this.#taken, length);
    if (index < this.#taken) [changed, index] = this.#cut(index);
    this.#taken = length;
    for (; index < length; index++) {
      const value = y[index] ?? NaN;
      const at = x[index] ?? NaN;
      if (!this.#isPoint(at, value)) continue;
      const column = Math.min(Math.max(Math.round((at - min) * perUnit), this.#newest, 0), columns);
      // A line from the column before may go through empty ones.
      if (column < changed) changed = column === this.#newest ? column : this.#newest + 1;
      if (column === this.#newest) {
        if (value < (this.#low[column] ?? NaN)) this.#low[column] = value;
        else if (value > (this.#high[column] ?? NaN)) this.#high[column] = value;
      } else {
        this.#start[column] = index;
        this.#joined[column] = index > 0 && this.#isPoint(x[index - 1] ?? NaN, y[index - 1] ?? NaN) ? 1 : 0;
        this.#low[column] = this.#high[column] = this.#opening[column] = value;
        this.#newest = column;
      }
      this.#closing[column] = value;
    }
    return changed;
  }

  #isPoint(x: number, y: number): boolean { return Number.isFinite(x) && Number.isFinite(y) && (!this.positive || y > 0); }

  /** Takes out all columns from that of the point on: gives the first that looks different, and the point from which on they are to be taken in again. */
  #cut(index: number): [column: number, index: number] {
    let column = this.#newest;
    while (column >= 0 && ((this.#start[column] ?? -1) < 0 || (this.#start[column] ?? -1) > index)) column--;
    const first = Math.max(column, 0);
    const again = column < 0 ? 0 : this.#start[column] ?? 0;
    this.#start.fill(-1, first);
    this.#newest = this.#before(first);
    return [this.#newest + 1, again];
  }

  /** The nearest column to the left that has points, -1 where there is none. */
  #before(column: number): number {
    let before = column - 1;
    while (before >= 0 && (this.#start[before] ?? -1) < 0) before--;
    return before;
  }

  /** Paints the columns from this one on, from left to right, each joined to the one before. */
  paint(from: number, painter: BarPainter): void {
    let before = this.#before(from);
    for (let column = from; column <= this.#newest; column++) {
      if ((this.#start[column] ?? -1) < 0) continue;
      let [low, high] = [this.#low[column] ?? NaN, this.#high[column] ?? NaN];
      if (before >= 0 && this.#joined[column] === 1) {
        const closing = this.#closing[before] ?? NaN;
        if (before === column - 1) [low, high] = [Math.min(low, closing), Math.max(high, closing)];
        else painter.line(before, closing, column, this.#opening[column] ?? NaN);
      }
      painter.bar(column, low, high);
      before = column;
    }
  }

  /** Lowest and highest value; null where there is none. */
  get extent(): Range | null {
    let [low, high] = [Infinity, -Infinity];
    for (let column = 0; column <= this.#newest; column++) {
      if ((this.#start[column] ?? -1) < 0) continue;
      low = Math.min(low, this.#low[column] ?? NaN);
      high = Math.max(high, this.#high[column] ?? NaN);
    }
    return low <= high ? [low, high] : null;
  }
}
