// Our Channel Access client against a real softIoc (EPICS base through epicscorelibs).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CaClient } from 'epics-ioc-connection';
import type { Channel, ChannelState, Disposable, MonitorOptions, Reading } from 'epics-ioc-connection';
import { startSoftIoc } from '../ioc/softIoc';
import type { SoftIoc } from '../ioc/softIoc';

let ioc: SoftIoc;
let client: CaClient;
const warnings: { code: string; message: string }[] = [];

beforeAll(async () => {
  ioc = await startSoftIoc({ many: 1000 });
  client = new CaClient({ environment: ioc.environment });
  client.onWarning((warning) => warnings.push(warning));
}, 60_000);
afterAll(async () => {
  await client.close();
  await ioc.kill();
});

async function until(condition: () => boolean, what: string, seconds = 10): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Not within ${seconds} s: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
}

function collect(channel: Channel, options: MonitorOptions = {}): { readings: Reading[]; stop: Disposable } {
  const readings: Reading[] = [];
  return { readings, stop: channel.monitor(options, (reading) => readings.push(reading)) };
}

describe('get', () => {
  it('reads value, alarm and time', async () => {
    const channel = client.channel('E2E:ai');
    const reading = await channel.get();
    expect(reading).toMatchObject({ type: 'DOUBLE', value: 2.25, count: 1, severity: 'NO_ALARM', status: 'NO_ALARM' });
    expect(Math.abs(reading.timestamp!.seconds - Date.now() / 1000)).toBeLessThan(120);
    expect(channel.info).toMatchObject({ name: 'E2E:ai', type: 'DOUBLE', count: 1, access: { read: true, write: true }, host: `127.0.0.1:${ioc.port}`, minorVersion: 13 });
    channel.close();
  });

  it('reads metadata by the CTRL type', async () => {
    const channel = client.channel('E2E:ao');
    expect((await channel.get({ metadata: true })).metadata).toEqual({
      units: 'mm', precision: 4, display: { low: -100, high: 100 }, control: { low: -1000, high: 1000 },
      warning: { low: -80, high: 80 }, alarm: { low: -90, high: 90 },
    });
    const units = client.channel('E2E:ai');
    expect((await units.get({ metadata: true })).metadata?.units).toBe('µm');
    const states = client.channel('E2E:mbbo');
    expect((await states.get({ metadata: true })).metadata).toEqual({ states: ['Idle', 'Busy', 'Fault'] });
    for (const each of [channel, units, states]) each.close();
  });

  it('reads strings formatted by the IOC', async () => {
    const channel = client.channel('E2E:ao');
    await channel.put(1.5, { wait: true });
    expect((await channel.get({ as: 'string' })).value).toBe('1.5000');
    channel.close();
  });

  it('says what to do when a name is not found', async () => {
    const channel = client.channel('E2E:no:such:name');
    await expect(channel.get({ timeout: 0.3 })).rejects.toMatchObject({
      code: 'TIMEOUT', message: '"E2E:no:such:name" was not found within 0.3 s. Check the name, that its IOC runs, and EPICS_CA_ADDR_LIST.',
    });
    channel.close();
  });

  it('stops waiting when the caller aborts', async () => {
    const channel = client.channel('E2E:no:such:name');
    const controller = new AbortController();
    const waiting = channel.whenConnected({ signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    channel.close();
  });
});

describe('put', () => {
  it.each([
    ['E2E:ao', -12.5, -12.5], ['E2E:long', 17, 17], ['E2E:bo', true, 1], ['E2E:string', 'été', 'été'], ['E2E:ao', '3.5', 3.5],
  ] as const)('%s <- %s', async (name, value, expected) => {
    const channel = client.channel(name);
    await channel.put(value, { wait: true });
    expect((await channel.get()).value).toBe(expected);
    channel.close();
  });

  it('without waiting, too', async () => {
    const channel = client.channel('E2E:long');
    const { readings, stop } = collect(channel);
    await channel.put(55);
    await until(() => readings.at(-1)?.value === 55, 'the value that was put');
    stop.dispose();
    channel.close();
  });

  it('writes enums by the name of the state, and refuses one that does not exist', async () => {
    const channel = client.channel('E2E:mbbo');
    await channel.put('Fault', { wait: true });
    expect(await channel.get()).toMatchObject({ type: 'ENUM', value: 2, severity: 'MAJOR', status: 'STATE' });
    expect((await channel.get({ as: 'string' })).value).toBe('Fault');
    await expect(channel.put('Nonsense', { wait: true })).rejects.toMatchObject({ code: 'PUT_FAILED' });
    await channel.put('Idle', { wait: true });
    channel.close();
  });

  it('waits for the completion of a put-callback', async () => {
    const channel = client.channel('E2E:slow');
    const done = client.channel('E2E:slow:done');
    await done.put(0, { wait: true });
    await channel.put(1, { wait: true });
    expect((await done.get()).value).toBe(1);
    for (const each of [channel, done]) each.close();
  });

  it('refuses a read-only PV', async () => {
    const channel = client.channel('E2E:readonly');
    expect((await channel.get()).value).toBe(3.25);
    expect(channel.info?.access).toEqual({ read: true, write: false });
    await expect(channel.put(1, { wait: true })).rejects.toMatchObject({ code: 'NO_WRITE_ACCESS' });
    channel.close();
  });

  it('hears when access changes', async () => {
    const guarded = client.channel('E2E:guarded');
    const access = client.channel('E2E:access');
    await guarded.whenConnected();
    const heard: boolean[] = [];
    guarded.onAccess(({ write }) => heard.push(write));
    await access.put('Denied', { wait: true });
    await until(() => heard.at(-1) === false, 'write access withdrawn');
    await expect(guarded.put(1)).rejects.toMatchObject({ code: 'NO_WRITE_ACCESS' });
    await access.put('Allowed', { wait: true });
    await until(() => heard.at(-1) === true, 'write access given back');
    await guarded.put(8, { wait: true });
    for (const each of [guarded, access]) each.close();
  });
});

describe('arrays', () => {
  it('1,000,000 doubles both ways', async () => {
    const channel = client.channel('E2E:doubles');
    const values = Float64Array.from({ length: 1_000_000 }, (_, i) => i / 7);
    await channel.put(values, { wait: true, timeout: 20 });
    const reading = await channel.get({ timeout: 20 });
    expect(reading.count).toBe(1_000_000);
    expect(Buffer.compare(Buffer.from((reading.value as Float64Array).buffer, (reading.value as Float64Array).byteOffset, 8_000_000), Buffer.from(values.buffer))).toBe(0);
    await channel.put([NaN, -Infinity, 0.1], { wait: true });
    expect((await channel.get()).value).toEqual(Float64Array.of(NaN, -Infinity, 0.1));
    channel.close();
  });

  it('shorts, strings, and a long string in a CHAR waveform', async () => {
    const shorts = client.channel('E2E:shorts');
    await shorts.put([1, -2, 32767], { wait: true });
    expect((await shorts.get()).value).toEqual(Int16Array.of(1, -2, 32767));
    await expect(shorts.put([40000])).rejects.toMatchObject({ code: 'BAD_TYPE' });
    await expect(shorts.put(new Int16Array(1001))).rejects.toMatchObject({ code: 'BAD_COUNT' });
    const strings = client.channel('E2E:strings');
    await strings.put(['one', 'two'], { wait: true });
    expect((await strings.get()).value).toEqual(['one', 'two']);
    const text = client.channel('E2E:text');
    const long = 'a long string '.repeat(20);
    await text.put(long, { wait: true });
    expect(Buffer.from((await text.get()).value as Uint8Array).toString()).toBe(`${long}\0`);
    for (const each of [shorts, strings, text]) each.close();
  });
});

describe('monitor', () => {
  it('follows a counter at 10 Hz without a gap', async () => {
    const channel = client.channel('E2E:counter');
    const { readings, stop } = collect(channel);
    await until(() => readings.length >= 6, 'six updates');
    const values = readings.map((reading) => reading.value as number);
    expect(values.slice(1).every((value, i) => value === values[i]! + 1)).toBe(true);
    stop.dispose();
    const count = readings.length;
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    expect(readings.length).toBe(count);
    channel.close();
  });

  it('tells alarms', async () => {
    const channel = client.channel('E2E:ao');
    const { readings, stop } = collect(channel, { mask: ['alarm'] });
    for (const value of [0, 85, 95, -95, 0]) await channel.put(value, { wait: true });
    await until(() => readings.at(-1)?.value === 0 && readings.length >= 4, 'the alarms');
    expect(readings.slice(-4).map(({ severity, status }) => `${severity} ${status}`)).toEqual(['MINOR HIGH', 'MAJOR HIHI', 'MAJOR LOLO', 'NO_ALARM NO_ALARM']);
    stop.dispose();
    channel.close();
  });

  it('shares one subscription, and gives a late comer the current value', async () => {
    const channel = client.channel('E2E:string');
    const first = collect(channel);
    await until(() => first.readings.length === 1, 'the first value');
    const second = collect(channel);
    await until(() => second.readings.length === 1, 'the value for the second');
    expect(second.readings[0]).toBe(first.readings[0]);
    first.stop.dispose();
    await channel.put('again', { wait: true });
    await until(() => second.readings.at(-1)?.value === 'again', 'the update');
    expect(first.readings.length).toBe(1);
    channel.close();
  });

  it('hears changed limits by DBE_PROPERTY', async () => {
    const channel = client.channel('E2E:ao');
    const limit = client.channel('E2E:ao.HOPR');
    const { readings } = collect(channel, { mask: ['property'], metadata: true });
    await until(() => readings.length === 1, 'the first metadata');
    await limit.put(50, { wait: true });
    await until(() => readings.at(-1)?.metadata?.display?.high === 50, 'the new limit');
    await limit.put(100, { wait: true });
    for (const each of [channel, limit]) each.close();
  });
});

it('1,000 channels share one circuit, and their 10 Hz counters come without a gap', async () => {
  const channels = Array.from({ length: 1000 }, (_, i) => client.channel(`E2E:many:${String(i).padStart(4, '0')}`));
  await Promise.all(channels.map((channel) => channel.whenConnected({ timeout: 20 })));
  expect(client.statistics).toMatchObject({ connected: 1000, circuits: 1 });
  const all = channels.map((channel) => collect(channel).readings);
  await until(() => all.every((readings) => readings.length >= 6), 'six updates of each');
  const gaps = all.filter((readings) => readings.slice(1).some((reading, i) => reading.value !== (readings[i]!.value as number) + 1));
  expect(gaps.length).toBe(0);
  expect((await Promise.all(channels.map((channel) => channel.get()))).length).toBe(1000);
  for (const channel of channels) channel.close();
});

describe('an IOC that is killed and comes back', () => {
  it('marks channels at once, and they live again within 5 s of its return', async () => {
    const counter = client.channel('E2E:counter');
    const slow = client.channel('E2E:slow');
    const states: ChannelState[] = [];
    counter.onState((state) => states.push(state));
    const { readings } = collect(counter);
    await until(() => readings.length > 0, 'the first value');
    await slow.whenConnected();
    const put = slow.put(1, { wait: true });
    const outcome = expect(put).rejects.toMatchObject({ code: 'PUT_OUTCOME_UNKNOWN' });
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    await ioc.kill();
    await until(() => !counter.connected, 'disconnected at once', 2);
    await outcome;
    await expect(counter.get({ timeout: 0.2 })).rejects.toMatchObject({ code: 'DISCONNECTED' });
    await new Promise((resolve) => { setTimeout(resolve, 3000); });
    const before = readings.length;
    await ioc.start();
    await until(() => readings.length > before, 'live again', 5);
    expect(states).toEqual(['connected', 'disconnected', 'connected']);
    expect(counter.state).toBe('connected');
    for (const each of [counter, slow]) each.close();
  }, 60_000);
});

it('has given no warning but the refused state', () => {
  expect(warnings.filter(({ code }) => code !== 'PUT_FAILED')).toEqual([]);
  expect(client.statistics).toMatchObject({ channels: 0, circuits: 0 });
});
