// pyepics (libca of EPICS base) and caproto as clients of our simulated beamline.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CaClient } from 'epics-ioc-connection';
import { listSimulatedPvs, startSimulation } from '../../electron/sim';
import { startSimulationFromSources, type RunningSimulation } from './simulation';

let simulation: RunningSimulation;

beforeAll(async () => {
  simulation = await startSimulationFromSources();
}, 120_000);
afterAll(() => simulation.stop());

describe('pyepics', () => {
  let seen: Record<string, unknown>;
  beforeAll(async () => {
    seen = await simulation.runClient('pyepics_client.py') as Record<string, unknown>;
  }, 120_000);

  it('gets a value with its units, precision and limits', () => {
    expect(seen['get']).toEqual({ value: 12.5, units: 'µm', precision: 3, upper_ctrl_limit: 100, lower_disp_limit: -100, severity: 0 });
  });
  it('reads every type, natively and as text', () => {
    expect(seen['types']).toMatchObject({
      STRING: ['time_string', 'Iron foil, 5 µm', 'Iron foil, 5 µm'], SHORT: ['time_short', -12345, '-12345'], FLOAT: ['time_float', 1.5, '1.500'],
      ENUM: ['time_enum', 1, 'In'], CHAR: ['time_char', 200, expect.any(String)], LONG: ['time_long', -1234567890, '-1234567890'],
      DOUBLE: ['time_double', Math.PI, '3.141593'],
    });
  });
  it('sees every severity', () => expect(seen['severities']).toEqual([0, 1, 2, 3]));
  it('writes enum states by name and number, and the beam follows', () => {
    expect(seen['enums']).toMatchObject({ states: ['Closed', 'Open'], before: 'Open', after: 'Open', sixteen: 16 });
    const { closed } = seen['enums'] as { closed: [number, string, string, number] };
    expect(closed.slice(0, 3)).toEqual([0, 'Closed', 'Closed']);
    expect(closed[3]).toBeLessThan(1000);
  });
  it('waits for a slow put', () => {
    const { seconds, ...rest } = seen['completion'] as { seconds: number };
    expect(rest).toEqual({ status: 1, value: 7.5 });
    expect(seconds).toBeGreaterThan(1.9);
  });
  it('monitors a counter without a gap, with stamps that are now', () => {
    expect(seen['monitor']).toMatchObject({ steps: [1], rising: true });
    expect((seen['monitor'] as { age: number }).age).toBeLessThan(60);
  });
  it('moves a motor, and is refused beyond its limits', () => {
    expect(seen['motor']).toMatchObject({ moved: 0, readback: 2.5, outside: 1, value: 2.5, violation: 1, severity: 2, units: 'mm', alias: 2.5 });
    const { done } = seen['motor'] as { done: number[] };
    expect(done.slice(0, 3)).toEqual([1, 0, 1]);
  });
  it('stops a motor on its way', () => {
    const { done, position, value } = seen['stop'] as { done: number; position: number; value: number };
    expect(done).toBe(1);
    expect(position).toBeGreaterThan(0);
    expect(position).toBeLessThan(170);
    expect(value).toBe(position);
  });
  it('carries 1,000,000 doubles both ways, and an empty array', () => {
    expect(seen['million']).toEqual({ count: 1_000_000, right: true, back: true });
    expect(seen['empty']).toBe(0);
  });
  it('cannot write what is read-only', () => {
    expect(seen['read_only']).toEqual({ access: 'read-only', outcome: expect.stringContaining('Write access denied') as string, value: 42 });
  });
  it('finds the peak at 1.234 mm in a scan', () => {
    const { centre, highest, lowest } = seen['scan'] as { centre: number; highest: number; lowest: number };
    expect(Math.abs(centre - 1.234)).toBeLessThan(0.01);
    expect(highest).toBeGreaterThan(1000 * Math.max(lowest, 1));
  });
  it('takes pictures with the area detector', () => {
    const { sum, total, ...rest } = seen['detector'] as { sum: number; total: number };
    expect(rest).toEqual({ taken: 2, pixels: 1024 * 1024 });
    expect(sum).toBe(total);
    expect(sum).toBeGreaterThan(1e6);
  });
});

describe('caproto', () => {
  let seen: Record<string, unknown>;
  beforeAll(async () => {
    seen = await simulation.runClient('caproto_client.py') as Record<string, unknown>;
  }, 120_000);

  it('gets, by value and by text, with metadata', () => {
    expect(seen['get']).toMatchObject({ units: 'mA', upper: 500 });
    expect(seen['enum']).toEqual({ states: ['Closed', 'Open'], text: 'Open' });
    expect(seen).toMatchObject({ nan: 'nan', units: '°C', string: 'Iron foil, 5 µm', alarm: 2 });
  });
  it('waits for a slow put and for a motor', () => {
    expect(seen['completion']).toMatchObject({ value: 3.5 });
    expect((seen['completion'] as { seconds: number }).seconds).toBeGreaterThan(1.9);
    expect(seen['motor']).toEqual({ readback: 7, value: 7 });
  });
  it('monitors a counter without a gap', () => expect(seen['monitor']).toEqual([1]));
  it('reads 1,000,000 doubles, and an empty array', () => {
    expect(seen['million']).toEqual({ count: 1_000_000, finite: true });
    expect(seen['empty']).toBe(0);
  });
  it('is refused a read-only PV and a text that is no number', () => {
    expect(seen['read_only']).toEqual({ outcome: 'ECA_NOWTACCESS', rights: 1, value: 42 });
    expect(seen['refused']).toBe('ECA_PUTFAIL');
  });
});

describe('a second simulation', () => {
  it('says so when its port is taken, and starts on one of its own', async () => {
    const { workerFile, caPort } = simulation;
    await expect(startSimulation({ workerFile, caPort })).rejects.toMatchObject({
      name: 'SimulationError', code: 'PORT_IN_USE', message: expect.stringContaining(`TCP port ${caPort} on 127.0.0.1 is in use`) as string,
    });
    const second = await startSimulation({ workerFile });
    expect(second.caPort).not.toBe(caPort);
    await second.stop();
    await second.stop();
  });
});

describe('our own client', () => {
  it('connects every PV of the list, with the type, count and right that the list names', async () => {
    const client = new CaClient({ addressList: [`127.0.0.1:${simulation.udpPort}`], autoAddressList: false, environment: {} });
    const list = listSimulatedPvs();
    expect(simulation.pvs).toBe(list.length);
    const found = await Promise.all(list.map(async ({ pv }) => {
      const { type, count, access } = await client.channel(pv).whenConnected({ timeout: 20 });
      return { pv, type, count, writable: access.write };
    }));
    expect(found).toEqual(list.map(({ pv, type, count, writable }) => ({ pv, type, count, writable })));
    await client.close();
  });
});
