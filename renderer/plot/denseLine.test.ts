import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DenseLine, type ColumnScale } from './denseLine';
import { extent } from './stepRange';

const scale: ColumnScale = { min: 0, max: 100, columns: 40 };
const values = fc.oneof({ arbitrary: fc.double({ min: -50, max: 50, noNaN: true }), weight: 6 }, { arbitrary: fc.constantFrom(NaN, Infinity, 0), weight: 1 }).map((value) => value + 0);
const points = fc.array(fc.tuple(fc.oneof({ arbitrary: fc.double({ min: 0, max: 100, noNaN: true }), weight: 9 }, fc.constant(NaN)), values), { maxLength: 200 })
  .map((all) => all.sort(([a], [b]) => (Number.isNaN(a) || Number.isNaN(b) ? 0 : a - b)));
/** NaN among them keeps a sort from ordering the others: what a run gives is ascending but for those that are no numbers. */
const ascending = points.map((all) => {
  let highest = -Infinity;
  return all.filter(([x]) => Number.isNaN(x) || (x >= highest && (highest = x, true)));
});
const columnsOf = (all: readonly (readonly [number, number])[]) => ({ x: Float64Array.from(all, ([x]) => x), y: Float64Array.from(all, ([, y]) => y) });

function painted(line: DenseLine, from = 0): string[] {
  const strokes: string[] = [];
  line.paint(from, { bar: (...bar) => strokes.push(`bar ${bar.join(' ')}`), line: (...own) => strokes.push(`line ${own.join(' ')}`) });
  return strokes;
}

/** The same, without anything kept, point by point. */
function naive(x: Float64Array, y: Float64Array, positive: boolean): string[] {
  const strokes: string[] = [];
  const columns = new Map<number, { values: number[]; joined: boolean }>();
  let whole = false;
  x.forEach((at, index) => {
    const value = y[index] ?? NaN;
    if (!Number.isFinite(at) || !Number.isFinite(value) || (positive && value <= 0)) { whole = false; return; }
    const column = Math.round((at / 100) * 40);
    const known = columns.get(column);
    if (known) known.values.push(value);
    else columns.set(column, { values: [value], joined: whole });
    whole = true;
  });
  let before: [number, number] | null = null;
  for (const [column, { values: own, joined }] of columns) {
    const far = before !== null && before[0] < column - 1;
    if (before && joined && far) strokes.push(`line ${before[0]} ${before[1]} ${column} ${own[0]}`);
    const all = before && joined && !far ? [...own, before[1]] : own;
    strokes.push(`bar ${column} ${Math.min(...all)} ${Math.max(...all)}`);
    before = [column, own.at(-1) ?? NaN];
  }
  return strokes;
}

describe('a dense line', () => {
  it('is a bar a pixel column from lowest to highest, joined to the one before', () => {
    fc.assert(fc.property(ascending, fc.boolean(), (all, positive) => {
      const { x, y } = columnsOf(all);
      const line = new DenseLine(scale, positive);
      line.take(x, y, 0);
      expect(painted(line)).toEqual(naive(x, y, positive));
    }));
  });

  it('that grew in parts is the line that came whole, and says from where on it changed', () => {
    fc.assert(fc.property(ascending, fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 8 }), (all, steps) => {
      const line = new DenseLine(scale, false);
      let taken = 0;
      for (const step of [...steps, all.length]) {
        const before = painted(line);
        const end = Math.min(taken + step, all.length);
        const { x, y } = columnsOf(all.slice(0, end));
        const changed = line.take(x, y, taken);
        taken = end;
        const whole = new DenseLine(scale, false);
        whole.take(x, y, 0);
        expect(painted(line)).toEqual(painted(whole));
        const columnOf = (stroke: string) => Number(stroke.split(' ')[stroke.startsWith('bar') ? 1 : 3]);
        expect(painted(line).filter((stroke) => columnOf(stroke) < changed)).toEqual(before.filter((stroke) => columnOf(stroke) < changed));
        expect(painted(line, changed)).toEqual(painted(line).filter((stroke) => columnOf(stroke) >= changed));
      }
    }));
  });

  it('takes back points that are others now', () => {
    fc.assert(fc.property(ascending, ascending, fc.nat(200), (all, others, keep) => {
      const kept = all.slice(0, keep);
      const highest = Math.max(-Infinity, ...kept.map(([x]) => x).filter(Number.isFinite));
      const now = columnsOf([...kept, ...others.filter(([x]) => !(x < highest))]);
      const first = columnsOf(all);
      const [line, whole] = [new DenseLine(scale, false), new DenseLine(scale, false)];
      line.take(first.x, first.y, 0);
      line.take(now.x, now.y, kept.length);
      whole.take(now.x, now.y, 0);
      expect(painted(line)).toEqual(painted(whole));
      expect(line.extent).toEqual(whole.extent);
    }));
  });

  it('knows its extent, of a logarithmic axis that of the values above 0', () => {
    fc.assert(fc.property(ascending, fc.boolean(), (all, positive) => {
      const { x, y } = columnsOf(all.filter(([at]) => Number.isFinite(at)));
      const line = new DenseLine(scale, positive);
      line.take(x, y, 0);
      expect(line.extent).toEqual(extent([y], positive));
    }));
  });
});
