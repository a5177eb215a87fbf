// The server on its sockets: loopback only, ports of its own.
import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { PortInUseError } from '../../ca/server';
import { commands, readBeacon, readDatagram, readOperationResponse, readSearchResponse, scalar, structure, TypeCache, WireWriter, writeCreateChannel, writeInit, writeOperation, writeSearch, writeValidationResponse } from '../protocol';
import type { SearchResponse } from '../protocol';
import { messages } from './connection.testing';
import { PvaServer } from './pvaServer';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listening(server: PvaServer): Promise<PvaServer> {
  await server.listen();
  closers.push(() => server.close());
  return server;
}

/** A client's socket that gathers what comes. */
async function dial(port: number): Promise<{ socket: Socket; received: () => Buffer; until: (condition: () => boolean) => Promise<void> }> {
  const socket = connect(port, '127.0.0.1');
  closers.push(() => socket.destroy());
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { socket, received: () => Buffer.concat(chunks), until };
}

const written = (write: (writer: WireWriter) => void): Buffer => {
  const writer = new WireWriter('client');
  writer.littleEndian = true;
  write(writer);
  return Buffer.from(writer.take());
};
/** What is whole of it. */
const commandsIn = (bytes: Uint8Array): number[] => messages(bytes).map(({ command }) => command);

function ask(port: number, name: string): Promise<SearchResponse> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    closers.push(() => socket.close());
    socket.on('message', (datagram) => readDatagram(datagram, (_command, payload) => resolve(readSearchResponse(payload))));
    socket.bind(0, '127.0.0.1', () => {
      const datagram = written((writer) => writeSearch(writer, {
        sequence: 1, replyRequired: false, unicast: true, address: null, port: socket.address().port, protocols: ['tcp'], channels: [{ id: 4, name }],
      }));
      socket.send(datagram, port, '127.0.0.1');
    });
  });
}

it('is found by a search and serves what it found', async () => {
  const server = await listening(new PvaServer());
  server.add('A', { type: 'DOUBLE', initial: 4.5 });
  const found = await ask(server.udpPort, 'A');
  expect(found).toMatchObject({ port: server.tcpPort, channelIds: [4], guid: server.guid });
  const { socket, received, until } = await dial(found.port);
  socket.write(Buffer.concat([
    written((writer) => writeValidationResponse(writer, { method: 'anonymous', data: null })),
    written((writer) => writeCreateChannel(writer, [{ id: 1, name: 'A' }])),
    written((writer) => writeInit(writer, commands.GET, { serverId: 1, requestId: 1 }, null)),
    written((writer) => writeOperation(writer, commands.GET, { serverId: 1, requestId: 1, subcommand: 0 })),
  ]));
  await until(() => commandsIn(received()).filter((command) => command === commands.GET).length === 2);
  const last = messages(received()).at(-1)!;
  expect(readOperationResponse(last.payload).status.type).toBe('OK');
});

it('has another identity after each start', async () => {
  const server = new PvaServer();
  await server.listen();
  const first = server.guid;
  await server.close();
  await listening(server);
  expect(first).toMatch(/^[0-9a-f]{24}$/);
  expect(server.guid).not.toBe(first);
});

it('shares its search port with clients, also with one that was asked for, and says which TCP port is taken', async () => {
  const first = await listening(new PvaServer());
  await expect(new PvaServer({ port: first.tcpPort }).listen()).rejects.toThrow(PortInUseError);
  const beacons = createSocket({ type: 'udp4', reuseAddr: true });
  closers.push(() => beacons.close());
  await new Promise<void>((resolve) => beacons.bind(0, resolve));
  const listener = createSocket({ type: 'udp4', reuseAddr: true });
  closers.push(() => listener.close());
  await new Promise<void>((resolve) => listener.bind(first.udpPort, resolve));
  const second = await listening(new PvaServer({ udpPort: beacons.address().port }));
  expect(second.udpPort).toBe(beacons.address().port);
});

it('several on one search port are all found by a search that is sent to one of them', async () => {
  const { udpPort } = await listening(new PvaServer());
  const servers = [await listening(new PvaServer({ udpPort })), await listening(new PvaServer({ udpPort })), await listening(new PvaServer({ host: '0.0.0.0', udpPort }))];
  servers.forEach((server, i) => server.add(`PV:${i}`, { type: 'LONG', initial: i }));
  for (const [i, server] of servers.entries()) expect(await ask(udpPort, `PV:${i}`)).toMatchObject({ port: server.tcpPort, channelIds: [4], guid: server.guid });
});

it('announces itself only where it was told to', async () => {
  const socket = createSocket('udp4');
  closers.push(() => socket.close());
  const datagrams: Buffer[] = [];
  socket.on('message', (datagram) => datagrams.push(datagram));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const heard = new Promise((resolve) => socket.once('message', resolve));
  const server = await listening(new PvaServer({ beaconAddresses: [`127.0.0.1:${socket.address().port}`] }));
  await heard;
  readDatagram(datagrams[0]!, (command, payload) => {
    expect(command).toBe(commands.BEACON);
    expect(readBeacon(payload, new TypeCache())).toMatchObject({ guid: server.guid, sequence: 0, address: null, port: server.tcpPort, protocol: 'tcp' });
  });
});

it('drops a client that talks nonsense, and goes on with the others', async () => {
  const server = await listening(new PvaServer());
  const [bad, good] = [await dial(server.tcpPort), await dial(server.tcpPort)];
  const closed = new Promise((resolve) => bad.socket.once('close', resolve));
  bad.socket.write('GET / HTTP/1.1\r\n\r\n');
  await closed;
  good.socket.write(written((writer) => writeValidationResponse(writer, { method: 'anonymous', data: null })));
  await good.until(() => commandsIn(good.received()).includes(commands.CONNECTION_VALIDATED));
});

it('sends a client that stopped reading the newest value when it goes on, and keeps little for it meanwhile', async () => {
  const server = await listening(new PvaServer());
  const size = 100_000;
  const pv = server.add('W', { type: 'DOUBLE', count: size, initial: new Float64Array(size) });
  const { socket, received, until } = await dial(server.tcpPort);
  socket.write(Buffer.concat([
    written((writer) => writeValidationResponse(writer, { method: 'anonymous', data: null })),
    written((writer) => writeCreateChannel(writer, [{ id: 1, name: 'W' }])),
    written((writer) => writeInit(writer, commands.MONITOR, { serverId: 1, requestId: 1 }, null)),
    written((writer) => writeOperation(writer, commands.MONITOR, { serverId: 1, requestId: 1, subcommand: 0x44 })),
  ]));
  await until(() => commandsIn(received()).filter((command) => command === commands.MONITOR).length === 2);
  socket.pause();
  for (let turn = 1; turn <= 300; turn += 1) {
    pv.update({ value: new Float64Array(size).fill(turn) });
    if (turn % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  socket.resume();
  const last = Buffer.from(new Float64Array(4).fill(300).buffer);
  await until(() => received().includes(last));
  // 300 updates are 240 MB: most were never sent.
  expect(received().length).toBeLessThan(120e6);
});

it('takes any free port for searches where that is asked for', async () => {
  const server = await listening(new PvaServer({ udpPort: 0 }));
  server.add('A', { type: 'LONG', initial: 1 });
  expect(await ask(server.udpPort, 'A')).toMatchObject({ found: true, port: server.tcpPort });
});

it('names the PV whose initial value its type cannot hold', () => {
  const server = new PvaServer({ environment: {}, tls: false });
  const problem = expect.objectContaining({ code: 'LOCAL_PROTOCOL', message: expect.stringMatching(/^S cannot begin with its initial value\. A field of type double cannot hold string\.$/) as string }) as Error;
  expect(() => server.addStructure('S', { type: structure('', { value: scalar('double') }), initial: { value: 'abc' } })).toThrow(problem);
  expect(server.names).toEqual([]);
});
