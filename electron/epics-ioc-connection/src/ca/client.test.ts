// The client over a network in memory, against a scripted server: faults that no real IOC makes on demand.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ByteWriter } from '../bytes/byteWriter';
import { MemoryNetwork } from '../transport/memory';
import type { ChannelState, Reading } from '../index';
import { CaClient } from './client';
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

/** Settles in virtual time: the promise's outcome after `milliseconds`, or 'pending'. */
async function after<T>(milliseconds: number, promise: Promise<T>): Promise<T | string> {
  let outcome: T | string = 'pending';
  promise.then((value) => { outcome = value; }, (error: { code: string }) => { outcome = error.code; });
  await network.clock.advance(milliseconds);
  await network.clock.settle();
  return outcome;
}

function watch(name = 'A') {
  const channel = client.channel(name);
  const states: ChannelState[] = [];
  const values: unknown[] = [];
  channel.onState((state) => states.push(state));
  channel.monitor({}, (reading: Reading) => values.push(reading.value));
  return { channel, states, values };
}

describe('connecting', () => {
  it('CA 1, CA 22: searches, opens one circuit for all channels of a server, and tells about it', async () => {
    const a = client.channel('A');
    const b = client.channel('B');
    await network.clock.advance(10);
    expect([a.connected, b.connected, network.connections]).toEqual([true, true, ['10.0.0.1:6000']]);
    expect(a.info).toMatchObject({ name: 'A', type: 'DOUBLE', count: 1, host: '10.0.0.1:6000', minorVersion: 13, access: { read: true, write: true } });
    client.channel('A', { priority: 5 });
    await network.clock.advance(10);
    expect(network.connections.length).toBe(2);
    expect(client.statistics).toMatchObject({ channels: 3, connected: 3, circuits: 2 });
  });

  it('handles of one name share the wire; the last one clears the channel', async () => {
    const first = client.channel('A');
    const second = client.channel('A');
    client.channel('B');
    await network.clock.advance(10);
    first.close();
    first.close();
    await network.clock.advance(10);
    expect([first.state, second.state, server.log]).toEqual(['closed', 'connected', ['create A', 'create B']]);
    second.close();
    await network.clock.advance(10);
    expect(server.log.at(-1)).toBe('clear');
    expect(await after(0, first.get())).toBe('CLOSED');
  });

  it('closes a circuit that nobody uses', async () => {
    const channel = client.channel('A');
    await network.clock.advance(10);
    channel.close();
    await network.clock.advance(10);
    expect([client.statistics.circuits, server.log.at(-1)]).toEqual([0, 'closed']);
  });

  it('CA 11: warns about a second server with the same name', async () => {
    const other = new ScriptedServer(network, '10.0.0.2:6000', ['A']);
    const channel = client.channel('A');
    await network.clock.advance(10);
    expect(warnings).toEqual(['DUPLICATE_PV']);
    expect([channel.info?.host, channel.info?.duplicates]).toEqual(['10.0.0.1:6000', ['10.0.0.2:6000']]);
    expect(other.log).toEqual([]);
  });

  it('a server that answers and cannot be reached is not asked in a loop', async () => {
    network.serveTcp('10.0.0.1:6000', null);
    const channel = client.channel('A');
    await network.clock.advance(10_000);
    expect(channel.state).toBe('never');
    expect(network.connections.length).toBeLessThan(8);
    expect(new Set(warnings)).toEqual(new Set(['CIRCUIT_REFUSED']));
    server.start();
    expect(await after(60_000, channel.get({ timeout: 60 }))).toMatchObject({ value: 1.5 });
  });

  it('CA 16: a refused channel is searched for again', async () => {
    server.refusing = true;
    const channel = client.channel('A');
    client.channel('B');
    await network.clock.advance(5000);
    expect(channel.state).toBe('never');
    expect(server.log.filter((line) => line === 'create A').length).toBeLessThan(8);
    server.refusing = false;
    await network.clock.advance(30_000);
    expect(channel.connected).toBe(true);
  });

  it('CA 14: finds names by a name server over TCP', async () => {
    await client.close();
    network.serveTcp('10.9.9.9:5064', {
      received: (bytes, end) => wire.readDatagram(bytes, (message) => {
        if (message.command !== wire.commands.SEARCH) return;
        const writer = new ByteWriter();
        wire.writeSearchReply(writer, message.parameter2, 6000, wire.numericAddress('10.0.0.1'));
        end.send(writer.take());
      }),
    });
    client = new CaClient({ ...options, addressList: [], nameServers: ['10.9.9.9'] }, network);
    const channel = client.channel('A');
    await network.clock.advance(500);
    expect([channel.connected, channel.info?.host]).toEqual([true, '10.0.0.1:6000']);
    expect(client.statistics.datagramsSent).toBe(0);
  });

  it('says once which host of the address list is unknown', async () => {
    await client.close();
    client = new CaClient({ ...options, addressList: ['10.0.0.1', 'nowhere'] }, network);
    const messages: string[] = [];
    client.onWarning(({ message }) => messages.push(message));
    const channel = client.channel('A');
    await network.clock.advance(100);
    expect(messages).toEqual(['"nowhere" of the address list is unknown: nothing is searched for there. Check EPICS_CA_ADDR_LIST.']);
    expect(channel.connected).toBe(true);
  });
});

describe('requests', () => {
  it('wait for the connection, and share its time limit', async () => {
    expect(await after(10, client.channel('A').get())).toMatchObject({ value: 1.5, type: 'DOUBLE' });
    expect(await after(2999, client.channel('NONE').get({ timeout: 3 }))).toBe('pending');
    expect(await after(5001, client.channel('NONE').put(1))).toBe('TIMEOUT');
    server.answering = false;
    expect(await after(5001, client.channel('A').get())).toBe('TIMEOUT');
  });

  it('go out in one write per tick', async () => {
    const channel = client.channel('A');
    await network.clock.advance(10);
    const sent: number[] = [];
    network.serveTcp('10.0.0.1:6000', null);
    const before = client.statistics.bytesSent;
    const gets = Promise.all(Array.from({ length: 100 }, () => channel.get()));
    await network.clock.advance(1);
    sent.push(client.statistics.bytesSent - before);
    expect(await after(10, gets)).toHaveLength(100);
    expect(sent).toEqual([1600]);
  });

  it('CA 21: a put that was not answered when the circuit broke is told so, and never repeated', async () => {
    const channel = client.channel('A');
    await network.clock.advance(10);
    server.answering = false;
    const put = channel.put(7, { wait: true });
    const get = channel.get();
    await network.clock.advance(10);
    server.kill();
    expect(await after(1, put)).toBe('PUT_OUTCOME_UNKNOWN');
    expect(await after(1, get)).toBe('DISCONNECTED');
    server.answering = true;
    server.start();
    await network.clock.advance(5000);
    expect(channel.connected).toBe(true);
    expect(server.log.filter((line) => line === 'write-notify 7')).toHaveLength(1);
  });

  it('CA 17: access denied is told without asking the server, and may change at any time', async () => {
    server.access = { read: false, write: false };
    const channel = client.channel('A');
    const heard: boolean[] = [];
    channel.onAccess(({ write }) => heard.push(write));
    await network.clock.advance(10);
    expect([await after(0, channel.get()), await after(0, channel.put(1))]).toEqual(['NO_READ_ACCESS', 'NO_WRITE_ACCESS']);
    server.send((w) => wire.writeAccessRights(w, 1, { read: true, write: true }));
    await network.clock.advance(10);
    expect([heard, channel.info?.access]).toEqual([[false, true], { read: true, write: true }]);
    expect(await after(10, channel.put(2, { wait: true }))).toBe(undefined);
    expect(server.log).toEqual(['create A', 'write-notify 2']);
  });

  it('CA 6: an old server is asked for a fixed count, a new one for what there is', async () => {
    server.count = 5;
    await after(10, client.channel('A').get());
    server.version = 12;
    await after(10, client.channel('A', { priority: 1 }).get());
    expect(server.log.filter((line) => line.startsWith('read'))).toEqual(['read 20 0', 'read 20 5']);
  });

  it('CA 9: an array that an old server cannot take is refused here', async () => {
    server.count = 5000;
    server.version = 8;
    const channel = client.channel('A');
    await network.clock.advance(10);
    expect(await after(10, channel.put(new Float64Array(2047)))).toBe('TOO_LARGE');
    expect(await after(10, channel.put(new Float64Array(2046)))).toBe(undefined);
  });

  it('end with CLOSED when their channel or client is closed', async () => {
    server.answering = false;
    const a = client.channel('A');
    await network.clock.advance(10);
    const [get, waiting] = [a.get(), client.channel('NONE').whenConnected()];
    const put = client.channel('B').put(1, { wait: true });
    await network.clock.advance(10);
    a.close();
    expect(await after(1, get)).toBe('CLOSED');
    await client.close();
    expect([await after(0, put), await after(0, waiting)]).toEqual(['CLOSED', 'CLOSED']);
    expect(() => client.channel('A')).toThrow(/closed/);
  });

  it('a failed write without completion is a warning that names the PV', async () => {
    const channel = client.channel('A');
    await after(10, channel.put(3));
    const request = { ...wire.emptyMessage(), command: wire.commands.WRITE, dataType: 6, count: 1 };
    server.send((w) => wire.writeError(w, request, 1, wire.eca.PUTFAIL, 'disabled'));
    await network.clock.advance(10);
    expect(warnings).toEqual(['PUT_FAILED']);
  });
});

describe('monitors', () => {
  it('share the wire, survive a restart, and end with their last listener', async () => {
    const { channel, states, values } = watch();
    const second: unknown[] = [];
    await network.clock.advance(10);
    const late = channel.monitor({}, (reading) => second.push(reading.value));
    await network.clock.advance(10);
    server.post(2);
    await network.clock.advance(10);
    expect([values, second]).toEqual([[1.5, 2], [1.5, 2]]);
    server.kill();
    await network.clock.settle();
    expect(states).toEqual(['connected', 'disconnected']);
    await network.clock.advance(20_000);
    server.start();
    await network.clock.advance(1100);
    expect(states).toEqual(['connected', 'disconnected', 'connected']);
    expect(values).toEqual([1.5, 2, 2]);
    late.dispose();
    server.post(3);
    await network.clock.advance(10);
    expect([values.at(-1), second.at(-1)]).toEqual([3, 2]);
    expect(server.log.filter((line) => line.startsWith('monitor'))).toEqual(['monitor 20 1 5', 'monitor 20 1 5']);
    channel.close();
    await network.clock.advance(10);
    expect(client.statistics.circuits).toBe(0);
  });

  it('CA 16: a dropped channel comes back on the same circuit', async () => {
    const { states, values } = watch();
    watch('B');
    await network.clock.advance(10);
    server.send((w) => wire.writeServerDisconnect(w, 1));
    await network.clock.advance(100);
    expect(states).toEqual(['connected', 'disconnected', 'connected']);
    expect(values).toEqual([1.5, 1.5]);
    expect(network.connections.length).toBe(1);
  });

  it('CA 12: a silent server: disconnected after echo and 5 s, connected when it speaks, on the same TCP connection', async () => {
    const { channel, states, values } = watch();
    await network.clock.advance(10);
    server.answering = false;
    await network.clock.advance(34_000);
    expect(states).toEqual(['connected']);
    await network.clock.advance(1100);
    expect([states, warnings]).toEqual([['connected', 'disconnected'], ['UNRESPONSIVE']]);
    expect(await after(1001, channel.get({ timeout: 1 }))).toBe('DISCONNECTED');
    server.answering = true;
    server.post(9);
    await network.clock.advance(10);
    expect([states.at(-1), values.at(-1), network.connections.length]).toEqual(['connected', 9, 1]);
  });

  it('a late monitor on a silent circuit is not given the last value as live, and gets it once the server speaks', async () => {
    const { channel } = watch();
    await network.clock.advance(10);
    server.answering = false;
    await network.clock.advance(36_000);
    expect(channel.state).toBe('disconnected');
    const late: unknown[] = [];
    channel.monitor({}, (reading) => late.push(reading.value));
    await network.clock.advance(10);
    expect(late).toEqual([]);
    server.answering = true;
    await network.clock.advance(31_000);
    expect([channel.state, late]).toEqual(['connected', [1.5]]);
    const last: unknown[] = [];
    channel.monitor({}, (reading) => last.push(reading.value));
    await network.clock.advance(1);
    server.post(3);
    await network.clock.advance(1);
    expect([late, last]).toEqual([[1.5, 3], [1.5, 3]]);
  });

  it('a listener that fails costs only itself', async () => {
    const channel = client.channel('A');
    const values: unknown[] = [];
    channel.monitor({}, () => { throw new Error('of the program'); });
    channel.monitor({}, (reading) => values.push(reading.value));
    await network.clock.advance(10);
    server.post(4);
    await network.clock.advance(10);
    expect([values, warnings]).toEqual([[1.5, 4], ['LISTENER_FAILED', 'LISTENER_FAILED']]);
  });

  it('may be closed by their own listener, in the middle of a chunk', async () => {
    const channel = client.channel('A');
    let count = 0;
    channel.monitor({}, () => {
      count += 1;
      channel.close();
    });
    await network.clock.advance(10);
    server.post(1);
    server.post(2);
    await network.clock.advance(10);
    expect([count, client.statistics.channels]).toEqual([1, 0]);
  });

  it('bytes that make no sense close the circuit, and the channel is found again', async () => {
    const { states } = watch();
    await network.clock.advance(10);
    server.ends.at(-1)?.send(new Uint8Array(64).fill(0x55));
    server.send((w) => wire.writeHeader(w, 0x5555, 0, 0, 0, 0, 0));
    await network.clock.advance(1);
    server.ends.at(-1)?.send(new Uint8Array(0x5600).fill(0x55));
    await network.clock.advance(2000);
    expect(states).toEqual(['connected', 'disconnected', 'connected']);
    expect(warnings).toEqual(['REMOTE_PROTOCOL']);
  });
});

it('CA 13: beacons speed up the search for what is missing', async () => {
  server.kill();
  const channel = client.channel('A');
  await network.clock.advance(200_000);
  server.start();
  const before = client.statistics.searchesSent;
  network.serveUdp('127.0.0.1:5065', (_bytes, reply) => {
    const writer = new ByteWriter();
    wire.writeRepeaterConfirm(writer, 0x7f000001);
    wire.writeBeacon(writer, 6000, 0, wire.numericAddress('10.0.0.1'));
    reply(writer.take());
  });
  // The next try to register with the repeater brings the beacon.
  await network.clock.advance(61_000);
  expect(channel.connected).toBe(true);
  expect(client.statistics.searchesSent - before).toBeLessThan(4);
});
