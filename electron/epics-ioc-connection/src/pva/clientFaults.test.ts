// The client against a scripted server: requests that end otherwise than they should, connections that fail.
import { describe, expect, it } from 'vitest';
import type { ChannelState } from '../api';
import { begin, client, network, quiet, server, soon, useClient, warnings } from './client.testing';
import * as wire from './protocol';
import { ntDouble, ScriptedServer } from './scriptedServer.testing';

const { commands } = wire;

useClient();

describe('requests', () => {
  it('of one kind use one operation, at the same time one each', async () => {
    const channel = client.channel('PV');
    await soon(channel.get());
    await soon(channel.get());
    const inits = (): number => server.connection.asked.filter((each) => each.command === commands.GET && each.subcommand === 8).length;
    expect(inits()).toBe(1);
    await soon(Promise.all([channel.get(), channel.get(), channel.get()]));
    expect(inits()).toBe(3);
    await soon(channel.get());
    expect(inits()).toBe(3);
  });

  it('that time out are destroyed on the server; a late answer harms nobody', async () => {
    server.pvs.set('SLOW', { field: ntDouble, value: { value: 1, alarm: quiet }, silent: true });
    const channel = client.channel('SLOW');
    const reading = channel.get({ timeout: 1 });
    await expect(soon(reading)).rejects.toMatchObject({ code: 'TIMEOUT' });
    await network.clock.advance(10);
    const { connection } = server;
    const id = connection.last(commands.GET).requestId;
    expect(connection.ended).toEqual([id]);
    connection.send((writer) => wire.writeInitResponse(writer, commands.GET, { requestId: id, subcommand: 8, status: wire.ok }, [ntDouble]));
    await network.clock.advance(10);
    expect((await soon(client.channel('PV').get())).value).toBe(1.5);
    expect(warnings).toEqual([]);
  });

  it('of a caller that aborts end at once', async () => {
    const controller = new AbortController();
    const waiting = client.channel('NOWHERE').get({ signal: controller.signal });
    controller.abort();
    await expect(soon(waiting)).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('a put whose connection is lost has an unknown outcome; a read is only disconnected', async () => {
    const channel = client.channel('PV');
    await soon(channel.get());
    server.pvs.set('PV', { field: ntDouble, value: { value: 1, alarm: quiet }, silent: true });
    const put = channel.put(3);
    await network.clock.advance(10);
    const { connection } = server;
    const id = connection.last(commands.PUT).requestId;
    connection.send((writer) => wire.writeInitResponse(writer, commands.PUT, { requestId: id, subcommand: 8, status: wire.ok }, [ntDouble]));
    await network.clock.advance(10);
    const reading = channel.get();
    const putFails = expect(put).rejects.toMatchObject({ code: 'PUT_OUTCOME_UNKNOWN' });
    const readFails = expect(reading).rejects.toMatchObject({ code: 'DISCONNECTED' });
    server.stop();
    await network.clock.advance(10);
    await Promise.all([putFails, readFails]);
    // It is never repeated.
    server.restart();
    await network.clock.advance(5000);
    expect(server.connection.asked.filter((each) => each.command === commands.PUT)).toEqual([]);
  });

  it('too large an answer fails its own request; the connection goes on', async () => {
    await client.close();
    begin('little', { maxMessageBytes: 2000 });
    server.pvs.set('WAVE', { field: wire.structure('', { value: wire.array('double') }), value: { value: new Float64Array(1000) } });
    await expect(soon(client.channel('WAVE').get())).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect((await soon(client.channel('PV').get())).value).toBe(1.5);
    expect(server.connections.length).toBe(1);
  });

  it('closing the client ends everything that waits', async () => {
    server.pvs.set('SLOW', { field: ntDouble, value: {}, silent: true });
    const all = [client.channel('SLOW').get(), client.channel('NOWHERE').whenConnected(), client.channel('SLOW').rpc({ a: 1 })];
    const ends = all.map((promise) => expect(promise).rejects.toMatchObject({ code: 'CLOSED' }));
    await network.clock.advance(50);
    await client.close();
    await Promise.all(ends);
    expect(() => client.channel('PV')).toThrow(/closed/);
  });
});

describe('connections', () => {
  it('are asked by an echo, and given up when the server stays silent', async () => {
    const channel = client.channel('PV');
    await soon(channel.whenConnected());
    await network.clock.advance(120_000);
    expect(channel.connected).toBe(true);
    server.echoes = false;
    server.answers = false;
    await network.clock.advance(41_000);
    expect(channel.state).toBe('disconnected');
    expect(client.statistics.circuits).toBe(0);
  });

  it('end with a server whose bytes make no sense, and are tried again later', async () => {
    const channel = client.channel('PV');
    await soon(channel.whenConnected());
    server.connection.end.send(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]));
    await network.clock.advance(10);
    expect(channel.state).toBe('disconnected');
    expect(warnings).toMatchObject([{ code: 'REMOTE_PROTOCOL' }]);
    await network.clock.advance(1000);
    expect(channel.connected).toBe(true);
  });

  it('a channel that is refused is asked for again, ever more rarely, and said once', async () => {
    network.serveUdp('10.0.0.1:5076', (bytes, reply) => {
      wire.readDatagram(bytes, (_command, reader) => reply(server.searchResponse(wire.readSearch(reader).channels.map(({ id }) => id))));
    });
    const channel = client.channel('GONE');
    await network.clock.advance(60_000);
    expect(channel.state).toBe('never');
    expect(network.connections.length).toBeLessThan(15);
    expect(warnings.filter((warning) => warning.code === 'CHANNEL_REFUSED').length).toBe(1);
  });

  it('a second server with the same name is told; the same one by another way is not', async () => {
    const channel = client.channel('PV');
    await soon(channel.whenConnected());
    const id = server.datagrams[0]?.channels[0]?.id ?? 0;
    const again = new ScriptedServer(network, 'little', '10.0.0.2');
    again.guid = server.guid;
    const tell = (from: ScriptedServer): void => {
      network.serveUdp('10.0.0.1:5076', (_bytes, reply) => reply(from.searchResponse([id], from.host)));
      client.channel(`X${from.guid}`);
    };
    tell(again);
    await network.clock.advance(50);
    expect(warnings).toEqual([]);
    again.guid = 'ffffffffffffffffffffffff';
    tell(again);
    await network.clock.advance(50);
    expect(warnings).toMatchObject([{ code: 'DUPLICATE_PV' }]);
    expect(channel.info?.duplicates).toEqual(['10.0.0.2:5075']);
  });

  it('a channel that is never described connects all the same, and serves RPC before', async () => {
    server.pvs.set('SERVICE', { field: ntDouble, value: {}, undescribed: true });
    const channel = client.channel('SERVICE');
    const states: ChannelState[] = [];
    channel.onState((state) => states.push(state));
    expect(await soon(channel.rpc({ field: wire.scalar('int'), value: 4 }))).toEqual({ field: wire.scalar('int'), value: 4 });
    expect([channel.connected, states]).toEqual([false, []]);
    await network.clock.advance(2500);
    expect(channel).toMatchObject({ connected: true, info: { field: null } });
    expect(states).toEqual(['connected']);
  });

  it('a type is asked for when somebody wants to know it', async () => {
    const channel = client.channel('PV');
    await soon(channel.whenReachable());
    expect((await soon(channel.get())).value).toBe(1.5);
    expect(channel).toMatchObject({ connected: true, info: { name: 'PV', host: '10.0.0.1:5075', field: null } });
    expect(server.askedForTypes).toBe(0);
    expect(await soon(channel.whenConnected())).toMatchObject({ type: 'DOUBLE', count: 1, field: ntDouble });
    expect(channel.info).toMatchObject({ type: 'DOUBLE', field: ntDouble });
    await soon(channel.whenConnected());
    expect(server.askedForTypes).toBe(1);
    // Whoever follows the state is told the type with it, from then on.
    const types: (string | undefined)[] = [];
    channel.onState((state, info) => { if (state === 'connected') types.push(info?.type); });
    server.stop();
    await network.clock.advance(100);
    server.restart();
    await network.clock.advance(3000);
    expect([types, server.askedForTypes]).toEqual([['DOUBLE'], 2]);
  });
});
