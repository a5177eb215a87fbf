// The server on real sockets of loopback: search, one circuit, back-pressure, ports.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { CaClient } from '../client';
import { bytes, header, text } from '../protocol/hexBytes.testing';
import { create, eventAdd } from './circuit.testing';
import { CaServer } from './caServer';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function started(options: ConstructorParameters<typeof CaServer>[0] = {}): Promise<CaServer> {
  const server = new CaServer(options);
  await server.listen();
  closers.push(() => server.close());
  return server;
}

function client(server: CaServer): CaClient {
  const made = new CaClient({ addressList: [`127.0.0.1:${server.udpPort}`], autoAddressList: false, environment: {} });
  closers.push(() => made.close());
  return made;
}

/** Waits for `condition`, however long a loaded machine takes. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function circuit(server: CaServer): Promise<Socket> {
  const socket = connect(server.tcpPort, '127.0.0.1');
  closers.push(() => socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

describe('CaServer', () => {
  it('listens on loopback, with one number for TCP and UDP', async () => {
    const server = await started();
    expect(server.tcpPort).toBeGreaterThan(0);
    expect(server.udpPort).toBe(server.tcpPort);
  });

  it('says which port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    closers.push(() => other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    await expect(new CaServer({ port }).listen()).rejects.toMatchObject({ code: 'PORT_IN_USE', message: expect.stringContaining(`TCP port ${port}`) as string });
  });

  it('keeps nothing open when its UDP port is taken', async () => {
    const udp = createSocket('udp4');
    closers.push(() => udp.close());
    await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
    const server = new CaServer({ udpPort: udp.address().port });
    await expect(server.listen()).rejects.toMatchObject({ code: 'PORT_IN_USE', message: expect.stringContaining('UDP port') as string });
    expect(server.tcpPort).toBe(0);
  });

  it('shares the port of searches with other servers of its machine, and each hears the broadcasts', async () => {
    const first = await started({ host: '0.0.0.0' });
    first.add('T:ONE', { type: 'LONG', initial: 1 });
    const second = await started({ host: '0.0.0.0', udpPort: first.udpPort });
    await first.close();
    const third = await started({ host: '0.0.0.0', udpPort: second.udpPort });
    second.add('T:TWO', { type: 'LONG', initial: 2 });
    third.add('T:THREE', { type: 'LONG', initial: 3 });
    expect(new Set([second.tcpPort, third.tcpPort]).size).toBe(2);
    const made = new CaClient({ addressList: [`127.255.255.255:${second.udpPort}`], autoAddressList: false, environment: {} });
    closers.push(() => made.close());
    expect([(await made.channel('T:TWO').get()).value, (await made.channel('T:THREE').get()).value]).toEqual([2, 3]);
  });

  it('answers no search from port 0: that would end the program', async () => {
    const server = await started();
    server.add('T:A', { type: 'LONG', initial: 1 });
    // Only a raw socket sends one: it is handed to the server's own as the system would do it.
    const { udp } = server as unknown as { udp: UdpSocket };
    const datagram = Buffer.from(bytes(header(0, 0, 0, 13, 0, 0), header(6, 8, 5, 13, 1, 1), text('T:A', 8)));
    expect(udp.emit('message', datagram, { address: '127.0.0.1', family: 'IPv4', port: 0, size: datagram.length })).toBe(true);
    expect((await client(server).channel('T:A').get()).value).toBe(1);
  });

  it('serves our own client: get, put-callback, monitor, a refused put', async () => {
    const server = await started();
    const pv = server.add('T:A', {
      type: 'DOUBLE', initial: 1.5, metadata: { units: 'µm', precision: 2 },
      onWrite: async ({ value }) => {
        if (value as number > 10) throw new Error('too far');
        await new Promise((resolve) => setTimeout(resolve, 20));
        pv.update({ value });
      },
    });
    const channel = client(server).channel('T:A');
    expect(await channel.get({ metadata: true })).toMatchObject({ value: 1.5, metadata: { units: 'µm', precision: 2 } });
    expect(await channel.get({ as: 'string' })).toMatchObject({ value: '1.50' });
    const seen: unknown[] = [];
    channel.monitor({}, ({ value }) => seen.push(value));
    await until(() => seen.length === 1);
    await channel.put(4, { wait: true });
    expect(pv.state.value).toBe(4);
    await until(() => seen.length === 2);
    expect(seen).toEqual([1.5, 4]);
    await expect(channel.put(11, { wait: true })).rejects.toMatchObject({ code: 'PUT_FAILED' });
  });

  it('carries 1,000,000 doubles both ways', async () => {
    const server = await started();
    const pv = server.add('T:W', { type: 'DOUBLE', count: 1_000_000, initial: new Float64Array(0), onWrite: ({ value }) => pv.update({ value }) });
    const channel = client(server).channel('T:W');
    const sent = new Float64Array(1_000_000).map((_, index) => Math.sqrt(index));
    await channel.put(sent, { wait: true });
    const { value } = await channel.get();
    expect(Buffer.compare(Buffer.from((value as Float64Array).buffer, (value as Float64Array).byteOffset, 8e6), Buffer.from(sent.buffer))).toBe(0);
  });

  it('keeps at most one large value for a client that does not read, and then gives it the newest', async () => {
    const server = await started();
    const count = 100_000;
    const pv = server.add('T:W', { type: 'LONG', count, initial: new Int32Array(count) });
    const socket = await circuit(server);
    socket.write(bytes(create(1, 'T:W'), eventAdd(5, 0, 1, 9, 1)));
    await until(() => socket.bytesRead > 0);
    socket.pause();
    let posted = 0;
    for (; posted < 300; posted++) {
      pv.update({ value: new Int32Array(count).fill(posted + 1) });
      await new Promise((resolve) => setImmediate(resolve));
    }
    const before = socket.bytesRead;
    let last = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      last = Buffer.concat([last, chunk]).subarray(-4);
    });
    socket.resume();
    await until(() => last.length === 4 && last.readInt32BE(0) === posted);
    // 300 updates of 400 kB were made; what was sent is what the system's own buffers took.
    expect(socket.bytesRead - before).toBeLessThan(100 * 400_000);
  });

  it('answers a search over TCP, and an echo', async () => {
    const server = await started();
    server.add('T:A', { type: 'SHORT', initial: 1 });
    const socket = await circuit(server);
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => (received = Buffer.concat([received, chunk])));
    socket.write(bytes(header(6, 8, 10, 13, 5, 5), text('T:A', 8), header(23, 0, 0, 0, 0, 0)));
    await until(() => received.length >= 16 + 24 + 16);
    expect(received.readUInt16BE(16)).toBe(6);
    expect(received.readUInt16BE(20)).toBe(server.tcpPort);
    expect(received.readUInt16BE(40)).toBe(23);
  });

  it('closes with clients on it', async () => {
    const server = new CaServer();
    await server.listen();
    const socket = await circuit(server);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    await server.close();
    await closed;
    expect(server.tcpPort).toBe(0);
  });
});

it('a client that was told to go and stays is not waited for', async () => {
  const server = new CaServer();
  server.add('A', { type: 'DOUBLE', initial: 1 });
  await server.listen();
  const socket = connect({ port: server.tcpPort, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  // What no client may send: the server says so, ends its side, and this client goes on talking.
  socket.write(Buffer.from(bytes(header(0x55, 0, 0, 0, 0, 0))));
  socket.resume();
  const talking = setInterval(() => socket.write(Buffer.alloc(16)), 50);
  const ended = new Promise<void>((resolve) => {
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });
  await ended;
  clearInterval(talking);
  await server.close();
});
