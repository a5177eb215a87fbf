// What a client does after faults of its server, of the network or of its own program: over a network in memory.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ByteWriter } from '../bytes/byteWriter';
import { MemoryNetwork } from '../transport/memory';
import type { ChannelState, PvValue, Reading } from '../index';
import type { ConnectionEvents, Transport } from '../transport/transport';
import { CircuitLink } from './circuitLink';
import { CaClient } from './client';
import { ClientCircuit } from './clientCircuit';
import * as wire from './protocol';
import { ScriptedServer } from './scriptedServer.testing';

let network: MemoryNetwork;
let server: ScriptedServer;
let client: CaClient;
let warnings: string[];
const options = { addressList: ['10.0.0.1', '10.0.0.2'], autoAddressList: false, environment: {}, userName: 'anna', hostName: 'desk' };

beforeEach(() => {
  network = new MemoryNetwork();
  server = new ScriptedServer(network, '10.0.0.1:6000', ['A', 'B']);
  client = new CaClient(options, network);
  warnings = [];
  client.onWarning(({ code }) => warnings.push(code));
});
afterEach(async () => {
  await client.close();
  await network.clock.settle();
  expect(network.clock.pendingTimers).toBe(0);
});

async function after<T>(milliseconds: number, promise: Promise<T>): Promise<T | string> {
  let outcome: T | string = 'pending';
  promise.then((value) => { outcome = value; }, (error: { code: string }) => { outcome = error.code; });
  await network.clock.advance(milliseconds);
  return outcome;
}

it('a server that creates the channel and breaks the connection at once is not connected to in a loop', async () => {
  network.serveTcp('10.0.0.1:6000', {
    received: (bytes, end) => wire.readDatagram(bytes, (message) => {
      if (message.command !== wire.commands.CREATE_CHAN) return;
      const writer = new ByteWriter();
      wire.writeChannelCreated(writer, 6, 1, message.parameter1, 7);
      end.send(writer.take());
      if (network.connections.length < 100) end.drop();
    }),
  });
  const states: ChannelState[] = [];
  client.channel('A').onState((state) => states.push(state));
  await network.clock.advance(10_000);
  expect(states.length).toBeGreaterThan(2);
  expect(network.connections.length).toBeLessThan(20);
  // Once it stays, it is there within the longest of these pauses.
  server.start();
  await network.clock.advance(1100);
  expect(states.at(-1)).toBe('connected');
});

it('a lost connection that had lasted is searched for at once', async () => {
  const channel = client.channel('A');
  await network.clock.advance(5000);
  server.kill();
  server.start();
  await network.clock.advance(5);
  expect(channel.connected).toBe(true);
});

describe('a closed client', () => {
  it('answers every request of its channels with CLOSED at once, and leaves no timer', async () => {
    const channel = client.channel('A');
    await network.clock.advance(10);
    await client.close();
    expect(channel.state).toBe('closed');
    const requests: Promise<unknown>[] = [channel.get(), channel.put(1), channel.put(1, { wait: true }), channel.whenConnected(), channel.getDbr(6), channel.className()];
    for (const request of requests) expect(await after(0, request)).toBe('CLOSED');
    expect(() => channel.monitor({}, () => undefined)).toThrow(expect.objectContaining({ code: 'CLOSED' }) as Error);
    expect(network.clock.pendingTimers).toBe(0);
    channel.close();
  });
});

describe('a client that a listener closes leaves no timer', () => {
  it('as its server falls silent', async () => {
    const channel = client.channel('A');
    channel.onState((state) => { if (state === 'disconnected') void client.close(); });
    await network.clock.advance(1000);
    expect(channel.connected).toBe(true);
    server.answering = false;
    for (let second = 0; second < 60 && channel.state !== 'closed'; second += 1) await network.clock.advance(1000);
    expect([channel.state, network.clock.pendingTimers]).toEqual(['closed', 0]);
  });

  it('as it searches', async () => {
    client.onDiagnostic(({ kind }) => { if (kind === 'search') void client.close(); });
    const channel = client.channel('nowhere');
    await network.clock.advance(10);
    expect([channel.state, network.clock.pendingTimers]).toEqual(['closed', 0]);
  });

  it('as a name server cannot be reached', async () => {
    await client.close();
    client = new CaClient({ ...options, nameServers: ['10.0.0.9'] }, network);
    client.onWarning(({ code }) => {
      warnings.push(code);
      void client.close();
    });
    await network.clock.advance(10);
    expect([warnings, network.clock.pendingTimers]).toEqual([['NAME_SERVER'], 0]);
  });
});

describe('CA 11: stale answers', () => {
  it('of an earlier search are ignored: they neither connect nor count as a second server', async () => {
    const late: (() => void)[] = [];
    network.serveUdp('10.0.0.1:5064', (bytes, reply) => {
      let sequence = 0;
      wire.readDatagram(bytes, (message) => {
        if (message.command === wire.commands.VERSION) sequence = message.parameter1;
        if (message.command !== wire.commands.SEARCH || wire.readText(message) !== 'A') return;
        const answer = (port: number): Uint8Array => {
          const writer = new ByteWriter();
          wire.writeDatagramVersionReply(writer, 1, sequence);
          wire.writeSearchReply(writer, message.parameter2, port);
          return writer.take();
        };
        // Twice, as over two ways through the network.
        for (let copy = 0; copy < 2; copy += 1) reply(answer(Number(server.address.split(':')[1])));
        const old = answer(6000);
        late.push(() => reply(old));
      });
    });
    const channel = client.channel('A');
    await network.clock.advance(10);
    expect(channel.info?.host).toBe('10.0.0.1:6000');
    // It comes back on another port; what it said on the first one is still under way.
    server.kill();
    Object.assign(server, { address: '10.0.0.1:6001' });
    const [first] = late;
    first?.();
    await network.clock.settle();
    expect(network.connections).toEqual(['10.0.0.1:6000']);
    server = new ScriptedServer(network, '10.0.0.2:6000', ['A']);
    await network.clock.advance(200);
    first?.();
    await network.clock.advance(10);
    expect(warnings).not.toContain('DUPLICATE_PV');
  });
});

it('CA 14: a name server that comes back is asked at once for what is missing', async () => {
  await client.close();
  const serve = (): void => network.serveTcp('10.9.9.9:5064', {
    received: (bytes, end) => wire.readDatagram(bytes, (message) => {
      if (message.command !== wire.commands.SEARCH) return;
      const writer = new ByteWriter();
      wire.writeSearchReply(writer, message.parameter2, 6000, wire.numericAddress('10.0.0.1'));
      end.send(writer.take());
    }),
  });
  client = new CaClient({ ...options, addressList: [], nameServers: ['10.9.9.9'] }, network);
  const channel = client.channel('A');
  // Long enough for the pauses between searches to be minutes.
  await network.clock.advance(1_000_000);
  serve();
  await network.clock.advance(32_000);
  expect(channel.connected).toBe(true);
});

describe('an IOC that comes back with another type', () => {
  it('monitors, gets and puts go on in the new type and count', async () => {
    const channel = client.channel('A');
    const seen: PvValue[] = [];
    channel.monitor({}, ({ value }) => seen.push(value));
    await network.clock.advance(10);
    server.kill();
    Object.assign(server, { nativeType: 5, count: 4, value: Int32Array.of(7) });
    server.start();
    await network.clock.advance(2000);
    expect(channel.info).toMatchObject({ type: 'LONG', count: 4 });
    expect(seen).toEqual([1.5, Int32Array.of(7)]);
    expect(server.log.slice(-1)).toEqual(['monitor 19 0 5']);
    expect(await after(10, channel.get())).toMatchObject({ type: 'LONG', value: Int32Array.of(7) });
    expect(await after(10, channel.put(2.5))).toBe('BAD_TYPE');
    expect(await after(10, channel.put([1, 2, 3, 4, 5]))).toBe('BAD_COUNT');
    expect(await after(10, channel.put([1, 2, 3, 4], { wait: true }))).toBe(undefined);
  });
});

describe('CA 17: read access that is withdrawn', () => {
  it('takes the last value with it: a late monitor gets none before the IOC sends one', async () => {
    const channel = client.channel('A');
    const first: unknown[] = [];
    channel.monitor({}, (reading: Reading) => first.push(reading.value));
    await network.clock.advance(10);
    server.send((w) => wire.writeAccessRights(w, 1, { read: false, write: true }));
    await network.clock.advance(10);
    const late: unknown[] = [];
    channel.monitor({}, (reading: Reading) => late.push(reading.value));
    await network.clock.advance(10);
    expect([first, late]).toEqual([[1.5], []]);
    server.send((w) => wire.writeAccessRights(w, 1, { read: true, write: true }));
    server.post(3);
    await network.clock.advance(10);
    expect([first, late]).toEqual([[1.5, 3], [3]]);
  });
});

it('a listener that another one disposes is not called any more, in the same event neither', async () => {
  const channel = client.channel('A');
  const heard: string[] = [];
  channel.onState(() => second.dispose());
  const second = channel.onState(() => heard.push('state'));
  channel.monitor({}, () => other.dispose());
  const other = channel.monitor({}, () => heard.push('value'));
  await network.clock.advance(10);
  expect(heard).toEqual([]);
});

it('CA 12: a server that a beacon casts doubt on counts as silent 5 s after it was asked', async () => {
  await client.close();
  client = new CaClient({ ...options, connectionTimeout: 300 }, network);
  // Its beacons begin again at 0 when it is asked for them again, after a second.
  network.serveUdp('127.0.0.1:5065', (_bytes, reply) => {
    const writer = new ByteWriter();
    wire.writeBeacon(writer, 6000, network.clock.now() < 900 ? 5 : 0, wire.numericAddress('10.0.0.1'));
    reply(writer.take());
  });
  const channel = client.channel('A');
  await network.clock.advance(500);
  expect(channel.connected).toBe(true);
  server.answering = false;
  await network.clock.advance(500);
  expect(channel.connected).toBe(true);
  await network.clock.advance(6000);
  expect(channel.state).toBe('disconnected');
});

it('CA 12: a program that was busy while the answer to its echo came does not take its server for silent', () => {
  let time = 0;
  let due: (() => void) | null = null;
  const turns: (() => void)[] = [];
  const connected: ConnectionEvents[] = [];
  const transport: Transport = {
    clock: {
      now: () => time, soon: (act) => act(), yieldTo: (act) => turns.push(act),
      after: (_milliseconds, act) => {
        due = act;
        return { cancel: () => { due = null; } };
      },
    },
    connect: (_host, _port, events) => {
      connected.push(events);
      return { write: () => undefined, pause: () => undefined, resume: () => undefined, destroy: () => undefined };
    },
    openDatagrams: () => ({ send: () => undefined, close: () => undefined }), resolve: (host) => Promise.resolve(host),
  };
  const heard: boolean[] = [];
  const none = (): void => undefined;
  const link = new CircuitLink(transport, { host: '10.0.0.1', port: 1 }, { priority: 0, userName: 'u', hostName: 'h', connectionTimeout: 30_000, maxPayload: 1000 }, {
    channelCreated: none, channelRefused: none, channelDropped: none, accessChanged: none, searchAnswered: none, requestFailed: none, linkClosed: none,
    responsivenessChanged: (responsive) => heard.push(responsive),
  }, { bytesReceived: 0, bytesSent: 0, eventsReceived: 0 });
  const [events] = connected as [ConnectionEvents];
  /** A turn of Node's loop: timers, then what came in, then the rest. */
  const turn = (at: number, input: Uint8Array | null): void => {
    time = at;
    const timer = due;
    due = null;
    timer?.();
    if (input) events.received(input);
    for (const act of turns.splice(0)) act();
  };
  events.opened();
  turn(30_000, null);
  const writer = new ByteWriter();
  wire.writeEcho(writer);
  turn(36_000, writer.take());
  expect(heard).toEqual([]);
  turn(66_000, null);
  turn(71_000, null);
  expect(heard).toEqual([false]);
  link.close();
});

it('CA 8: ids that went round leave out those that are in use, or cancelled and not confirmed', () => {
  const none = (): void => undefined;
  const circuit = new ClientCircuit({ priority: 0, userName: 'u', hostName: 'h', connectionTimeout: 30_000, maxPayload: 1000 }, {
    channelCreated: none, channelRefused: none, channelDropped: none, accessChanged: none, searchAnswered: none, requestFailed: none, responsivenessChanged: none,
  }, 0);
  const request = { answered: none, dropped: none };
  const used = [circuit.subscribe({ updated: none }, 20, 1, 7, 5), circuit.read(request, 20, 1, 7), circuit.subscribe({ updated: none }, 20, 1, 7, 5)];
  circuit.unsubscribe(used[2] as number, 20, 1, 7);
  Object.assign(circuit, { nextId: 0xffffffff });
  const next = [circuit.read(request, 20, 1, 7), circuit.read(request, 20, 1, 7), circuit.subscribe({ updated: none }, 20, 1, 7, 5)];
  expect([used, next]).toEqual([[1, 2, 3], [0xffffffff, 4, 5]]);
});

it('CA 13: beacons are no test of liveness: a server that sends them and answers nothing is not shown as live', async () => {
  await client.close();
  let id = 0;
  network.serveUdp('127.0.0.1:5065', (_bytes, reply) => {
    const beacon = (): void => {
      const writer = new ByteWriter();
      wire.writeBeacon(writer, 6000, id, wire.numericAddress('10.0.0.1'));
      id += 1;
      reply(writer.take());
    };
    if (id > 0) return;
    for (let at = 0; at < 120_000; at += 5000) network.clock.after(at, beacon);
  });
  client = new CaClient(options, network);
  const channel = client.channel('A');
  await network.clock.advance(10_000);
  expect(channel.connected).toBe(true);
  server.answering = false;
  await network.clock.advance(36_000);
  expect(id).toBeGreaterThan(8);
  expect(channel.state).toBe('disconnected');
  await network.clock.advance(80_000);
});
