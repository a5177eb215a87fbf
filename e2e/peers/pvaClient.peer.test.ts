// Our pvAccess client against a real softIoc with QSRV (pvAccessCPP) and against a p4p server (pvxs).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ntUri, PvaClient, updatedPaths } from 'epics-ioc-connection';
import type { ChannelState, PvaStatus, PvaStructure, Reading, StructureUpdate } from 'epics-ioc-connection';
import { TestCertificates } from '../../electron/epics-ioc-connection/src/tls/certificates.testing';
import { startSoftIoc } from '../ioc/softIoc';
import type { SoftIoc } from '../ioc/softIoc';
import { startP4pServer } from './p4pServer';
import type { P4pServer } from './p4pServer';

async function until(condition: () => boolean, what: string, seconds = 10): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Not within ${seconds} s: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
}

/** A client that has TLS, on a server that has none and never heard of it. */
async function fallsBack(environment: Readonly<Record<string, string>>, name: string): Promise<void> {
  const certificates = new TestCertificates();
  const keychain = certificates.keychain(null, [certificates.authority('EPICS root')]);
  const [client, strict] = [new PvaClient({ environment, tls: { keychain } }), new PvaClient({ environment, tls: { keychain, required: true } })];
  certificates.dispose();
  const channel = client.channel(name);
  await channel.get();
  expect(channel.info?.tls).toBe(null);
  await expect(strict.channel(name).get({ timeout: 1 })).rejects.toMatchObject({ code: 'TLS_FAILED', message: expect.stringContaining('offers no TLS, which this client requires') });
  await Promise.all([client.close(), strict.close()]);
}

describe('a softIoc with QSRV', () => {
  let ioc: SoftIoc;
  let client: PvaClient;
  const warnings: { code: string; message: string }[] = [];
  beforeAll(async () => {
    ioc = await startSoftIoc({ pva: true, many: 500 });
    client = new PvaClient({ environment: ioc.environment });
    client.onWarning((warning) => warnings.push(warning));
  }, 60_000);
  afterAll(async () => {
    await client.close();
    await ioc.kill();
  });

  it('get: value, alarm, time and what is known of the channel', async () => {
    const channel = client.channel('E2E:ai');
    const info = await channel.whenConnected();
    expect(info).toMatchObject({ name: 'E2E:ai', type: 'DOUBLE', count: 1, host: `127.0.0.1:${ioc.pvaPort}` });
    expect(info.guid).toMatch(/^[0-9a-f]{24}$/);
    const reading = await channel.get();
    expect(reading).toMatchObject({ type: 'DOUBLE', value: 2.25, count: 1, severity: 'NO_ALARM', status: 'NO_ALARM' });
    expect(Math.abs((reading.timestamp?.seconds ?? 0) - Date.now() / 1000)).toBeLessThan(120);
    channel.close();
  });

  it('is talked with by plain TCP by a client that has TLS, unless that requires it', () => fallsBack(ioc.environment, 'E2E:ai'));

  it('get: metadata', async () => {
    const channel = client.channel('E2E:ao');
    expect((await channel.get({ metadata: true })).metadata).toEqual({
      units: 'mm', precision: 4, display: { low: -100, high: 100 }, control: { low: -1000, high: 1000 }, warning: { low: -80, high: 80 }, alarm: { low: -90, high: 90 },
    });
    channel.close();
  });

  it.each([
    ['E2E:ao', -12.5, -12.5], ['E2E:long', 17, 17], ['E2E:bo', true, 1], ['E2E:bo', 'Closed', 0], ['E2E:string', 'été', 'été'], ['E2E:ao', '3.5', 3.5],
    ['E2E:shorts', [1, -2, 3], Int16Array.of(1, -2, 3)], ['E2E:strings', ['a', 'bc', ''], ['a', 'bc', '']], ['E2E:doubles', [1.5, NaN, -Infinity], Float64Array.of(1.5, NaN, -Infinity)],
  ] as const)('put %s <- %s', async (name, value, expected) => {
    const channel = client.channel(name);
    for (const wait of [true, false]) await channel.put(value, { wait });
    expect((await channel.get()).value).toEqual(expected);
    channel.close();
  });

  it('put: a put-callback ends when the record is done', async () => {
    const [slow, done] = [client.channel('E2E:slow'), client.channel('E2E:slow:done')];
    await done.put(0, { wait: true });
    await slow.put(1, { wait: true });
    expect((await done.get()).value).toBe(1);
    for (const channel of [slow, done]) channel.close();
  });

  it('put: an enum by its state, also in the reading', async () => {
    const channel = client.channel('E2E:mbbo');
    await channel.put('Fault', { wait: true });
    expect(await channel.get({ metadata: true })).toMatchObject({ type: 'ENUM', value: 2, severity: 'MAJOR', status: 'STATE', metadata: { states: ['Idle', 'Busy', 'Fault'] } });
    expect((await channel.get({ as: 'string' })).value).toBe('Fault');
    await expect(channel.put('Melted')).rejects.toMatchObject({ code: 'BAD_TYPE', message: '"E2E:mbbo" has no state "Melted": it has Idle, Busy, Fault.' });
    await channel.put(0);
    channel.close();
  });

  it('put: what a type cannot hold, and what the IOC refuses', async () => {
    const [long, readonly] = [client.channel('E2E:long'), client.channel('E2E:readonly')];
    await expect(long.put(1.5)).rejects.toMatchObject({ code: 'BAD_TYPE' });
    await expect(long.put('many')).rejects.toMatchObject({ code: 'BAD_TYPE' });
    await expect(readonly.put(1)).rejects.toMatchObject({ code: 'PUT_FAILED' });
    expect((await readonly.get()).value).toBe(3.25);
    for (const channel of [long, readonly]) channel.close();
  });

  it('alarm: severity and status of the record', async () => {
    const channel = client.channel('E2E:ao');
    const seen: Reading[] = [];
    const stop = channel.monitor({}, (reading) => seen.push(reading));
    for (const [value, severity, status] of [[95, 'MAJOR', 'HIHI'], [85, 'MINOR', 'HIGH'], [-95, 'MAJOR', 'LOLO'], [0, 'NO_ALARM', 'NO_ALARM']] as const) {
      await channel.put(value, { wait: true });
      await until(() => seen.at(-1)?.value === value, `an update with ${value}`);
      expect(seen.at(-1)).toMatchObject({ severity, status });
    }
    stop.dispose();
    channel.close();
  });

  it('array: 1,000,000 doubles there and back', async () => {
    const channel = client.channel('E2E:doubles');
    const wave = Float64Array.from({ length: 1_000_000 }, (_, i) => Math.sin(i / 1000) * i);
    await channel.put(wave, { timeout: 20 });
    const reading = await channel.get({ timeout: 20 });
    expect(reading.count).toBe(1_000_000);
    expect(Buffer.compare(Buffer.from((reading.value as Float64Array).buffer, (reading.value as Float64Array).byteOffset, 8e6), Buffer.from(wave.buffer))).toBe(0);
    channel.close();
  });

  it.each([['plain', false], ['with a pipeline', true]] as const)('monitor %s: every update in order', async (_name, pipeline) => {
    const channel = client.channel('E2E:counter');
    const seen: StructureUpdate[] = [];
    const stop = channel.monitorStructure({ request: 'field(value,timeStamp)', pipeline, queueSize: 3 }, (update) => seen.push(update));
    await until(() => seen.length >= 15, '15 updates');
    stop.dispose();
    const values = seen.map((update) => Number(update.value['value']));
    expect(values).toEqual(values.map((_, i) => (values[0] as number) + i));
    expect(updatedPaths(seen[0] as StructureUpdate)).toEqual(['']);
    expect(updatedPaths(seen[5] as StructureUpdate)).toContain('value');
    const count = seen.length;
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    expect(seen.length).toBe(count);
    channel.close();
  });

  it('monitor: metadata follows the IOC', async () => {
    const [channel, units] = [client.channel('E2E:ao'), client.channel('E2E:ao.EGU')];
    const seen: Reading[] = [];
    const stop = channel.monitor({ mask: ['property'], metadata: true }, (reading) => seen.push(reading));
    await until(() => seen.length > 0, 'the first');
    await channel.put(1.25, { wait: true });
    await units.put('µm', { wait: true });
    await until(() => seen.at(-1)?.metadata?.units === 'µm', 'the new unit');
    await units.put('mm', { wait: true });
    stop.dispose();
    for (const each of [channel, units]) each.close();
  });

  it('structures: a group PV, read, written in parts and monitored', async () => {
    const channel = client.channel('E2E:group');
    expect(await channel.fieldDescription()).toMatchObject({ kind: 'structure', id: 'epics:nt/E2EGroup:1.0' });
    expect(await channel.fieldDescription('y')).toMatchObject({ kind: 'structure', id: 'epics:nt/NTScalar:1.0' });
    const seen: StructureUpdate[] = [];
    const stop = channel.monitorStructure({}, (update) => seen.push(update));
    await channel.putStructure({ x: 5, y: { value: 6.5 } }, { wait: true });
    expect((await channel.getStructure()).value).toMatchObject({ x: 5, y: { value: 6.5 }, label: 'two axes' });
    expect((await channel.getStructure({ request: 'x' })).value).toMatchObject({ x: 5 });
    await until(() => seen.at(-1)?.value['x'] === 5, 'the update of x');
    await expect(channel.putStructure({ z: 1 })).rejects.toMatchObject({ code: 'BAD_TYPE', message: expect.stringContaining('There is no field "z"') });
    stop.dispose();
    channel.close();
  });

  it('refuses what QSRV has not, and says so', async () => {
    const channel = client.channel('E2E:ai');
    await expect(channel.putGetStructure({ value: 1 })).rejects.toMatchObject({ code: 'REQUEST_FAILED', message: expect.stringContaining('Not Implemented') });
    await expect(channel.rpc({ a: 1 })).rejects.toMatchObject({ code: 'REQUEST_FAILED' });
    await expect(channel.fieldDescription('nothing')).rejects.toMatchObject({ code: 'BAD_OPTION' });
    channel.close();
  });

  it('many at once: 500 channels connect, are read and monitored', async () => {
    const channels = Array.from({ length: 500 }, (_, i) => client.channel(`E2E:many:${String(i).padStart(4, '0')}`));
    const readings = await Promise.all(channels.map((channel) => channel.get({ timeout: 20 })));
    expect(readings.every((reading) => typeof reading.value === 'number')).toBe(true);
    const counts = channels.map(() => 0);
    const stops = channels.map((channel, i) => channel.monitor({}, () => { counts[i] = (counts[i] as number) + 1; }));
    await until(() => counts.every((count) => count >= 3), '3 updates of each', 20);
    for (const stop of stops) stop.dispose();
    for (const channel of channels) channel.close();
  });

  it('gets of one channel at once share no operation', async () => {
    const channel = client.channel('E2E:ai');
    const values = await Promise.all(Array.from({ length: 50 }, () => channel.get()));
    expect(values.map((reading) => reading.value)).toEqual(new Array(50).fill(2.25));
    channel.close();
  });

  it('says what to do when a name is not found', async () => {
    const channel = client.channel('E2E:no:such:name');
    await expect(channel.get({ timeout: 0.3 })).rejects.toMatchObject({
      code: 'TIMEOUT', message: '"E2E:no:such:name" was not found within 0.3 s. Check the name, that its server runs, and EPICS_PVA_ADDR_LIST.',
    });
    channel.close();
  });

  it('searches through a TCP name server', async () => {
    const other = new PvaClient({ environment: {}, addressList: [], autoAddressList: false, nameServers: [`127.0.0.1:${ioc.pvaPort}`] });
    const channel = other.channel('E2E:string');
    expect((await channel.get()).type).toBe('STRING');
    expect(other.statistics.circuits).toBe(1);
    await other.close();
  });

  it('reconnect: the IOC is killed and started again; the monitor goes on, the new GUID is known', async () => {
    const channel = client.channel('E2E:counter');
    const states: ChannelState[] = [];
    const seen: number[] = [];
    channel.onState((state) => states.push(state));
    channel.monitor({}, (reading) => seen.push(Number(reading.value)));
    await until(() => seen.length > 3, 'updates before');
    const guid = channel.info?.guid;
    await ioc.kill();
    await until(() => channel.state === 'disconnected', 'the disconnection');
    await expect(channel.get({ timeout: 0.2 })).rejects.toMatchObject({ code: 'DISCONNECTED' });
    const count = seen.length;
    await ioc.start();
    await until(() => seen.length > count + 3, 'updates after', 30);
    expect(states).toEqual(['connected', 'disconnected', 'connected']);
    expect(channel.info?.guid).not.toBe(guid);
    // Types are defined anew on the new connection, by whatever ids.
    expect((await client.channel('E2E:mbbo').get({ metadata: true })).metadata?.states).toEqual(['Idle', 'Busy', 'Fault']);
    channel.close();
  });

  it('had nothing to warn of but what was provoked', () => {
    expect(warnings.filter((warning) => warning.code !== 'SEARCH_FAILED')).toEqual([]);
  });
});

describe('a p4p server', () => {
  let server: P4pServer;
  let client: PvaClient;
  beforeAll(async () => {
    server = await startP4pServer();
    client = new PvaClient({ environment: server.environment });
  }, 60_000);
  afterAll(async () => {
    await client.close();
    await server.stop();
  });
  const get = async (name: string): Promise<PvaStructure> => {
    const channel = client.channel(name);
    const { value } = await channel.getStructure();
    channel.close();
    return value;
  };

  it.each([
    ['b', 'CHAR'], ['B', 'CHAR'], ['h', 'SHORT'], ['H', 'LONG'], ['i', 'LONG'], ['I', 'DOUBLE'], ['l', 'DOUBLE'], ['L', 'DOUBLE'], ['f', 'FLOAT'], ['d', 'DOUBLE'],
  ] as const)('scalar and array of type %s', async (code, type) => {
    const [scalar, array] = [client.channel(`P4P:scalar:${code}`), client.channel(`P4P:array:${code}`)];
    expect(await scalar.get()).toMatchObject({ type, value: 1 });
    await scalar.put(7);
    expect((await scalar.get()).value).toBe(7);
    expect(Array.from((await array.get()).value as Float64Array)).toEqual([1, 2, 3]);
    await array.put([4, 5]);
    expect(Array.from((await array.get()).value as Float64Array)).toEqual([4, 5]);
    for (const channel of [scalar, array]) channel.close();
  });

  it('is talked with by plain TCP by a client that has TLS, unless that requires it', () => fallsBack(server.environment, 'P4P:string'));

  it('64-bit values keep every bit', async () => {
    const channel = client.channel('P4P:scalar:L');
    await channel.putStructure({ value: 2n ** 64n - 1n });
    expect((await channel.getStructure()).value['value']).toBe(2n ** 64n - 1n);
    channel.close();
  });

  it('booleans, strings, string arrays, enums', async () => {
    const [bool, text, texts, choice] = ['P4P:bool', 'P4P:string', 'P4P:strings', 'P4P:enum'].map((name) => client.channel(name));
    expect(await bool?.get({ metadata: true })).toMatchObject({ type: 'ENUM', value: 1, metadata: { states: ['false', 'true'] } });
    await bool?.put(false);
    expect((await bool?.get())?.value).toBe(0);
    expect((await text?.get())?.value).toBe('hällo');
    expect((await texts?.get())?.value).toEqual(['a', '', 'c']);
    await choice?.put('Fault');
    expect(await choice?.get({ as: 'string' })).toMatchObject({ type: 'STRING', value: 'Fault' });
    for (const channel of [bool, text, texts, choice]) channel?.close();
  });

  it('metadata', async () => {
    const channel = client.channel('P4P:meta');
    expect((await channel.get({ metadata: true })).metadata).toMatchObject({ units: 'mm', display: { low: -1, high: 9 }, control: { low: -2, high: 8 } });
    channel.close();
  });

  it('NTTable, NTNDArray, unions, variants, arrays of structures', async () => {
    expect((await get('P4P:table'))['value']).toEqual({ x: Float64Array.of(1.5, 2.5), name: ['a', 'b'] });
    expect((await get('P4P:image'))['value']).toEqual({ member: 'ushortValue', value: Uint16Array.from({ length: 12 }, (_, i) => i) });
    expect(await get('P4P:odd')).toMatchObject({
      value: { field: { kind: 'scalar', type: 'double' }, value: 4.5 }, choice: { member: 'b', value: 'text' }, list: [{ n: 1 }, { n: 2 }],
      things: [{ value: 1 }, { value: 'two' }],
    });
    const channel = client.channel('P4P:image');
    expect(await channel.get({ count: 4 })).toMatchObject({ type: 'LONG', value: Int32Array.of(0, 1, 2, 3), count: 4 });
    channel.close();
  });

  it('a refused put gives the server\'s own words', async () => {
    const channel = client.channel('P4P:refusing');
    await expect(channel.put(2)).rejects.toMatchObject({ code: 'PUT_FAILED', message: 'The server refused to write "P4P:refusing": not today.' });
    channel.close();
  });

  it('RPC, also of a channel that has nothing else', async () => {
    for (const name of ['P4P:sum', 'P4P:sum:only']) {
      const channel = client.channel(name);
      const result = await channel.rpc(ntUri(name, { a: 1.5, b: 2 }));
      expect(result?.value).toMatchObject({ value: 3.5 });
      await expect(channel.rpc(ntUri(name, { b: 2 }))).rejects.toMatchObject({ code: 'REQUEST_FAILED', message: expect.stringContaining('a is missing') });
      channel.close();
    }
  });

  it('monitors with a pipeline of every size go on for ever', async () => {
    const channel = client.channel('P4P:counter');
    for (const queueSize of [2, 3, 4, 9]) {
      const seen: number[] = [];
      const stop = channel.monitorStructure({ pipeline: true, queueSize }, ({ value }) => seen.push(Number(value['value'])));
      await until(() => seen.length >= queueSize * 3 + 5, `updates with a queue of ${queueSize}`);
      stop.dispose();
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
    }
    channel.close();
  });

  it('the end of a PV ends its monitor, or its channel', async () => {
    const channel = client.channel('P4P:ending');
    const ends: PvaStatus[] = [];
    const states: ChannelState[] = [];
    channel.onState((state) => states.push(state));
    channel.monitorStructure({ pipeline: true, queueSize: 2, ended: (status) => ends.push(status) }, () => undefined);
    await until(() => channel.connected, 'connected');
    await channel.get();
    server.closePv();
    await until(() => ends.length > 0 || states.includes('disconnected'), 'the end');
    expect(await get('P4P:string')).toMatchObject({ value: 'hällo' });
    channel.close();
  });

  it('closing leaves nothing open', async () => {
    const own = new PvaClient({ environment: server.environment });
    const channels = Array.from({ length: 20 }, () => own.channel('P4P:string'));
    await Promise.all(channels.map((channel) => channel.get()));
    for (const channel of channels) channel.close();
    expect(own.statistics).toMatchObject({ channels: 0, connected: 0, circuits: 0 });
    await own.close();
  });
});
