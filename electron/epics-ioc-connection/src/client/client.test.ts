// The one client against our own servers on loopback: the same words for both protocols.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DiagnosticEvent, Sample, ServerPv } from '../index';
import { CaServer, Client, PvaServer, ServerGroup } from '../index';

let servers: ServerGroup;
let ca: CaServer;
let pva: PvaServer;
let client: Client;
const pvs: Record<string, ServerPv> = {};

beforeAll(async () => {
  ca = new CaServer();
  pva = new PvaServer();
  servers = new ServerGroup([ca, pva]);
  const metadata = { units: 'mm', precision: 3, display: { low: -5, high: 5 }, control: { low: -4, high: 4 }, warning: { low: -2, high: 2 }, alarm: { low: -3, high: 3 } };
  const stored = (name: string, options: Parameters<ServerGroup['add']>[1]): void => {
    const pv: ServerPv = servers.add(name, { ...options, onWrite: ({ value }) => pv.update({ value }) });
    pvs[name] = pv;
  };
  stored('X', { type: 'DOUBLE', initial: 1.5, metadata, severity: 'MINOR', status: 'HIGH' });
  stored('ENUM', { type: 'ENUM', initial: 1, metadata: { states: ['Closed', 'Open'] } });
  stored('WAVE', { type: 'LONG', count: 10, initial: new Int32Array([1, 2, 3]) });
  servers.add('SECRET', { type: 'DOUBLE', initial: 1, access: () => ({ read: false, write: false }) });
  stored('TEXT', { type: 'STRING', initial: 'hello' });
  await servers.listen();
  client = makeClient();
});
afterAll(async () => {
  await client.close();
  await servers.close();
});

function makeClient(): Client {
  return new Client({
    environment: {}, timeout: 3,
    ca: { addressList: [`127.0.0.1:${ca.udpPort}`], autoAddressList: false }, pva: { addressList: [`127.0.0.1:${pva.udpPort}`], autoAddressList: false },
  });
}

async function take(stream: AsyncIterable<Sample>, count: number): Promise<Sample[]> {
  const taken: Sample[] = [];
  for await (const sample of stream) {
    taken.push(sample);
    if (taken.length === count) break;
  }
  return taken;
}
const coded = (code: string) => expect.objectContaining({ code }) as unknown;

describe.each(['ca', 'pva'] as const)('%s://', (protocol) => {
  it('get has value, alarm, time, display and control in one', async () => {
    using channel = client.channel(`${protocol}://X`);
    const sample = await channel.get();
    expect(sample).toMatchObject({
      pv: 'X', protocol, value: 1.5, type: 'DOUBLE', count: 1, alarm: { severity: 'MINOR', status: 'HIGH', message: 'HIGH' },
      display: { units: 'mm', precision: 3, limits: { low: -5, high: 5 }, warning: { low: -2, high: 2 }, alarm: { low: -3, high: 3 } },
      control: { low: -4, high: 4 }, enum: null,
    });
    expect(sample.timestamp!.seconds).toBeGreaterThan(1.7e9);
    expect((await channel.get({ metadata: false })).display).toBeNull();
    expect(await channel.info()).toMatchObject({ name: 'X', type: 'DOUBLE', count: 1 });
    // The third time too, when the metadata is followed.
    expect(await channel.get()).toMatchObject({ value: 1.5, display: { units: 'mm' } });
  });

  it('an enum has its index, its state and its states', async () => {
    using channel = client.channel(`${protocol}://ENUM`);
    expect(await channel.get()).toMatchObject({ value: 1, enum: { index: 1, choice: 'Open', choices: ['Closed', 'Open'] } });
    expect(await channel.get({ as: 'string' })).toMatchObject({ value: 'Open', enum: { index: 1, choice: 'Open' } });
    await channel.put('Closed', { wait: true });
    expect((await channel.get()).enum).toMatchObject({ index: 0, choice: 'Closed' });
    await channel.put('Open', { wait: true });
  });

  it('arrays and texts come as they are', async () => {
    using wave = client.channel(`${protocol}://WAVE`);
    await wave.put([4, 5], { wait: true });
    expect(await wave.get()).toMatchObject({ value: Int32Array.of(4, 5), count: 2 });
    using text = client.channel(`${protocol}://TEXT`);
    expect(await text.get()).toMatchObject({ value: 'hello', type: 'STRING', enum: null });
  });

  it('a loop over a monitor gets the value and its changes, and ends the subscription with the loop', async () => {
    using channel = client.channel(`${protocol}://X`);
    const first = channel.monitor();
    const values: unknown[] = [];
    for await (const sample of first) {
      values.push([sample.value, sample.display?.units]);
      if (values.length === 3) break;
      pvs['X']!.update({ value: values.length });
    }
    expect(values).toEqual([[1.5, 'mm'], [1, 'mm'], [2, 'mm']]);
    expect(first.ended).toBe(true);
    pvs['X']!.update({ value: 1.5 });
  });

  it('a change of units is an update of its own', async () => {
    using channel = client.channel(`${protocol}://X`);
    const monitor = channel.monitor();
    expect((await monitor.next()).value).toMatchObject({ value: 1.5, display: { units: 'mm' } });
    pvs['X']!.update({ metadata: { ...pvs['X']!.state.metadata, units: 'um' } });
    expect((await monitor.next()).value).toMatchObject({ value: 1.5, display: { units: 'um' } });
    monitor.dispose();
    pvs['X']!.update({ metadata: { ...pvs['X']!.state.metadata, units: 'mm' } });
  });

  it('a reader that is slow gets the newest and is told how many it missed', async () => {
    using channel = client.channel(`${protocol}://WAVE`);
    const heard: unknown[] = [];
    using counting = channel.monitor({ metadata: false }, (sample) => heard.push((sample.value as Int32Array)[0]));
    const slow = channel.monitor({ metadata: false, bufferSize: 2 });
    await slow.next();
    for (let value = 1; value <= 40; value += 1) {
      pvs['WAVE']!.update({ value: Int32Array.of(value) });
      await waitFor(() => heard.at(-1) === value || heard.length > 500);
    }
    expect(slow.waiting).toBe(2);
    const rest = await take(slow, 2);
    expect(rest.map(({ value }) => (value as Int32Array)[0])).toEqual([39, 40]);
    expect(slow.dropped).toBe(38);
    expect(counting).toBeDefined();
  });

  it('abort ends get, put and monitor, and time limits end what never comes', async () => {
    using nothing = client.channel(`${protocol}://NOT:THERE`);
    const controller = new AbortController();
    const { signal } = controller;
    const waiting = [nothing.get({ signal }), nothing.put(1, { signal }), nothing.monitor({ signal }).next(), nothing.info({ signal })];
    controller.abort();
    for (const each of waiting) await expect(each).rejects.toEqual(coded('ABORTED'));
    await expect(nothing.get({ timeout: 0.05 })).rejects.toEqual(coded('TIMEOUT'));
    await expect(nothing.monitor({ timeout: 0.05 }).next()).rejects.toEqual(coded('TIMEOUT'));
    expect(() => nothing.monitor({ signal }).dispose()).not.toThrow();
  });

  it('what is no value is refused at once, and nothing is written', async () => {
    for (const [name, values] of [['X', [undefined, null, { value: 3 }, 10n, new Date(), new Map(), new ArrayBuffer(8), () => 1, {}]], ['WAVE', [[1, null, undefined], [1, {}]]], ['TEXT', [undefined, { text: 'a' }]]] as const) {
      using channel = client.channel(`${protocol}://${name}`);
      const before = (await channel.get()).value;
      for (const value of values) for (const wait of [true, false]) await expect(channel.put(value as never, { wait })).rejects.toMatchObject({ code: 'BAD_TYPE', message: expect.stringContaining(`"${name}" takes`) as string });
      expect((await channel.get()).value).toEqual(before);
    }
  });

  it('a state that an enum has not is refused with those that it has', async () => {
    using channel = client.channel(`${protocol}://ENUM`);
    // An index as a text is a state; why else it is refused is the server's to say.
    await channel.put('0', { wait: true });
    await channel.put('Open', { wait: true });
    await expect(channel.put('Opne', { wait: true })).rejects.toMatchObject({ code: 'BAD_TYPE', message: '"ENUM" has no state "Opne": it has Closed, Open.' });
  });

  it('a loop over what may not be read, or is not read any more, ends with an error', async () => {
    using channel = client.channel(`${protocol}://SECRET`);
    const refused = { code: protocol === 'ca' ? 'NO_READ_ACCESS' : 'REQUEST_FAILED', message: expect.stringContaining('"SECRET"') as string };
    await expect(take(channel.monitor({ timeout: 3 }), 1)).rejects.toMatchObject(refused);
    // Once it is connected too.
    await expect(take(channel.monitor({ timeout: 3 }), 1)).rejects.toMatchObject(refused);
  });

  it('a time limit that is none is refused; 0 and undefined are the client\'s own', async () => {
    using channel = client.channel(`${protocol}://X`);
    for (const timeout of [-1, NaN, 'abc' as unknown as number]) {
      for (const call of [() => channel.get({ timeout }), () => channel.put(1, { timeout }), () => channel.info({ timeout })]) await expect(call()).rejects.toMatchObject({ code: 'BAD_OPTION' });
      expect(() => channel.monitor({ timeout })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    }
    const hasty = new Client({ environment: {}, timeout: 0.05, ca: { addressList: [`127.0.0.1:${ca.udpPort}`], autoAddressList: false }, pva: { addressList: [`127.0.0.1:${pva.udpPort}`], autoAddressList: false } });
    for (const timeout of [undefined, 0]) await expect(hasty.channel(`${protocol}://NOBODY`).get({ timeout } as { timeout: number })).rejects.toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('0.05 s') as string });
    await hasty.close();
  });

  it('what is asked of a closed channel is told that it is closed', async () => {
    const channel = client.channel(`${protocol}://X`);
    await channel.get();
    channel.close();
    for (const call of [() => channel.get(), () => channel.put(1), () => channel.info()]) await expect(call()).rejects.toMatchObject({ code: 'CLOSED', message: '"X" is closed: make a new channel of it.' });
    expect(() => channel.monitor({})).toThrow('"X" is closed: make a new channel of it.');
  });

  it('an option that there is not is refused, with those that there are', () => {
    expect(() => new Client({ addressList: ['127.0.0.1'] } as never)).toThrow(/no option addressList\. It has defaultProtocol, environment, ca, pva, timeout; .* \{ ca: \{ addressList/);
    expect(() => new Client({ defaultProtocol: 'tcp' as never })).toThrow('The default protocol is ca or pva, not tcp.');
    using channel = client.channel(`${protocol}://X`);
    expect(() => channel.monitor({ bufferSize: NaN })).toThrow(/buffer of NaN/);
    if (protocol === 'pva') return;
    const signal = { addEventListener: vi.fn(), removeEventListener: vi.fn(), aborted: false } as unknown as AbortSignal;
    expect(() => channel.monitor({ mask: ['VALUE' as never], timeout: 900, signal })).toThrow(/no updates of "VALUE": a mask is of value, log/);
    expect(signal.addEventListener).not.toHaveBeenCalled();
  });

  it('a list of addresses that is none is told, with what one is', () => {
    const wrong = new Client({ environment: {}, [protocol]: { addressList: '127.0.0.1' as unknown as string[] } });
    expect(() => wrong.channel(`${protocol}://X`)).toThrow(expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining("array of texts, for example ['192.168.1.255:5064'], not the text \"127.0.0.1\"") as string }));
  });

  it('closing a channel ends its loops with CLOSED', async () => {
    const channel = client.channel(`${protocol}://X`);
    const monitor = channel.monitor();
    await monitor.next();
    const next = monitor.next();
    channel.close();
    await expect(next).rejects.toEqual(coded('CLOSED'));
    expect(await monitor.next()).toEqual({ done: true, value: undefined });
    await expect(channel.get()).rejects.toEqual(coded('CLOSED'));
  });

  it('tells searches, answers, circuits, requests and traffic while somebody listens', async () => {
    await using own = makeClient();
    const events: DiagnosticEvent[] = [];
    const listening = own.onDiagnostic((event) => events.push(event));
    using channel = own.channel(`${protocol}://X`);
    await channel.get();
    for await (const event of own.diagnostics()) if (event.kind === 'traffic') break;
    const server = (await channel.info()).host;
    const of = (kind: DiagnosticEvent['kind']): DiagnosticEvent[] => events.filter((event) => event.kind === kind);
    expect(events.every((event) => event.protocol === protocol)).toBe(true);
    expect(of('search')[0]).toMatchObject({ names: 1, datagrams: 1, targets: [`127.0.0.1:${(protocol === 'ca' ? ca : pva).udpPort}`] });
    expect(of('answer')[0]).toMatchObject({ pv: 'X', server });
    expect(of('circuit').map((event) => 'state' in event && event.state)).toEqual(['connecting', 'open']);
    expect(of('channel')).toEqual([{ protocol, kind: 'channel', pv: 'X', server, state: 'connected' }]);
    expect(of('request')).toEqual([{ protocol, kind: 'request', pv: 'X', request: 'get', milliseconds: expect.any(Number) as number }]);
    expect(of('traffic')[0]).toMatchObject({ circuits: 1, channels: 1, connected: 1 });
    await expect(own.channel(`${protocol}://NOT:THERE`).get({ timeout: 0.02 })).rejects.toThrow();
    expect(of('request').at(-1)).toMatchObject({ pv: 'NOT:THERE', code: 'TIMEOUT' });
    listening.dispose();
    const count = events.length;
    await channel.get();
    expect(events).toHaveLength(count);
  });
});

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => { setTimeout(resolve, 1); });
}

it('a name without a protocol means the client\'s own; another protocol than the two is refused', async () => {
  expect(client.channel('X').protocol).toBe('ca');
  await using other = new Client({ environment: {}, defaultProtocol: 'pva', pva: { addressList: [`127.0.0.1:${pva.udpPort}`], autoAddressList: false } });
  const channel = other.channel('X');
  expect([channel.protocol, channel.ca, (await channel.get()).value]).toEqual(['pva', null, 1.5]);
  expect(() => client.channel('http://X')).toThrow(coded('BAD_OPTION') as Error);
});

it('several clients of one process have settings of their own', async () => {
  await using elsewhere = new Client({ environment: { EPICS_CA_ADDR_LIST: '127.0.0.1:9', EPICS_CA_AUTO_ADDR_LIST: 'NO' } });
  await using byVariables = new Client({ environment: { EPICS_CA_ADDR_LIST: `127.0.0.1:${ca.udpPort}`, EPICS_CA_AUTO_ADDR_LIST: 'NO' } });
  await expect(elsewhere.channel('X').get({ timeout: 0.05 })).rejects.toEqual(coded('TIMEOUT'));
  expect((await byVariables.channel('X').get()).value).toBe(1.5);
});

it('a loop may be told to end when the server goes, or to wait for it', async () => {
  const gone = new CaServer();
  gone.add('Y', { type: 'DOUBLE', initial: 1 });
  await gone.listen();
  await using own = new Client({ environment: {}, ca: { addressList: [`127.0.0.1:${gone.udpPort}`], autoAddressList: false } });
  using channel = own.channel('Y');
  const [failing, waiting] = [channel.monitor({ onDisconnect: 'fail' }), channel.monitor()];
  await Promise.all([failing.next(), waiting.next()]);
  const next = failing.next();
  await gone.close();
  await expect(next).rejects.toEqual(coded('DISCONNECTED'));
  expect(waiting.ended).toBe(false);
});

it('a closed client gives no more channels', async () => {
  const own = makeClient();
  const channel = own.channel('X');
  await own.close();
  expect(channel.state).toBe('closed');
  expect(() => own.channel('X')).toThrow(coded('CLOSED') as Error);
});

it('everything that is to be ended can be ended by its block, by `using`', async () => {
  const own = makeClient();
  const ended: string[] = [];
  {
    using closing = own;
    for (const protocol of [closing.ca, closing.pva]) {
      using channel = protocol.channel('X');
      await channel.get();
      using monitor = channel.monitor({}, () => ended.push('update'));
      using states = channel.onState((state) => ended.push(state));
      using access = channel.onAccess(() => undefined);
      using warnings = protocol.onWarning(() => undefined);
      using diagnostics = protocol.onDiagnostic(() => undefined);
      expect([monitor, states, access, warnings, diagnostics].every((each) => typeof each.dispose === 'function')).toBe(true);
    }
    using structures = closing.pva.channel('X').monitorStructure({}, () => undefined);
    expect(typeof structures.dispose).toBe('function');
  }
  expect([own.ca.statistics.channels, ended]).toEqual([0, []]);
  expect(() => own.channel('X')).toThrow(coded('CLOSED') as Error);
});
