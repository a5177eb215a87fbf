import { describe, expect, it } from 'vitest';
import { regrid } from './regrid';

const x = Float64Array.from({ length: 200 }, (_, i) => Math.sin(i * 0.7) * 3 + 0.01 * i);
const y = Float64Array.from({ length: 200 }, (_, i) => Math.cos(i * 1.3) * 2);
const value = x.map((at, i) => at * 2 + (y[i] ?? NaN));

describe('regrid', () => {
  it("gives what SciPy's binned_statistic_2d gives", () => {
    const grid = regrid({ x, y, value, columns: 5, rows: 4 });
    expect([...grid.points]).toEqual([13, 16, 12, 14, 13, 5, 6, 7, 1, 9, 8, 9, 7, 11, 6, 11, 16, 9, 15, 12]);
    const first = [-5.497403022335468, -2.96300039719372, 0.6947442428307373, 3.8389386325146297, 6.362315543470509];
    first.forEach((mean, column) => expect(grid.value[column]).toBeCloseTo(mean, 12));
    expect(grid.value[19]).toBeCloseTo(9.420503032907797, 12);
  });

  it('leaves a cell without points NaN, and takes points on one line', () => {
    const grid = regrid({ x: Float64Array.of(0, 1), y: Float64Array.of(5, 5), value: Float64Array.of(3, 4), columns: 3, rows: 1 });
    expect([...grid.value]).toEqual([3, NaN, 4]);
    expect([...grid.y]).toEqual([5]);
  });

  it('refuses columns of different lengths and a grid of no cells', () => {
    expect(() => regrid({ x, y, value: value.slice(1), columns: 2, rows: 2 })).toThrow(/200, 200 and 199/);
    expect(() => regrid({ x, y, value, columns: 0, rows: 2 })).toThrow(/columns and rows/);
  });
});
