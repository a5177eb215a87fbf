// The client against a scripted server on a network in memory: what the specification asks of it, and what went wrong in others.
import { beforeEach, describe, expect, it } from 'vitest';
import type { ChannelState } from '../api';
import { begin, client, monitored, network, quiet, server, soon, useClient, warnings } from './client.testing';
import { ntUri } from './ntUri';
import * as wire from './protocol';
import type { PvaStructure } from './protocol';
import { ntDouble } from './scriptedServer.testing';

const { commands } = wire;

useClient();

describe.each(['little', 'big'] as const)('a %s-endian server', (order) => {
  beforeEach(async () => {
    await client.close();
    begin(order);
  });

  it('PVA 1: the client obeys SET_BYTE_ORDER in everything that it sends', async () => {
    const channel = client.channel('PV');
    expect((await soon(channel.get())).value).toBe(1.5);
    await soon(channel.put(2.5));
    expect((await soon(channel.get())).value).toBe(2.5);
    expect(server.connection.wrongOrder).toBe(0);
  });

  it('get, put, describe, RPC', async () => {
    const channel = client.channel('PV');
    const { field, value } = await soon(channel.getStructure());
    expect(field.id).toBe('epics:nt/NTScalar:1.0');
    expect(value).toEqual({ value: 1.5, alarm: quiet });
    await soon(channel.putStructure({ alarm: { severity: 2 } }));
    expect(await soon(channel.get())).toMatchObject({ value: 1.5, severity: 'MAJOR' });
    expect(wire.fieldName(await soon(channel.fieldDescription('alarm')))).toBe('structure alarm_t');
    await expect(soon(channel.fieldDescription('nothing'))).rejects.toMatchObject({ code: 'BAD_OPTION' });
    const answer = await soon(channel.rpc(ntUri('PV', { a: 1, b: 'two', c: [1, 2] })));
    expect(answer?.value).toEqual({ scheme: 'pva', path: 'PV', query: { a: 1, b: 'two', c: Float64Array.of(1, 2) } });
    expect(server.connection.wrongOrder).toBe(0);
  });
});

it('a server that answers a GET with what changed since its last one is read right, however a value is asked for', async () => {
  const channel = client.channel('PV');
  await soon(channel.whenConnected());
  server.silentFor = (subcommand) => subcommand === wire.subcommands.get;
  const told = new Set<number>();
  const values: unknown[] = [];
  for (const options of [{}, { as: 'string' }, {}, { count: 1 }, { metadata: true }, {}, { as: 'string' }] as const) {
    const got = channel.get(options);
    await network.clock.advance(20);
    const { requestId, subcommand } = server.connection.last(commands.GET);
    // As pvDatabase does it.
    const changed = told.has(requestId) ? new wire.BitSet() : wire.BitSet.of(0);
    told.add(requestId);
    server.connection.send((writer) => wire.writeDataResponse(writer, commands.GET, { requestId, subcommand, status: wire.ok }, ntDouble, { value: 1.5, alarm: quiet }, changed));
    values.push((await soon(got)).value);
  }
  expect(values).toEqual([1.5, '1.5', 1.5, 1.5, 1.5, 1.5, '1.5']);
});

it('PVA 8: an answer with address zero means the sender over UDP, and the very connection over TCP', async () => {
  const channel = client.channel('PV');
  await soon(channel.whenConnected());
  expect(channel.info?.host).toBe('10.0.0.1:5075');
  expect(server.datagrams[0]).toMatchObject({ unicast: true, address: null, port: 40_000, protocols: ['tcp'] });
  await client.close();

  begin('little', { addressList: [], nameServers: ['10.0.0.1'] });
  server.onTcpSearch = (connection, search) => connection.end.send(server.searchResponse(search.channels.map(({ id }) => id), null, 0));
  const found = client.channel('PV');
  expect((await soon(found.get())).value).toBe(1.5);
  expect(network.connections).toEqual(['10.0.0.1:5075']);
  expect(found.info?.host).toBe('10.0.0.1:5075');
  // A name server stays connected when no channel is left.
  found.close();
  expect(client.statistics.circuits).toBe(1);
});

describe('PVA 9: monitors', () => {
  it('start stopped: nothing is expected before START was sent', async () => {
    const { connection, seen, id, update } = await monitored();
    expect(connection.asked.filter((each) => each.command === commands.MONITOR).map((each) => each.subcommand)).toEqual([0x08, 0x44]);
    update(2, 0);
    update(3, 1);
    await network.clock.advance(10);
    expect(seen.map((each) => each.value)).toEqual([{ value: 2, alarm: quiet }, { value: 3, alarm: quiet }]);
    expect(id).toBeGreaterThan(0);
  });

  it.each([2, 3, 4, 10])('with a pipeline of %i never let the window run out, and acknowledge each update once', async (queueSize) => {
    const { connection, update, seen } = await monitored({ pipeline: true, queueSize });
    const acknowledged = (): number => connection.asked.reduce((sum, each) => sum + (each.acknowledged ?? 0), 0);
    expect(connection.asked.find((each) => each.window !== null)).toMatchObject({ subcommand: 0x88, window: queueSize });
    let sent = 0;
    for (let i = 0; i < 50; i += 1) {
      // As a server does: never more than the window.
      expect(queueSize + acknowledged() - sent).toBeGreaterThan(0);
      update(i, 1);
      sent += 1;
      await network.clock.advance(5);
    }
    expect(seen.length).toBe(50);
    expect(acknowledged()).toBeLessThanOrEqual(50);
    expect(acknowledged()).toBeGreaterThan(50 - queueSize);
  });

  it('end with 0x10, whose message may carry a last value', async () => {
    const { connection, id, seen, ends, stop } = await monitored({ pipeline: true, queueSize: 4 });
    connection.send((writer) => wire.writeMonitorUpdate(writer, id, ntDouble, { value: { value: 9 }, changed: wire.BitSet.of(1), overrun: new wire.BitSet() }, wire.ok));
    await network.clock.advance(10);
    expect(seen.at(-1)?.value['value']).toBe(9);
    expect(ends).toEqual([wire.ok]);
    // What still comes for it is nobody's; nothing is destroyed that is gone.
    connection.update(id, ntDouble, { value: 10 }, wire.BitSet.of(1));
    stop.dispose();
    await network.clock.advance(10);
    expect(seen.length).toBe(1);
    expect(connection.ended).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('end with 0x10 and a status alone', async () => {
    const { connection, id, ends, seen } = await monitored();
    connection.send((writer) => wire.writeMonitorFinish(writer, id, { type: 'ERROR', message: 'gone', callTree: '' }));
    await network.clock.advance(10);
    expect([seen.length, ends]).toEqual([0, [{ type: 'ERROR', message: 'gone', callTree: '' }]]);
  });

  it('are shared; a late listener gets the whole value; the last one to leave ends it', async () => {
    const { channel, connection, id, update, stop } = await monitored();
    update(2, 0);
    await network.clock.advance(10);
    const late: PvaStructure[] = [];
    const other = channel.monitorStructure({}, ({ value }) => late.push(value));
    await network.clock.advance(10);
    expect(late).toEqual([{ value: 2, alarm: quiet }]);
    stop.dispose();
    await network.clock.advance(10);
    expect(connection.ended).toEqual([]);
    other.dispose();
    await network.clock.advance(10);
    expect(connection.ended).toEqual([id]);
  });
});

describe('PVA 10: a server that answers with another GUID', () => {
  it('was restarted where its old connection says nothing: that one is given up 5 s after it was asked', async () => {
    const { channel, seen, update, connection } = await monitored();
    const states: ChannelState[] = [];
    channel.onState((state) => states.push(state));
    update(2, 0);
    await network.clock.advance(10);
    expect(channel.info?.guid).toBe(server.guid);
    // The machine was reset: its old connection is half open, and says nothing.
    connection.mute = true;
    server.guid = '0000000000000000000000ff';
    const other = client.channel('OTHER');
    server.pvs.set('OTHER', { field: ntDouble, value: { value: 7, alarm: quiet } });
    await network.clock.advance(4900);
    expect([states, other.connected]).toEqual([[], false]);
    await network.clock.advance(1300);
    expect([states, other.connected]).toEqual([['disconnected', 'connected'], true]);
    expect(channel.info?.guid).toBe(server.guid);
    expect(server.connections.length).toBe(2);
    const again = server.connection.last(commands.MONITOR);
    server.connection.update(again.requestId, ntDouble, { value: 3, alarm: quiet }, wire.BitSet.of(0));
    await network.clock.advance(10);
    expect(seen.at(-1)?.value['value']).toBe(3);
  });

  it('was not where its connection still speaks: a datagram that anybody may send costs no connection', async () => {
    const { channel, seen, update } = await monitored();
    const states: ChannelState[] = [];
    channel.onState((state) => states.push(state));
    server.pvs.set('OTHER', { field: ntDouble, value: { value: 7, alarm: quiet } });
    for (const guid of ['0000000000000000000000ff', '0000000000000000000000fe']) {
      server.guid = guid;
      const other = client.channel('OTHER');
      expect((await soon(other.get())).value).toBe(7);
      other.close();
      await network.clock.advance(10_000);
    }
    update(2, 0);
    await network.clock.advance(10);
    expect([states, server.connections.length, seen.at(-1)?.value['value']]).toEqual([[], 1, 2]);
  });
});

describe('PVA 11: authentication', () => {
  it('is by ca with user and host where the server has it', async () => {
    await soon(client.channel('PV').get());
    expect(server.connection.validation).toMatchObject({ method: 'ca', data: { value: { user: 'ada', host: 'desk' } } });
  });
  it.each([[['anonymous']], [[]], [['x509', 'anonymous']]])('is anonymous with %j', async (methods) => {
    server.methods = methods;
    await soon(client.channel('PV').get());
    expect(server.connection.validation).toEqual({ method: 'anonymous', data: null });
  });
  it('that is refused is told, and the connection used all the same', async () => {
    server.validatedStatus = { type: 'ERROR', message: 'who are you', callTree: '' };
    expect((await soon(client.channel('PV').get())).value).toBe(1.5);
    expect(warnings).toMatchObject([{ code: 'AUTH_REFUSED', message: expect.stringContaining('who are you') }]);
  });
  it('comes first: no channel is asked for before', async () => {
    server.validates = false;
    const channel = client.channel('PV');
    channel.monitor({}, () => undefined);
    await network.clock.advance(500);
    expect(server.connection.created).toEqual([]);
    server.connection.send((writer) => wire.writeValidated(writer, wire.ok));
    await network.clock.advance(100);
    expect(server.connection.created.length).toBe(1);
  });
});

describe('PVA 12: channels that the server destroys', () => {
  it('are searched for again; what was under way is told', async () => {
    const { channel, connection } = await monitored();
    const states: ChannelState[] = [];
    channel.onState((state) => states.push(state));
    server.pvs.set('PV', { field: ntDouble, value: { value: 1, alarm: quiet }, silent: true });
    const reading = channel.get();
    reading.catch(() => undefined);
    await network.clock.advance(10);
    const [{ serverId = 0, clientId = 0 } = {}] = connection.created;
    connection.send((writer) => wire.writeDestroyChannel(writer, { serverId, clientId }));
    await expect(soon(reading)).rejects.toMatchObject({ code: 'DISCONNECTED' });
    await network.clock.advance(200);
    expect(states).toEqual(['disconnected', 'connected']);
    expect(server.connection.created.length + server.connections.length).toBeGreaterThan(2);
  });

  it('and replies to ids that are over or never were are ignored, types that they define kept', async () => {
    const { connection, update, seen, stop, channel } = await monitored();
    update(2, 0);
    stop.dispose();
    await network.clock.advance(10);
    const before = connection.asked.length;
    connection.send((writer) => {
      wire.writeMonitorUpdate(writer, 999, ntDouble, { value: { value: 1 }, changed: wire.BitSet.of(1), overrun: new wire.BitSet() });
      wire.writeOperationResponse(writer, commands.PUT, { requestId: 998, subcommand: 0, status: wire.ok });
      wire.writeDestroyChannel(writer, { serverId: 12345, clientId: 1 });
      wire.writeCreateChannelResponse(writer, { clientId: 4711, serverId: 55, status: wire.ok });
      // An init answer that nobody waits for any more defines type 77, an RPC answer type 78.
      writer.begin(commands.GET);
      writer.u32(997);
      writer.u8(8);
      writer.u8(0xff);
      writer.u8(0xfd);
      writer.u16(77);
      wire.writeField(writer, ntDouble);
      writer.end();
      writer.begin(commands.RPC);
      writer.u32(996);
      writer.u8(0);
      writer.u8(0xff);
      writer.u8(0xfd);
      writer.u16(78);
      wire.writeField(writer, wire.scalar('int'));
      writer.i32(5);
      writer.end();
    });
    await network.clock.advance(10);
    expect(seen.length).toBe(0);
    expect(connection.asked.length).toBe(before);
    // A channel that was created for nobody is destroyed again.
    expect(connection.destroyed).toEqual([55]);
    const asked = channel.fieldDescription();
    await network.clock.advance(1);
    connection.send((writer) => {
      writer.begin(commands.MESSAGE);
      writer.u32(0);
      writer.u8(0);
      writer.string('hello');
      writer.end();
    });
    await soon(asked);
    expect(warnings).toEqual([]);
  });

  it('and types of a late update are kept too', async () => {
    const odd = wire.structure('', { value: wire.variantUnion });
    server.pvs.set('ODD', { field: odd, value: { value: { field: wire.scalar('int'), value: 1 } } });
    const channel = client.channel('ODD');
    const seen: unknown[] = [];
    const stop = channel.monitorStructure({}, ({ value }) => seen.push(value));
    await network.clock.advance(100);
    const { connection } = server;
    const first = connection.last(commands.MONITOR).requestId;
    stop.dispose();
    // Under way when the monitor was ended: it defines the type that the next message names.
    connection.update(first, odd, { value: { field: ntDouble, value: { value: 1, alarm: quiet } } }, wire.BitSet.of(1));
    await network.clock.advance(10);
    channel.monitorStructure({}, ({ value }) => seen.push(value));
    await network.clock.advance(50);
    connection.update(connection.last(commands.MONITOR).requestId, odd, { value: { field: ntDouble, value: { value: 2, alarm: quiet } } }, wire.BitSet.of(1));
    await network.clock.advance(10);
    expect(seen).toMatchObject([{ value: { value: { value: 2 } } }]);
    expect(warnings).toEqual([]);
  });
});

describe('PVA 14: what went wrong in others', () => {
  it('the type cache begins anew with a new connection', async () => {
    const { channel, seen } = await monitored();
    server.stop();
    await network.clock.advance(100);
    // The new process gives the same ids to other types.
    server.pvs.set('PV', { field: wire.structure('other', { value: wire.scalar('string') }), value: { value: 'text' } });
    server.restart();
    const reading = await soon(channel.getStructure({ timeout: 10 }));
    expect(reading).toMatchObject({ field: { id: 'other' }, value: { value: 'text' } });
    expect(seen).toEqual([]);
  });

  it('a monitor that had a pipeline and was finished begins anew after a reconnect', async () => {
    const { connection, id, seen, ends } = await monitored({ pipeline: true, queueSize: 2 });
    connection.send((writer) => wire.writeMonitorFinish(writer, id, wire.ok));
    await network.clock.advance(10);
    expect(ends).toEqual([wire.ok]);
    server.stop();
    await network.clock.advance(100);
    server.restart();
    await network.clock.advance(3000);
    const again = server.connection.asked.filter((each) => each.command === commands.MONITOR);
    expect(again.map((each) => each.subcommand)).toEqual([0x88, 0x44]);
    server.connection.update(again[0]?.requestId ?? 0, ntDouble, { value: 5, alarm: quiet }, wire.BitSet.of(0));
    await network.clock.advance(10);
    expect(seen.map((each) => each.value['value'])).toEqual([5]);
  });

  it('a connection that fails leaves nothing behind, and is not tried in a tight loop', async () => {
    network.serveTcp('10.0.0.1:5075', null);
    const channel = client.channel('PV');
    await network.clock.advance(60_000);
    expect(channel.state).toBe('never');
    expect(client.statistics.circuits).toBe(0);
    expect(network.connections.length).toBeGreaterThan(2);
    expect(network.connections.length).toBeLessThan(20);
    expect(warnings[0]).toMatchObject({ code: 'CIRCUIT_REFUSED' });
  });

  it('after a reconnect the search begins soon again, not where the last one had come to', async () => {
    server.answers = false;
    const channel = client.channel('PV');
    await network.clock.advance(120_000);
    server.answers = true;
    await network.clock.advance(300_000);
    expect(channel.connected).toBe(true);
    server.stop();
    await network.clock.advance(50);
    server.restart();
    const count = server.datagrams.length;
    await network.clock.advance(2000);
    expect(channel.connected).toBe(true);
    expect(server.datagrams.length - count).toBeLessThan(8);
  });

  it('a channel that is closed on a connection which lives on is destroyed there, also while it is being created', async () => {
    server.pvs.set('OTHER', { field: ntDouble, value: { value: 7, alarm: quiet } });
    const [channel, other] = [client.channel('PV'), client.channel('OTHER')];
    await soon(Promise.all([channel.get(), other.get()]));
    const { connection } = server;
    channel.close();
    await network.clock.advance(10);
    expect(connection.destroyed).toEqual([connection.created.find(({ name }) => name === 'PV')?.serverId]);
    server.creates = false;
    const early = client.channel('PV');
    await network.clock.advance(100);
    early.close();
    connection.send((writer) => wire.writeCreateChannelResponse(writer, { clientId: 3, serverId: 321, status: wire.ok }));
    await network.clock.advance(10);
    expect(connection.destroyed).toContain(321);
    expect((await soon(other.get())).value).toBe(7);
    other.close();
    await network.clock.advance(10);
    expect(connection.closed).toBe(true);
    expect(client.statistics).toMatchObject({ channels: 0, circuits: 0 });
  });
});
