// p4p (pvxs in C++) as a client of our simulated beamline's pvAccess server.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ntUri, PvaClient } from 'epics-ioc-connection';
import { listSimulatedPvs } from '../../electron/sim';
import { startSimulationFromSources, type RunningSimulation } from './simulation';

let simulation: RunningSimulation;
let seen: Record<string, unknown>;
beforeAll(async () => {
  simulation = await startSimulationFromSources();
  seen = await simulation.runClient('p4p_client.py') as Record<string, unknown>;
}, 240_000);
afterAll(() => simulation.stop());

describe('p4p', () => {
  it('gets a number with its units, precision and limits', () => {
    expect(seen['get']).toMatchObject({
      id: 'epics:nt/NTScalar:1.0', value: 12.5, alarm: { severity: 0, status: 0 },
      display: { limitLow: -100, limitHigh: 100, description: 'A number in µm', units: 'µm', precision: 3, form: { index: 0 } },
      control: { limitLow: -100, limitHigh: 100 }, valueAlarm: { active: false, lowAlarmLimit: 'nan' },
    });
  });
  it('reads every type', () => {
    expect(seen['types']).toEqual({
      STRING: ['epics:nt/NTScalar:1.0', 's', 'Iron foil, 5 µm'], SHORT: ['epics:nt/NTScalar:1.0', 'h', -12345], FLOAT: ['epics:nt/NTScalar:1.0', 'f', 1.5],
      ENUM: ['epics:nt/NTEnum:1.0', 'enum_t', { index: 1, choices: ['Out', 'In', 'Moving'] }], CHAR: ['epics:nt/NTScalar:1.0', 'B', 200],
      LONG: ['epics:nt/NTScalar:1.0', 'i', -1234567890], DOUBLE: ['epics:nt/NTScalar:1.0', 'd', Math.PI],
    });
    expect(seen['numbers']).toEqual(['nan', 'inf', '-inf']);
  });
  it('sees every severity, with the status as a text', () => {
    expect(seen['severities']).toEqual([[0, 0, 'NO_ALARM'], [1, 1, 'HIGH'], [2, 1, 'HIHI'], [3, 2, 'UDF']]);
  });
  it('writes enum states by name and number, and the beam follows', () => {
    expect(seen['enums']).toMatchObject({ before: 'Open', after: 'Open', sixteen: 16, refused: 'SIM:FE:SHUTTER has no state 7: it has Closed, Open.' });
    const { closed } = seen['enums'] as { closed: [number, string, number] };
    expect(closed.slice(0, 2)).toEqual([0, 'Closed']);
    expect(closed[2]).toBeLessThan(1000);
  });
  it('waits for a slow put where it wants to, and not otherwise', () => {
    const { waited, value, sent, before } = seen['completion'] as { waited: number; value: number; sent: number; before: number };
    expect([value, before]).toEqual([7.5, 7.5]);
    expect(waited).toBeGreaterThan(1.9);
    expect(sent).toBeLessThan(waited);
  });
  it('moves a motor, and the put ends with the move', () => {
    expect(seen['motor']).toEqual({ readback: 2.5, value: 2.5, done: [1, 0, 1], limits: [-10, 10], units: 'mm' });
  });
  it('monitors a counter without a gap, with and without a pipeline, with stamps that are now', () => {
    expect(seen['monitor']).toMatchObject({ steps: [1] });
    expect((seen['monitor'] as { age: number }).age).toBeLessThan(60);
    expect(seen['pipeline']).toMatchObject({ steps: [1] });
  });
  it('is told why it is refused', () => {
    expect(seen['refused']).toEqual({
      read_only: 'SIM:TEST:READONLY is read-only.', value: 42, outside: 'SIM:ID:GAP takes 6 to 40 mm, not 1000.', waiting: 'SIM:ID:GAP takes 6 to 40 mm, not 1000.',
      long: 'SIM:TEST:WAVE holds 1000 elements, not 1001.', no_rpc: 'SIM:TEST:UM answers no RPC.',
    });
  });
  it('carries waveforms, 1,000,000 doubles both ways, texts and an empty array', () => {
    expect(seen['arrays']).toMatchObject({ wave: [1000, 1], million: [1_000_000, true, 999_999], strings: ['Röntgen', '', 'x'.repeat(300)], empty: 0 });
    expect((seen['arrays'] as { text: string }).text).toContain('Röntgenabsorption');
  });
  it('takes pictures with the area detector, as NTNDArray', () => {
    const { sum, total, ...rest } = seen['camera'] as { sum: number; total: number };
    expect(rest).toEqual({ id: 'epics:nt/NTNDArray:1.0', ids: [1, 3], shape: [1024, 1024], type: 'int16', attributes: { ColorMode: 0, AcquireTime: 0.05 } });
    expect(sum).toBe(total);
    expect(sum).toBeGreaterThan(1e6);
  });
  it('asks the RPC services', () => {
    expect(seen['rpc']).toEqual({
      sum: 3.5, id: 'epics:nt/NTTable:1.0', labels: ['PV', 'Type', 'Elements', 'Units', 'Description', 'Writable'], pvs: expect.arrayContaining(['SIM:FE:SHUTTER']) as string[],
      refused: 'SIM:RPC:SUM adds two numbers a and b: a is missing.', get: 'SIM:RPC:SUM holds no value: it answers RPC only.',
    });
  });
  it('gets only the fields that it asks for, and several PVs at once', () => {
    expect(seen['fields']).toEqual(expect.arrayContaining(['value', 'alarm.severity']) as string[]);
    expect((seen['fields'] as string[]).filter((name) => name.startsWith('display') || name.startsWith('timeStamp'))).toEqual([]);
    expect(seen['many']).toEqual([true, 'TimeoutError', true]);
  });
});

describe('our own client', () => {
  it('connects every PV of the list with the type that the list names, scalars and arrays, the camera and the services', async () => {
    const client = new PvaClient({ addressList: [`127.0.0.1:${simulation.pvaBroadcastPort}`], autoAddressList: false, environment: {} });
    const list = listSimulatedPvs();
    const found = await Promise.all(list.map(async ({ pv }) => {
      const { type, value } = await client.channel(pv).get({ timeout: 20 });
      return { pv, type, many: typeof value === 'object' };
    }));
    expect(found).toEqual(list.map(({ pv, type, count }) => ({ pv, type, many: count > 1 })));
    const picture = await client.channel('SIM:DET1:Pva1:Image').getStructure({ timeout: 20 });
    expect(picture.value).toMatchObject({ dimension: [{ size: 1024 }, { size: 1024 }], compressedSize: 2 * 1024 * 1024 });
    expect(await client.channel('SIM:RPC:SUM').rpc(ntUri('SIM:RPC:SUM', { a: 1, b: 2 }), { timeout: 20 })).toMatchObject({ value: { value: 3 } });
    await client.close();
  });
});
