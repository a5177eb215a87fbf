import { describe, expect, it } from 'vitest';
import { testBeamline } from './beamline.testing';

describe('the scaler', () => {
  it('counts for its preset time and then completes the put', async () => {
    const line = testBeamline();
    line.write('SIM:SCALER1.TP', 2);
    const put = line.write('SIM:SCALER1.CNT', 1);
    await line.pass(1);
    expect(line.number('SIM:SCALER1.CNT')).toBe(1);
    expect(put.done).toBe(false);
    expect(line.number('SIM:SCALER1.T')).toBeCloseTo(1, 1);
    await line.pass(1.1);
    expect(put.done).toBe(true);
    expect(line.number('SIM:SCALER1.CNT')).toBe(0);
    expect(line.number('SIM:SCALER1.T')).toBeCloseTo(2, 9);
    expect(line.number('SIM:SCALER1.S1')).toBe(2e7);
    expect(line.number('SIM:SCALER1.S2') / (2 * line.number('SIM:I0'))).toBeCloseTo(1, 1);
  });

  it('ends early when told so', async () => {
    const line = testBeamline();
    const put = line.write('SIM:SCALER1.CNT', 1);
    await line.pass(0.35);
    line.write('SIM:SCALER1.CNT', 0);
    await line.pass(0.01);
    expect(put.done).toBe(true);
    const counts = line.number('SIM:SCALER1.S2');
    await line.pass(2);
    expect(line.number('SIM:SCALER1.S2')).toBe(counts);
  });

  it('counts by itself only with AutoCount', async () => {
    const line = testBeamline();
    await line.pass(1);
    expect(line.number('SIM:SCALER1.S2')).toBe(0);
    line.write('SIM:SCALER1.CONT', 1);
    await line.pass(1.5);
    expect(line.number('SIM:SCALER1.S2')).toBeGreaterThan(0);
    expect(line.number('SIM:SCALER1.CNT')).toBe(0);
  });

  it('refuses a preset that is no time', () => {
    expect(() => testBeamline().write('SIM:SCALER1.TP', 0)).toThrow(/SIM:SCALER1.TP takes/);
  });
});
