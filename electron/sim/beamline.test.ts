import { describe, expect, it } from 'vitest';
import { Beamline } from './beamline';
import { testBeamline, type TestBeamline } from './beamline.testing';
import { listSimulatedPvs } from './index';

/** A scan as an engine does it: move, wait for the put, read at once. */
async function scan(line: TestBeamline, motor: string, positions: number[], detector: string): Promise<number[]> {
  const readings: number[] = [];
  for (const position of positions) {
    const put = line.write(motor, position);
    while (!put.done) await line.pass(0.05);
    readings.push(line.number(detector));
  }
  return readings;
}

const steps = (start: number, stop: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => start + ((stop - start) * index) / (count - 1));

const centroid = (xs: number[], ys: number[]): number =>
  xs.reduce((sum, x, index) => sum + x * ys[index]!, 0) / ys.reduce((sum, y) => sum + y, 0);

/** FWHM by linear interpolation at half height. */
function width(xs: number[], ys: number[]): number {
  const half = Math.max(...ys) / 2;
  const crossings: number[] = [];
  for (let i = 1; i < xs.length; i++) {
    const [y0, y1] = [ys[i - 1]!, ys[i]!];
    if ((y0 < half) !== (y1 < half)) crossings.push(xs[i - 1]! + ((half - y0) / (y1 - y0)) * (xs[i]! - xs[i - 1]!));
  }
  expect(crossings).toHaveLength(2);
  return crossings[1]! - crossings[0]!;
}

describe('the simulated beamline', () => {
  it('shows the peak at 1.234 mm, 0.42 mm wide, in a scan of M1 as it starts', async () => {
    const line = testBeamline();
    const positions = steps(0, 2.5, 51);
    const readings = await scan(line, 'SIM:M1', positions, 'SIM:I1');
    expect(Math.abs(centroid(positions, readings) - 1.234)).toBeLessThan(0.01);
    expect(Math.abs(width(positions, readings) - 0.42)).toBeLessThan(0.01);
    expect(Math.max(...readings)).toBeGreaterThan(500_000);
    expect(readings[0]).toBeLessThan(100);
  }, 30_000);

  it('shows the peak at -0.567 mm in a scan of M2 on the spot', async () => {
    const line = testBeamline();
    await scan(line, 'SIM:M1', [1.234], 'SIM:I1');
    const positions = steps(-1.8, 0.7, 51);
    const readings = await scan(line, 'SIM:M2', positions, 'SIM:I1');
    expect(Math.abs(centroid(positions, readings) - -0.567)).toBeLessThan(0.01);
  }, 30_000);

  it('has its steepest rise at 7112 eV and a white line above, in fluorescence and absorption', async () => {
    const line = testBeamline();
    await scan(line, 'SIM:M1', [1.234], 'SIM:I1');
    const energies = steps(7080, 7160, 81);
    const fluorescence: number[] = [];
    const absorption: number[] = [];
    for (const energy of energies) {
      const i1 = (await scan(line, 'SIM:MONO:ENERGY', [energy], 'SIM:I1'))[0]!;
      const i0 = line.number('SIM:I0');
      fluorescence.push(i1 / i0);
      absorption.push(Math.log(i0 / line.number('SIM:I2')));
    }
    for (const curve of [fluorescence, absorption]) {
      const rises = energies.slice(1, -1).map((_, index) => curve[index + 2]! - curve[index]!);
      const edge = energies[rises.indexOf(Math.max(...rises)) + 1]!;
      expect(Math.abs(edge - 7112)).toBeLessThanOrEqual(1);
      const top = energies[curve.indexOf(Math.max(...curve))]!;
      expect(top).toBeGreaterThan(7120);
      expect(top).toBeLessThan(7136);
      expect(Math.max(...curve)).toBeGreaterThan(1.15 * curve.at(-1)!);
    }
  }, 30_000);

  it('repeats a run to the last count for the same seed, and only then', async () => {
    const positions = steps(1, 1.5, 6);
    const run = (seed: number): Promise<number[]> => scan(testBeamline(seed), 'SIM:M1', positions, 'SIM:I1');
    const first = await run(5);
    expect(await run(5)).toEqual(first);
    expect(await run(6)).not.toEqual(first);
  });

  it('posts the counters of a new position before DMOV and the put say that it is reached', async () => {
    const line = testBeamline();
    const order: string[] = [];
    const { records } = line.beamline;
    records.get('SIM:I1').onChange(() => order.push(`I1 at ${line.number('SIM:M1.RBV')}`));
    records.get('SIM:M1.DMOV').onChange(({ value }) => order.push(`DMOV ${String(value)}`));
    const put = line.write('SIM:M1', 1.234);
    void line.pass(0);
    while (!put.done) await line.pass(0.05);
    const done = order.indexOf('DMOV 1');
    expect(order[0]).toBe('DMOV 0');
    expect(order[done - 1]).toBe('I1 at 1.234');
  });

  it('posts a counter after each move, also when it counts the same again', async () => {
    const line = testBeamline();
    line.write('SIM:FE:SHUTTER', 0);
    await line.pass(1);
    const posted = line.watch('SIM:I1') as number[];
    for (let move = 0; move < 30; move++) {
      const before = posted.length;
      const put = line.write('SIM:M1', move * 0.001);
      while (!put.done) await line.pass(0.01);
      expect(posted.length).toBeGreaterThan(before);
    }
    expect(posted.some((value, index) => index > 0 && value === posted[index - 1])).toBe(true);
  });

  it('loses the beam with the shutter, the slits, the gap and the ring', async () => {
    const line = testBeamline();
    await line.pass(0.2);
    const full = line.number('SIM:I0');
    for (const [pv, away, back, least] of [
      ['SIM:FE:SHUTTER', 0, 1, 0.001], ['SIM:SLIT1:VGAP', 0.1, 1, 0.3], ['SIM:ID:GAP', 12, 9.1, 0.5], ['SIM:RING:MODE', 3, 0, 0.001],
    ] as const) {
      line.write(pv, away);
      await line.pass(3);
      expect(line.number('SIM:I0'), pv).toBeLessThan(least * full);
      line.write(pv, back);
      await line.pass(3);
      expect(Math.abs(line.number('SIM:I0') / full - 1), pv).toBeLessThan(0.03);
    }
  });

  it('refuses slit blades that would collide', () => {
    const line = testBeamline();
    expect(() => line.write('SIM:SLIT1:TOP', -1)).toThrow(/collide/);
  });

  it('moves gap and centre of the slits without changing the other', async () => {
    const line = testBeamline();
    line.write('SIM:SLIT1:VCENTER', 0.3);
    await line.pass(1);
    line.write('SIM:SLIT1:VGAP', 0.4);
    await line.pass(1);
    expect(line.number('SIM:SLIT1:TOP_RBV')).toBeCloseTo(0.5, 9);
    expect(line.number('SIM:SLIT1:BOTTOM_RBV')).toBeCloseTo(0.1, 9);
    expect(line.number('SIM:SLIT1:VCENTER')).toBeCloseTo(0.3, 9);
  });

  it('tops the ring up in a saw tooth', async () => {
    const line = testBeamline();
    const currents = line.watch('SIM:RING:CURRENT') as number[];
    line.beamline.clock.advance(300);
    expect(Math.min(...currents)).toBeGreaterThan(299.2);
    expect(Math.max(...currents)).toBeLessThan(300.1);
    const refills = currents.filter((current, index) => index > 0 && current - currents[index - 1]! > 0.5);
    expect(refills.length).toBeGreaterThanOrEqual(2);
    expect(refills.length).toBeLessThanOrEqual(4);
  });

  it('ramps the temperature and raises its alarms', async () => {
    const line = testBeamline();
    const { records } = line.beamline;
    line.write('SIM:TEMP1:RAMP', 600);
    line.write('SIM:TEMP1:SP', 350);
    line.beamline.clock.advance(10);
    expect(line.number('SIM:TEMP1:WSP')).toBeCloseTo(122, 6);
    expect(records.get('SIM:TEMP1').alarm.severity).toBe('NO_ALARM');
    line.beamline.clock.advance(80);
    expect(line.number('SIM:TEMP1')).toBeCloseTo(350, 0);
    expect(records.get('SIM:TEMP1').alarm).toEqual({ severity: 'MINOR', status: 'HIGH' });
    line.write('SIM:TEMP1:SP', 450);
    line.beamline.clock.advance(160);
    expect(records.get('SIM:TEMP1').alarm).toEqual({ severity: 'MAJOR', status: 'HIHI' });
    line.write('SIM:TEMP1:SP', -10);
    line.beamline.clock.advance(260);
    expect(records.get('SIM:TEMP1').alarm).toEqual({ severity: 'MINOR', status: 'LOW' });
    expect(() => line.write('SIM:TEMP1:SP', 1000)).toThrow(/takes -50 to 500/);
  });

  it('keeps the old put of the shutter pending for half a second', async () => {
    const line = testBeamline();
    const put = line.write('SIM:FE:SHUTTER', 0);
    expect(line.number('SIM:FE:SHUTTER_STATUS')).toBe(2);
    await line.pass(0.4);
    expect(put.done).toBe(false);
    await line.pass(0.2);
    expect(put.done).toBe(true);
    expect(line.number('SIM:FE:SHUTTER_STATUS')).toBe(0);
  });
});

describe('the list of simulated PVs', () => {
  const list = listSimulatedPvs();
  const byName = new Map(list.map((row) => [row.pv, row]));

  it('has what a beamline has, each with a description, each once', () => {
    for (const name of ['SIM:RING:CURRENT', 'SIM:FE:SHUTTER', 'SIM:ID:GAP_RBV', 'SIM:MONO:ANGLE', 'SIM:SLIT1:HCENTER', 'SIM:M8', 'SIM:M8.SPMG',
      'SIM:I2', 'SIM:SCALER1.S8', 'SIM:MCA1', 'SIM:DET1:image1:ArrayData', 'SIM:TEMP1:RAMP', 'SIM:TEST:ENUM16']) expect(byName.has(name), name).toBe(true);
    expect(new Set(list.map(({ pv }) => pv)).size).toBe(list.length);
    expect(list.filter(({ description }) => description.trim() === '')).toEqual([]);
    expect(list.every(({ pv }) => pv.startsWith('SIM:'))).toBe(true);
  });

  it('says type, count, units and what can be written', () => {
    expect(byName.get('SIM:M1')).toMatchObject({ type: 'DOUBLE', count: 1, units: 'mm', writable: true });
    expect(byName.get('SIM:M4')).toMatchObject({ units: 'deg' });
    expect(byName.get('SIM:TEST:READONLY')?.writable).toBe(false);
    expect(byName.get('SIM:TEST:WAVE_MILLION')).toMatchObject({ type: 'DOUBLE', count: 1_000_000 });
    expect(byName.get('SIM:DET1:image1:ArrayData')).toMatchObject({ type: 'SHORT', count: 1024 * 1024, units: 'counts' });
  });

  it('gives units that Channel Access can carry: 7 bytes, and state names of 25', () => {
    for (const { metadata, name } of new Beamline({ seed: 1 }).records.all()) {
      expect(Buffer.byteLength(metadata.units ?? ''), name).toBeLessThanOrEqual(7);
      for (const state of metadata.states ?? []) expect(Buffer.byteLength(state), name).toBeLessThanOrEqual(25);
    }
  });
});
