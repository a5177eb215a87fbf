// What a pvAccess client does after faults of its server, of the network or of its own program: over a network in memory.
import { expect, it } from 'vitest';
import type { ChannelState } from '../index';
import { begin, client, monitored, network, server, soon, useClient, warnings } from './client.testing';
import * as wire from './protocol';
import { ntDouble } from './scriptedServer.testing';

const { commands } = wire;
useClient();

it('a server that creates the channel and breaks the connection at once is not connected to in a loop', async () => {
  const states: ChannelState[] = [];
  client.channel('PV').onState((state) => states.push(state));

  server.afterCreate = (connection) => { if (network.connections.length < 100) connection.end.drop(); };
  await network.clock.advance(10_000);
  expect(network.connections.length).toBeLessThan(20);
  server.afterCreate = null;
  await network.clock.advance(1100);
  expect(states.at(-1)).toBe('connected');
});

it('answers every request of a closed client with CLOSED at once, and leaves no timer', async () => {
  const channel = client.channel('PV');
  await soon(channel.whenConnected());
  await client.close();
  const requests = [channel.get(), channel.put(1), channel.whenConnected(), channel.rpc(null), channel.getSlice(), channel.fieldDescription()];
  for (const request of requests) await expect(request).rejects.toMatchObject({ code: 'CLOSED' });
  expect(() => channel.monitor({}, () => undefined)).toThrow(expect.objectContaining({ code: 'CLOSED' }) as Error);
  expect(network.clock.pendingTimers).toBe(0);
});

it('a server that is doubted while its connection is due to be looked at is looked at by one timer all the same', async () => {
  const channel = client.channel('PV');
  await soon(channel.whenConnected());
  const { clock } = network;
  // The search is over by then: what yields to other input is the connection's look at the time.
  await clock.advance(10_000);
  const yielded: (() => void)[] = [];
  const { yieldTo } = clock;
  clock.yieldTo = (callback) => { yielded.push(callback); };
  while (yielded.length === 0) await clock.advance(1000);
  clock.yieldTo = yieldTo;
  // Another process answers there now: a datagram says so.
  server.guid = '000000000000000000000099';
  server.pvs.set('OTHER', { field: ntDouble, value: { value: 1 } });
  client.channel('OTHER');
  await clock.advance(100);
  for (const callback of yielded) callback();
  await client.close();
  expect(clock.pendingTimers).toBe(0);
});

it('a name server that serves PVs too is a name server again after it was lost', async () => {
  await client.close();
  begin('little', { nameServers: ['10.0.0.1'] });
  const channel = client.channel('PV');
  await soon(channel.whenConnected());
  server.stop();
  await network.clock.advance(50);
  // Its answer to a search by UDP is first: the connection is there before the name server's turn.
  server.restart();
  await network.clock.advance(5000);
  expect(channel.connected).toBe(true);
  channel.close();
  await network.clock.advance(100);
  expect(client.statistics.circuits).toBe(1);
  const elsewhere = client.channel('ELSEWHERE');
  await network.clock.advance(500);
  expect(server.connection.searches.flatMap(({ channels }) => channels.map(({ name }) => name))).toContain('ELSEWHERE');
  elsewhere.close();
});

it.each(['putGet', 'rpc'] as const)('a %s that was not answered when the connection broke is told so: it may have been done', async (what) => {
  const channel = client.channel('PV');
  await soon(channel.whenConnected());
  server.silentFor = (subcommand) => (subcommand & wire.subcommands.init) === 0;
  const request = what === 'rpc' ? channel.rpc({ a: 1 }) : channel.putGetStructure({ value: 1 });
  const outcome = expect(request).rejects.toMatchObject({ code: 'PUT_OUTCOME_UNKNOWN' });
  await network.clock.advance(100);
  expect(server.connection.asked.filter(({ command }) => command === (what === 'rpc' ? commands.RPC : commands.PUT_GET))).toHaveLength(2);
  server.stop();
  await network.clock.advance(100);
  await outcome;
});

it('a monitor that is asked for after the server ended one of the same kind gets its own', async () => {
  const { channel, connection, id, seen, ends, update } = await monitored();
  update(2, 1);
  connection.send((writer) => wire.writeMonitorFinish(writer, id, wire.ok));
  await network.clock.advance(10);
  expect([seen.length, ends.length]).toEqual([1, 1]);
  const late: unknown[] = [];
  const stop = channel.monitorStructure({}, ({ value }) => late.push(value['value']));
  await network.clock.advance(10);
  const again = connection.last(commands.MONITOR).requestId;
  expect(again).not.toBe(id);
  connection.update(again, ntDouble, { value: 5 }, wire.BitSet.of(1));
  await network.clock.advance(10);
  expect([late, seen.length]).toEqual([[5], 1]);
  // Both are there anew after a reconnect.
  server.stop();
  await network.clock.advance(10);
  server.restart();
  await network.clock.advance(3000);
  expect(server.connection.asked.filter(({ command, subcommand }) => command === commands.MONITOR && subcommand === wire.subcommands.init)).toHaveLength(2);
  stop.dispose();
});

it('a listener that another one disposes is not called any more, in the same update neither', async () => {
  const { channel, connection, id } = await monitored();
  const heard: number[] = [];
  channel.monitorStructure({}, () => other.dispose());
  const other = channel.monitorStructure({}, () => heard.push(1));
  connection.update(id, ntDouble, { value: 5 }, wire.BitSet.of(1));
  await network.clock.advance(10);
  expect(heard).toEqual([]);
});

it('PVA 10: a late answer of the process before does not take the connection to the new one', async () => {
  const channel = client.channel('PV');
  await soon(channel.whenConnected());
  const old = server.searchResponse([1]);
  server.stop();
  await network.clock.advance(10);
  server.restart();
  let reply: ((bytes: Uint8Array) => void) | null = null;
  const answers = server.searchResponse([1]);
  network.serveUdp('10.0.0.1:5076', (_bytes, give) => {
    reply = give;
    give(answers);
  });
  await network.clock.advance(3000);
  expect(channel.connected).toBe(true);
  const before = network.connections.length;
  (reply as ((bytes: Uint8Array) => void) | null)?.(old);
  await network.clock.advance(100);
  expect([channel.connected, network.connections.length]).toEqual([true, before]);
  expect(warnings.map(({ code }) => code)).not.toContain('DUPLICATE_PV');
});

it('PVA 7: an answer with a warning is a success, and one with an error is none', async () => {
  const channel = client.channel('PV');
  await soon(channel.get());
  const { connection } = server;
  server.silentFor = () => true;
  const answer = async (type: 'WARNING' | 'ERROR' | 'FATAL') => {
    const get = channel.get();
    await network.clock.advance(10);
    const { requestId, subcommand } = connection.last(commands.GET);
    connection.send((writer) => wire.writeDataResponse(writer, commands.GET, { requestId, subcommand, status: { type, message: 'mind', callTree: '' } }, ntDouble, { value: 4 }, wire.BitSet.of(1), connection.sent));
    return soon(get);
  };
  expect(await answer('WARNING')).toMatchObject({ value: 4 });
  await expect(answer('ERROR')).rejects.toMatchObject({ code: 'GET_FAILED' });
  await expect(answer('FATAL')).rejects.toMatchObject({ code: 'GET_FAILED' });
  expect((['OK', 'WARNING', 'ERROR', 'FATAL'] as const).map((type) => wire.isSuccess({ type, message: '', callTree: '' }))).toEqual([true, true, false, false]);
});
