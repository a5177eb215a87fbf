import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PvState } from '@shared/pv';
import { CaSource } from './caSource';
import { LocSource } from './locSource';
import { MemoryClient } from './memoryClient.testing';
import { PvService } from './pvService';
import { SimSource } from './simSource';
import { WriteLog } from './writeLog';
import { Writer } from './writer';

let client: MemoryClient;
let service: PvService;
const tick = () => vi.advanceTimersByTimeAsync(0);

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  client = new MemoryClient();
  service = new PvService({ sim: new SimSource(() => 0.5), loc: new LocSource() }, new Writer(new WriteLog({ folder: null })));
  await service.useNetwork(new CaSource(client));
});
afterEach(async () => {
  await service.dispose();
  vi.useRealTimers();
});

function watched(pv: string): PvState[] {
  const states: PvState[] = [];
  service.watch(pv, (state) => states.push(state));
  return states;
}

describe('sharing', () => {
  it('opens one channel for all viewers, whichever way they spell it', async () => {
    client.serve('X', { value: 1 });
    const one = watched('X');
    const other = watched('ca://X');
    await tick();
    expect(client.channels).toHaveLength(1);
    expect(client.channels[0]?.monitors.size).toBe(2);
    expect(one.at(-1)).toMatchObject({ pv: 'X', value: 1 });
    expect(other.at(-1)).toMatchObject({ pv: 'ca://X', value: 1 });
  });

  it('tells the state first in a later tick, and nothing to who left before', async () => {
    const heard: unknown[] = [];
    service.watch('loc://x(1)', (state) => heard.push(state)).dispose();
    const states = watched('loc://x(1)');
    expect(states).toEqual([]);
    await tick();
    expect(states).toEqual([expect.objectContaining({ connection: 'connected', value: 1 })]);
    await expect(service.ready('loc://x')).resolves.toMatchObject({ value: 1 });
    expect(heard).toEqual([]);
  });

  it('lingers two seconds after the last viewer, so that a change of tab does not connect again', async () => {
    client.serve('X', { value: 1 });
    const watching = service.watch('X', () => undefined);
    await tick();
    watching.dispose();
    await vi.advanceTimersByTimeAsync(1900);
    expect(client.channels[0]?.state).toBe('connected');
    const again = service.watch('X', () => undefined);
    await vi.advanceTimersByTimeAsync(5000);
    expect(client.channels).toHaveLength(1);
    again.dispose();
    await vi.advanceTimersByTimeAsync(2001);
    expect(client.channels[0]?.state).toBe('closed');
    expect(service.peek('X')).toBeUndefined();
  });
});

describe('what is known of a PV', () => {
  it('has units, limits and states of the IOC, and follows them', async () => {
    client.serve('X', { value: 1, metadata: { units: 'mm', precision: 3, control: { low: 0, high: 5 } } });
    const states = watched('X');
    await tick();
    expect(states.at(-1)).toMatchObject({ connection: 'connected', value: 1, units: 'mm', precision: 3, type: 'DOUBLE', host: '10.0.0.1:5064', access: { write: true } });
    client.describe('X', { units: 'µm' });
    expect(states.at(-1)).toMatchObject({ units: 'µm', value: 1 });
    expect(states.at(-1)).not.toHaveProperty('control');
    expect(states.at(-1)).not.toHaveProperty('precision');
  });

  it('is stale at once when the IOC goes, with its value kept, and live only when a new value is there', async () => {
    client.serve('X', { value: 7 });
    const states = watched('X');
    await tick();
    await vi.advanceTimersByTimeAsync(500);
    client.drop('X');
    expect(states.at(-1)).toMatchObject({ connection: 'disconnected', value: 7, staleSince: 1_000_500 });
    await vi.advanceTimersByTimeAsync(9000);
    const before = states.length;
    client.serve('X', { value: 8 });
    const [connected] = states.slice(before);
    expect(connected).toMatchObject({ connection: 'connected', value: 7, staleSince: 1_000_500 });
    expect(states.at(-1)).toMatchObject({ connection: 'connected', value: 8, staleSince: null });
  });

  it('asks for the value where a reconnection brings none', async () => {
    client.serve('X', { value: 7 });
    const states = watched('X');
    await tick();
    const channel = client.channels[0];
    channel?.lose();
    // A circuit that was only silent: connected again without an event.
    const monitors = [...channel?.monitors ?? []];
    channel?.monitors.clear();
    channel?.connect();
    for (const monitor of monitors) channel?.monitors.add(monitor);
    expect(states.at(-1)?.staleSince).toBe(1_000_000);
    await vi.advanceTimersByTimeAsync(1001);
    expect(states.at(-1)).toMatchObject({ value: 7, staleSince: null });
  });

  it('does not copy large arrays', async () => {
    const image = new Uint16Array(1_000_000);
    client.serve('IMG', { value: image, type: 'SHORT', capacity: 1_000_000 });
    const states = watched('IMG');
    await tick();
    expect(states.at(-1)?.value).toBe(image);
  });

  it.each([
    ['pva://X', 'UNSUPPORTED', /there is no pvAccess client here/], ['=1+1', 'UNSUPPORTED', /not supported yet/],
    ['sim://nothing', 'INVALID_NAME', /There is no sim:\/\/nothing/], ['two words', 'INVALID_NAME', /is not the name of a PV/],
  ])('%s is invalid, with a reason', async (pv, code, message) => {
    const states = watched(pv);
    await tick();
    expect(states.at(-1)).toMatchObject({ pv, connection: 'invalid', value: null, error: { code, message: expect.stringMatching(message) as string } });
    await expect(service.read(pv)).rejects.toMatchObject({ code });
    await expect(service.ready(pv)).rejects.toMatchObject({ code: 'INVALID_NAME' });
  });

  it('counts what it received and what is down', async () => {
    client.serve('X', { value: 1 });
    watched('X');
    watched('gone');
    await tick();
    const { received } = service.statistics;
    client.post('X', 2);
    client.post('X', 3);
    expect(service.statistics).toEqual({ pvs: 2, disconnected: 1, connecting: 1, received: received + 2 });
  });
});

describe('requests', () => {
  it('ready waits for a value, and says what to check when none comes', async () => {
    const waiting = service.ready('X', { timeout: 2 });
    await vi.advanceTimersByTimeAsync(1000);
    client.serve('X', { value: 5 });
    await expect(waiting).resolves.toMatchObject({ value: 5 });
    const never = service.ready('gone', { timeout: 2 });
    const refused = expect(never).rejects.toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('gone gave no value within 2 s') as string });
    await vi.advanceTimersByTimeAsync(2000);
    await refused;
  });

  it('ready ends with its signal', async () => {
    const controller = new AbortController();
    const waiting = expect(service.ready('gone', { timeout: 60, signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    controller.abort();
    await waiting;
  });

  it('read brings value, time and metadata without a subscription', async () => {
    client.serve('X', { value: 1.5, metadata: { units: 'V' } });
    await expect(service.read('X')).resolves.toMatchObject({ value: 1.5, units: 'V', timestamp: { seconds: 1_700_000_000, nanoseconds: 5 }, type: 'DOUBLE', host: '10.0.0.1:5064' });
    expect(client.channels[0]?.monitors.size).toBe(0);
  });

  it('made before a profile is in use wait for it', async () => {
    const early = new PvService({}, new Writer(new WriteLog({ folder: null })));
    client.serve('X', { value: 5 });
    const reading = early.read('X', { timeout: 2 });
    const never = expect(early.read('X', { timeout: 0.5 })).rejects.toMatchObject({ code: 'DISCONNECTED', message: expect.stringContaining('no profile is in use yet') as string });
    await vi.advanceTimersByTimeAsync(500);
    await never;
    await early.useNetwork(new CaSource(client));
    await expect(reading).resolves.toMatchObject({ value: 5 });
    await early.dispose();
  });

  it('info says who else answered', async () => {
    client.serve('X', { value: 1 });
    const info = service.info('X');
    await vi.advanceTimersByTimeAsync(300);
    await expect(info).resolves.toMatchObject({ pv: 'X', protocol: 'ca', searchTime: 1.5, duplicates: ['10.0.0.2:5064'] });
  });
});

describe('a subscription of its own', () => {
  it('has its mask, tells events and connections apart, and nothing of access or metadata', async () => {
    client.serve('X', { value: 1, metadata: { units: 'mm' } });
    const heard: [string, PvState][] = [];
    const subscription = service.subscribe('X', ['log'], (state, what) => heard.push([what, state]));
    await tick();
    const channel = client.channels[0];
    expect([...channel?.monitors ?? []].map(({ options }) => options.mask)).toEqual([['property'], ['log']]);
    expect(heard.map(([what, { value }]) => [what, value])).toEqual([['connection', null], ['value', 1]]);
    expect(heard[1]?.[1]).toMatchObject({ pv: 'X', units: 'mm' });
    client.drop('X');
    channel?.tellAccess({ read: true, write: true });
    expect(heard.slice(2).map(([what, { connection }]) => [what, connection])).toEqual([['connection', 'disconnected']]);
    subscription.dispose();
    expect(channel?.state).toBe('closed');
  });
});

describe('another network', () => {
  it('takes all PVs over; nothing of the old one is kept', async () => {
    client.serve('X', { value: 1, metadata: { units: 'mm' } });
    const states = watched('X');
    await tick();
    const next = new MemoryClient();
    await service.useNetwork(new CaSource(next));
    expect(client.closed).toBe(true);
    expect(client.channels[0]?.state).toBe('closed');
    expect(states.at(-1)).toMatchObject({ connection: 'connecting', value: null, staleSince: null });
    expect(states.at(-1)).not.toHaveProperty('units');
    next.serve('X', { value: 2 });
    expect(states.at(-1)).toMatchObject({ connection: 'connected', value: 2 });
    const heard = states.length;
    client.channels[0]?.connect();
    expect(states).toHaveLength(heard);
  });
});

describe('local and simulated PVs', () => {
  it('shares a local value between windows, and keeps it', async () => {
    const states = watched('loc://position(3.5)');
    await tick();
    expect(states.at(-1)).toMatchObject({ connection: 'connected', value: 3.5, access: { write: true } });
    await service.write('loc://position', 4, { source: 'panel', user: 'ada' });
    expect(states.at(-1)).toMatchObject({ value: 4 });
    await expect(service.read('loc://position(3.5)')).resolves.toMatchObject({ value: 4 });
  });

  it('writes local enums by their states', async () => {
    const pv = 'loc://mode<VEnum>(0, "Off", "On")';
    await service.write(pv, 'On', { source: 'panel', user: 'ada' });
    await expect(service.read(pv)).resolves.toMatchObject({ value: 1, states: ['Off', 'On'] });
    await expect(service.write(pv, 'Up', { source: 'panel', user: 'ada' })).rejects.toMatchObject({ code: 'UNKNOWN_STATE' });
  });

  it('ticks simulated ones by their period, only while somebody looks', async () => {
    const values: unknown[] = [];
    const watching = service.watch('sim://ramp(1, 3, 1)', (state) => values.push(state.value));
    await vi.advanceTimersByTimeAsync(2000);
    expect(values.filter((value) => value !== null).slice(-3)).toEqual([1, 2, 3]);
    watching.dispose();
    await vi.advanceTimersByTimeAsync(2001);
    const heard = values.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(values).toHaveLength(heard);
    await expect(service.write('sim://sine', 1, { source: 'panel', user: 'ada' })).rejects.toMatchObject({ code: 'READ_ONLY' });
  });
});
