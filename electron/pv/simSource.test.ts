import { describe, expect, it } from 'vitest';
import { parseSim } from './simSource';

const half = () => 0.5;
const take = (text: string, n: number) => {
  const made = parseSim(text, half);
  return Array.from({ length: n }, (_, i) => made.next(i * made.period));
};

describe('sim:// functions', () => {
  it('ramp goes up by one and begins again', () => {
    expect(take('ramp(1, 3, 0.2)', 4)).toEqual([1, 2, 3, 1]);
    expect(take('ramp(0, 1, 0.5, 0.1)', 4)).toEqual([0, 0.5, 1, 0]);
    expect(take('ramp(0, 2, -1, 0.1)', 4)).toEqual([2, 1, 0, 2]);
    expect(take('ramp', 1)).toEqual([-5]);
    expect(parseSim('ramp(1, 10, 0.2)', half).period).toBe(0.2);
  });

  it('sine stays in its range, ten steps a turn', () => {
    const values = take('sine(0, 10, 1)', 11) as number[];
    expect(values[0]).toBeCloseTo(5, 12);
    expect(Math.max(...values)).toBeLessThanOrEqual(10);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(values[10]).toBeCloseTo(values[0] ?? 0, 9);
    expect((take('sine(0, 10, 4, 1)', 2) as number[])[1]).toBeCloseTo(10, 12);
  });

  it('noise, flipflop, strings, intermittent', () => {
    expect(take('noise(2, 4, 1)', 2)).toEqual([3, 3]);
    expect(take('flipflop(1)', 3)).toEqual([1, 0, 1]);
    expect(parseSim('flipflop', half).metadata.states).toEqual(['false', 'true']);
    expect(take('strings(3, 0.1)', 4)).toEqual(['A', 'AA', 'AAA', 'A']);
    expect(take('intermittent(1, 7)', 3)).toEqual([7, null, 7]);
  });

  it('waves have their size', () => {
    expect(take('sinewave(1, 10, 20, 0.1)', 1)[0]).toHaveLength(20);
    expect(take('noisewave(0, 1, 5, 1)', 1)[0]).toEqual(Float64Array.of(0.5, 0.5, 0.5, 0.5, 0.5));
    const wave = take('gaussianWave(1, 100, 100, 0.1)', 1)[0] as Float64Array;
    expect(wave.indexOf(1)).toBe(50);
    expect(Array.from(take('sawtooth(1, 4, 4, 0.1, 0, 4)', 1)[0] as Float64Array)).toEqual([0, 1, 2, 3]);
  });

  it('constants of each kind', () => {
    expect(take('const(42)', 1)).toEqual([42]);
    expect(take('const("Fred, and others")', 1)).toEqual(['Fred, and others']);
    expect(take('const(1, 2, 3)', 1)).toEqual([Float64Array.of(1, 2, 3)]);
    expect(parseSim('const<VEnum>(1, "A", "B")', half)).toMatchObject({ type: 'ENUM', metadata: { states: ['A', 'B'] } });
  });

  it.each([
    ['nothing(1)', /There is no sim:\/\/nothing/], ['sine(1, 2)', /no arguments or \(min, max, update_seconds\)/], ['ramp(a, 2, 3)', /"a" is not a number/],
    ['const("x)', /quotation mark/], ['sine(', /not a simulated PV/], ['noisewave(0, 1, 1e9, 1)', /at most/],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parseSim(text, half)).toThrow(message);
  });

  it('never updates faster than 100 times a second', () => {
    expect(parseSim('ramp(0, 1, 0)', half).period).toBe(0.01);
  });
});
