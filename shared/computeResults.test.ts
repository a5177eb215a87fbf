import { describe, expect, it } from 'vitest';
import { presentResult, resultCsv } from './computeResults';

const stack = { twoTheta: Float64Array.of(10.5, 11.5, 12.5), intensity: Float64Array.of(1, 2, 3, 4, NaN, 6), frames: 2 };
const counts = { data: { label: 'run #1, camera', units: 'counts' } };

describe('presentResult', () => {
  it('gives the map of a stack its angles in degrees and its frames', () => {
    expect(presentResult('stackIntegration', stack, counts).map).toEqual({
      name: 'Intensity', units: 'counts', values: stack.intensity,
      x: { name: 'Two theta', units: '°', values: stack.twoTheta }, y: { name: 'Frame', units: '', values: Float64Array.of(0, 1) },
    });
  });

  it('gives a grid the middles of its cells in the units of its input', () => {
    const grid = { x: Float64Array.of(0.5, 1.5), y: Float64Array.of(-1), value: Float64Array.of(7, NaN), points: Float64Array.of(1, 0) };
    const units = { x: { label: '', units: 'mm' }, y: { label: '', units: 'um' }, value: { label: '', units: 'A' } };
    expect(presentResult('regrid', grid, units).map).toMatchObject({ units: 'A', x: { units: 'mm', values: grid.x }, y: { units: 'um', values: grid.y } });
  });

  it('puts a unit of several parts into brackets before it is squared, or divided by', () => {
    const fit = { parameters: { slope: { value: 1, error: 0.1 } }, curve: Float64Array.of(1), residual: 2, converged: true };
    const units = (y: string, x = '') => {
      const { numbers } = presentResult('peakFit', fit, { y: { label: '', units: y }, x: { label: '', units: x } });
      return ['slope', 'Residual, sum of squares'].map((name) => numbers.find((one) => one.name === name)?.units);
    };
    expect(units('cts/s', 'mm')).toEqual(['cts/s/mm', '(cts/s)²']);
    expect(units('counts', 'mm/s')).toEqual(['counts/(mm/s)', 'counts²']);
    expect(['mm²', 'a.u.', 'A m', 's-1', 'arb. units', '%', 'µA', '°'].map((y) => units(y)[1])).toEqual(['(mm²)²', '(a.u.)²', '(A m)²', '(s-1)²', '(arb. units)²', '%²', 'µA²', '°²']);
    expect(units('')).toEqual(['', '']);
    const spectrum = { frequency: Float64Array.of(0, 1), density: Float64Array.of(1, 2) };
    expect(presentResult('powerSpectrum', spectrum, { y: { label: '', units: 'cts/s' } }).curve?.ys[0]?.units).toBe('(cts/s)²/Hz');
  });
});

describe('resultCsv', () => {
  it('writes a map with the places of its columns and rows', () => {
    expect(resultCsv(presentResult('stackIntegration', stack, counts), { job: 'stackIntegration' }).trim().split('\n').slice(-4)).toEqual([
      '# Intensity (counts): a row of the map a line, after its place on the axis Frame; the places of the columns on the axis Two theta (°) are the first line',
      'Frame \\ Two theta (°),10.5,11.5,12.5', '0,1,2,3', '1,4,NaN,6',
    ]);
  });

  it('writes a curve as columns with their units, after its numbers', () => {
    const curve = { twoTheta: Float64Array.of(1, 2), intensity: Float64Array.of(3, 4), pixels: Float64Array.of(5, 6) };
    expect(resultCsv(presentResult('azimuthalIntegration', curve, counts), { job: 'a\nb' })).toBe('# job: a b\n# Bins: 2\n# Pixels: 11\nTwo theta (°),Intensity (counts)\n1,3\n2,4\n');
  });
});
