// Beacons by broadcast, on loopback's own broadcast address.
import { expect, it } from 'vitest';
import { PvaClient, PvaServer } from '../index';
import { bindUdp } from '../ca/server/listening';

async function freeUdpPort(): Promise<number> {
  const socket = await bindUdp('127.0.0.1', 0);
  const { port } = socket.address();
  await new Promise<void>((resolve) => { socket.close(() => resolve()); });
  return port;
}

it('a client hears a server that starts, without taking its searches', async () => {
  const broadcastPort = await freeUdpPort();
  const options = { environment: {}, addressList: ['127.0.0.1', '127.255.255.255'], autoAddressList: false, broadcastPort };
  const clients = [new PvaClient(options), new PvaClient(options)];
  const server = new PvaServer({ udpPort: broadcastPort, beaconAddresses: [`127.255.255.255:${broadcastPort}`] });
  try {
    const heard: string[] = [];
    const channels = clients.map((client) => {
      client.onDiagnostic((event) => { if (event.kind === 'beacon') heard.push(event.server); });
      return client.channel('X');
    });
    // Both have searched, for a server that is not there.
    while (clients.some((client) => client.statistics.datagramsSent < 4)) await new Promise((resolve) => { setTimeout(resolve, 5); });
    server.add('X', { type: 'DOUBLE', initial: 7 });
    await server.listen();
    expect(await Promise.all(channels.map(async (channel) => (await channel.get()).value))).toEqual([7, 7]);
    while (heard.length < 2) await new Promise((resolve) => { setTimeout(resolve, 5); });
    expect(heard).toEqual([`127.0.0.1:${server.tcpPort}`, `127.0.0.1:${server.tcpPort}`]);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await server.close();
  }
});
