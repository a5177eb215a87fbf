// The CA repeater: what it does with a datagram, and on real sockets of loopback.
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { CaClient } from './client';
import { bytes, header } from './protocol/hexBytes.testing';
import { repeat } from './repeater';
import { startRepeater } from './repeaterSocket';
import { CaServer } from './server';

const register = bytes(header(24, 0, 0, 0, 0, 0x7f000001));
const confirm = bytes(header(17, 0, 0, 0, 0, 0x7f000001));

describe('a datagram', () => {
  it('registers its sender, by the message or by being empty', () => {
    expect(repeat(register, '127.0.0.1', 4000)).toEqual({ registers: true, forward: null });
    expect(repeat(new Uint8Array(0), '127.0.0.1', 4000)).toEqual({ registers: true, forward: null });
  });

  it('from port 0, to which nothing can be sent, registers nobody', () => {
    expect(repeat(register, '127.0.0.1', 0)).toEqual({ registers: false, forward: null });
    expect(repeat(new Uint8Array(0), '127.0.0.1', 0)).toEqual({ registers: false, forward: null });
  });

  it('with a beacon is passed on, with the sender\'s address where it says none', () => {
    const beacon = (address: number): Uint8Array => bytes(header(13, 0, 13, 6000, 7, address));
    expect(repeat(beacon(0), '10.0.0.9', 4000)).toEqual({ registers: false, forward: beacon(0x0a000009) });
    expect(repeat(beacon(0x0a000001), '10.0.0.9', 4000).forward).toEqual(beacon(0x0a000001));
  });

  it('of anything else is passed on to nobody, cut short or not', () => {
    expect(repeat(bytes(header(6, 16, 5, 13, 1, 1)), '10.0.0.9', 4000)).toEqual({ registers: false, forward: null });
    expect(repeat(Uint8Array.of(0, 24, 0), '10.0.0.9', 4000)).toEqual({ registers: false, forward: null });
  });
});

describe('on sockets', () => {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });

  async function bound(): Promise<{ socket: Socket; heard: Buffer[]; port: number }> {
    const socket = createSocket('udp4');
    const heard: Buffer[] = [];
    socket.on('message', (datagram) => heard.push(datagram));
    await new Promise<void>((resolve) => { socket.bind(0, '127.0.0.1', () => resolve()); });
    return { socket, heard, port: socket.address().port };
  }
  async function repeaterOnFreePort() {
    const trial = await bound();
    await new Promise<void>((resolve) => { trial.socket.close(() => resolve()); });
    const repeater = await startRepeater('127.0.0.1', trial.port);
    open.push({ close: () => repeater!.dispose() });
    return { repeater: repeater!, port: trial.port };
  }
  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => { setTimeout(resolve, 5); });
  }

  it('confirms a registration, passes beacons on, and forgets a client whose port is gone', async () => {
    const { repeater, port } = await repeaterOnFreePort();
    const [first, second, server] = [await bound(), await bound(), await bound()];
    open.push(server.socket, second.socket);
    first.socket.send(register, port, '127.0.0.1');
    second.socket.send(register, port, '127.0.0.1');
    await until(() => first.heard.length > 0 && second.heard.length > 0);
    expect(first.heard[0]).toEqual(Buffer.from(confirm));
    expect(new Set(repeater.clients)).toEqual(new Set([`127.0.0.1:${first.port}`, `127.0.0.1:${second.port}`]));
    const beacon = bytes(header(13, 0, 13, 6000, 0, 0));
    server.socket.send(beacon, port, '127.0.0.1');
    const expected = Buffer.from(bytes(header(13, 0, 13, 6000, 0, 0x7f000001)));
    await until(() => [first, second].every(({ heard }) => heard.some((datagram) => datagram.equals(expected))));
    first.socket.close();
    while (repeater.clients.length > 1) {
      server.socket.send(beacon, port, '127.0.0.1');
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
    expect(repeater.clients).toEqual([`127.0.0.1:${second.port}`]);
    // Who registers again is confirmed again.
    const before = second.heard.length;
    second.socket.send(register, port, '127.0.0.1');
    await until(() => second.heard.slice(before).some((datagram) => datagram.equals(Buffer.from(confirm))));
  });

  it('is one a port for all clients of a process, until the last gives it back; another process\'s is left alone', async () => {
    const { port } = await repeaterOnFreePort();
    const again = await startRepeater('127.0.0.1', port);
    expect(again).not.toBeNull();
    again!.dispose();
    again!.dispose();
    const taken = await bound();
    open.push(taken.socket);
    expect(await startRepeater('127.0.0.1', taken.port)).toBeNull();
    expect((await startRepeater('127.0.0.1', port))!.dispose()).toBeUndefined();
  });

  it('stays for one who asks while the last one leaves', async () => {
    const { repeater, port } = await repeaterOnFreePort();
    const asking = startRepeater('127.0.0.1', port);
    repeater.dispose();
    const second = await asking;
    const client = await bound();
    open.push(client.socket, { close: () => second!.dispose() });
    client.socket.send(register, port, '127.0.0.1');
    await until(() => client.heard.length > 0);
    expect(second!.clients).toEqual([`127.0.0.1:${client.port}`]);
    // Gone with the last one, and there for whoever comes then.
    second!.dispose();
    const third = await startRepeater('127.0.0.1', port);
    expect(third!.clients).toEqual([]);
    third!.dispose();
  });

  it('CA 13: a client is the repeater where none runs, and hears a server that starts, so that it finds its PV long before the next search', async () => {
    const trial = await bound();
    const server = await bound();
    const [repeaterPort, udpPort] = [trial.port, server.port];
    await Promise.all([trial, server].map(({ socket }) => new Promise<void>((resolve) => { socket.close(() => resolve()); })));
    const options = { environment: {}, addressList: [`127.0.0.1:${udpPort}`], autoAddressList: false, repeaterPort };
    const [client, second] = [new CaClient(options), new CaClient(options)];
    open.push(client, second);
    const beacons: string[] = [];
    for (const each of [client, second]) each.onDiagnostic((event) => { if (event.kind === 'beacon') beacons.push(event.server); });
    await until(() => client.statistics.bytesReceived > 0 && second.statistics.bytesReceived > 0);
    const ioc = new CaServer({ udpPort, beaconAddresses: [`127.0.0.1:${repeaterPort}`] });
    open.push(ioc);
    ioc.add('X', { type: 'DOUBLE', initial: 1 });
    await ioc.listen();
    await until(() => beacons.length === 2);
    expect(beacons).toEqual([`127.0.0.1:${ioc.tcpPort}`, `127.0.0.1:${ioc.tcpPort}`]);
    expect((await client.channel('X').get()).value).toBe(1);
  });
});
