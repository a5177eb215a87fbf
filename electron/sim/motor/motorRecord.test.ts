import { describe, expect, it } from 'vitest';
import { testBeamline } from '../beamline.testing';

const alarmOf = (line: ReturnType<typeof testBeamline>, name: string) => line.beamline.records.get(name).alarm;

describe('the motor record', () => {
  it('moves, tells so, and completes the put at the end', async () => {
    const line = testBeamline();
    const done = line.watch('SIM:M1.DMOV');
    const readbacks = line.watch('SIM:M1.RBV');
    const put = line.write('SIM:M1', 5);
    expect(line.number('SIM:M1.DMOV')).toBe(0);
    expect(line.number('SIM:M1.MOVN')).toBe(1);
    expect(line.number('SIM:M1.TDIR')).toBe(1);
    await line.pass(0.5);
    expect(put.done).toBe(false);
    expect(line.number('SIM:M1.RBV')).toBeGreaterThan(1.5);
    expect(line.number('SIM:M1.RBV')).toBeLessThan(3);
    await line.pass(0.6);
    expect(put.done).toBe(true);
    expect(line.number('SIM:M1.RBV')).toBe(5);
    expect(line.number('SIM:M1.MOVN')).toBe(0);
    expect(done).toEqual([0, 1]);
    // 5 mm at 5 mm/s and 10 Hz.
    expect(readbacks.length).toBeGreaterThanOrEqual(10);
  });

  it('pulses DMOV for a move to where it is already', async () => {
    const line = testBeamline();
    const done = line.watch('SIM:M1.DMOV');
    const put = line.write('SIM:M1', 0);
    await line.pass(0.05);
    expect(put.done).toBe(true);
    expect(done).toEqual([0, 1]);
  });

  it.each([[10.1, 'HIGH'], [-10.1, 'LOW']] as const)('refuses %d mm, beyond its limits, with an alarm and without a move', async (target, status) => {
    const line = testBeamline();
    line.write('SIM:M1', 1);
    await line.pass(1);
    const done = line.watch('SIM:M1.DMOV');
    const put = line.write('SIM:M1', target);
    expect(put.done).toBe(true);
    await line.pass(1);
    expect(line.number('SIM:M1.VAL')).toBe(1);
    expect(line.number('SIM:M1.RBV')).toBe(1);
    expect(line.number('SIM:M1.LVIO')).toBe(1);
    expect(alarmOf(line, 'SIM:M1.VAL')).toEqual({ severity: 'MAJOR', status });
    expect(done).toEqual([]);
    line.write('SIM:M1', 2);
    await line.pass(1);
    expect(line.number('SIM:M1.LVIO')).toBe(0);
    expect(alarmOf(line, 'SIM:M1.VAL').severity).toBe('NO_ALARM');
    expect(line.number('SIM:M1.RBV')).toBe(2);
  });

  it('brakes on STOP, completes the put, and takes where it stands as VAL', async () => {
    const line = testBeamline();
    const put = line.write('SIM:M1', 10);
    await line.pass(1);
    const at = line.number('SIM:M1.RBV');
    line.write('SIM:M1.STOP', 1);
    await line.pass(0.2);
    expect(put.done).toBe(true);
    expect(line.number('SIM:M1.DMOV')).toBe(1);
    expect(line.number('SIM:M1.RBV')).toBeGreaterThan(at);
    expect(line.number('SIM:M1.RBV')).toBeLessThan(at + 0.7);
    expect(line.number('SIM:M1.VAL')).toBe(line.number('SIM:M1.RBV'));
    expect(line.number('SIM:M1.STOP')).toBe(0);
  });

  it('waits where it is when paused, its put not completed, and goes on', async () => {
    const line = testBeamline();
    const put = line.write('SIM:M1', 5);
    await line.pass(0.5);
    line.write('SIM:M1.SPMG', 1);
    await line.pass(2);
    const held = line.number('SIM:M1.RBV');
    expect(held).toBeLessThan(4);
    expect(line.number('SIM:M1.MOVN')).toBe(0);
    expect(put.done).toBe(false);
    line.write('SIM:M1.SPMG', 3);
    await line.pass(1.5);
    expect(line.number('SIM:M1.RBV')).toBe(5);
    expect(put.done).toBe(true);
  });

  it('gives a paused move up on STOP', async () => {
    const line = testBeamline();
    const put = line.write('SIM:M1', 5);
    await line.pass(0.5);
    line.write('SIM:M1.SPMG', 1);
    await line.pass(1);
    line.write('SIM:M1.STOP', 1);
    await line.pass(0.1);
    expect(put.done).toBe(true);
    expect(line.number('SIM:M1.DMOV')).toBe(1);
    expect(line.number('SIM:M1.VAL')).toBe(line.number('SIM:M1.RBV'));
  });

  it('does not move while stopped by SPMG, and then goes to VAL', async () => {
    const line = testBeamline();
    line.write('SIM:M1.SPMG', 0);
    const put = line.write('SIM:M1', 3);
    await line.pass(2);
    expect(put.done).toBe(true);
    expect(line.number('SIM:M1.RBV')).toBe(0);
    line.write('SIM:M1.SPMG', 3);
    await line.pass(2);
    expect(line.number('SIM:M1.RBV')).toBe(3);
  });

  it('turns round when written to in the middle of a move', async () => {
    const line = testBeamline();
    const first = line.write('SIM:M1', 8);
    await line.pass(0.6);
    const second = line.write('SIM:M1', -1);
    await line.pass(2);
    expect(line.number('SIM:M1.RBV')).toBe(-1);
    expect([first.done, second.done]).toEqual([true, true]);
  });

  it('takes twice as long at half the speed', async () => {
    const line = testBeamline();
    line.write('SIM:M1.VELO', 2.5);
    const put = line.write('SIM:M1', 5);
    await line.pass(1.9);
    expect(put.done).toBe(false);
    await line.pass(0.3);
    expect(put.done).toBe(true);
  });

  it('tweaks by TWV', async () => {
    const line = testBeamline();
    line.write('SIM:M1.TWV', 0.25);
    line.write('SIM:M1.TWF', 1);
    await line.pass(0.5);
    line.write('SIM:M1.TWF', 1);
    await line.pass(0.5);
    line.write('SIM:M1.TWR', 1);
    await line.pass(0.5);
    expect(line.number('SIM:M1.RBV')).toBe(0.25);
    expect(line.number('SIM:M1.TWF')).toBe(0);
  });

  it('stops at the limit switch when the soft limit allows more', async () => {
    const line = testBeamline();
    line.write('SIM:M1.HLM', 100);
    expect(line.beamline.records.get('SIM:M1.VAL').metadata.control).toEqual({ low: -10, high: 100 });
    line.write('SIM:M1', 50);
    await line.pass(5);
    expect(line.number('SIM:M1.RBV')).toBeCloseTo(10.4, 9);
    expect(line.number('SIM:M1.HLS')).toBe(1);
    expect(alarmOf(line, 'SIM:M1.RBV')).toEqual({ severity: 'MAJOR', status: 'HIGH' });
    line.write('SIM:M1', 0);
    await line.pass(5);
    expect(line.number('SIM:M1.HLS')).toBe(0);
    expect(alarmOf(line, 'SIM:M1.RBV').severity).toBe('NO_ALARM');
  });

  it('follows its units and precision in the metadata', () => {
    const line = testBeamline();
    line.write('SIM:M1.PREC', 2);
    line.write('SIM:M1.EGU', 'µm');
    expect(line.beamline.records.get('SIM:M1.RBV').metadata).toMatchObject({ units: 'µm', precision: 2, display: { low: -10, high: 10 } });
    for (const field of ['VELO', 'VBAS', 'VMAX']) expect(line.beamline.records.get(`SIM:M1.${field}`).metadata).toMatchObject({ units: 'µm/sec', precision: 2 });
  });

  it('refuses a speed that is none', () => {
    const line = testBeamline();
    expect(() => line.write('SIM:M1.VELO', 0)).toThrow(/SIM:M1.VELO takes/);
    expect(() => line.write('SIM:M1', NaN)).toThrow(/takes a number/);
  });
});
