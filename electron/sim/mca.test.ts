import { describe, expect, it } from 'vitest';
import { testBeamline } from './beamline.testing';
import { spectrum } from './mca';

const near = (values: ArrayLike<number>, energy: number): number => {
  let sum = 0;
  for (let channel = Math.round(energy * 100) - 15; channel <= Math.round(energy * 100) + 15; channel++) sum += values[channel]!;
  return sum;
};

describe('the spectrum', () => {
  it('has iron lines only above the edge and only on the sample', () => {
    const ratio = (energy: number, thickness: number): number => near(spectrum(energy, thickness), 6.404) / near(spectrum(energy, 0), 4.8);
    expect(ratio(7200, 1)).toBeGreaterThan(1000);
    expect(ratio(7050, 1)).toBeLessThan(ratio(7200, 1) / 20);
    expect(ratio(7200, 0)).toBeLessThan(2);
  });

  it('erases, counts for the preset time, completes the put', async () => {
    const line = testBeamline();
    line.write('SIM:M1', 1.234);
    await line.pass(1);
    line.write('SIM:MCA1:PresetReal', 1);
    const put = line.write('SIM:MCA1:EraseStart', 1);
    expect(line.number('SIM:MCA1:Acquiring')).toBe(1);
    expect((line.get('SIM:MCA1') as Int32Array).every((count) => count === 0)).toBe(true);
    await line.pass(1.2);
    expect(put.done).toBe(true);
    expect(line.number('SIM:MCA1:Acquiring')).toBe(0);
    expect(line.number('SIM:MCA1.ERTM')).toBeCloseTo(1, 6);
    const counts = line.get('SIM:MCA1') as Int32Array;
    expect(counts).toHaveLength(2048);
    const strongest = counts.indexOf(Math.max(...counts));
    expect(Math.abs(strongest - 640)).toBeLessThanOrEqual(4);
  });

  it('counts without end for a preset of 0, until stopped', async () => {
    const line = testBeamline();
    line.write('SIM:MCA1.PRTM', 0);
    const put = line.write('SIM:MCA1.ERST', 1);
    await line.pass(20);
    expect(put.done).toBe(false);
    line.write('SIM:MCA1.STOP', 1);
    await line.pass(0.01);
    expect(put.done).toBe(true);
  });
});
