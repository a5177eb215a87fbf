// Ports below those that systems give out by themselves, so that a server that is down for a while finds its own free.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const [first, count] = [12_000, 18_000];
let next = (process.pid * 37) % count;

/** Free for TCP and UDP on loopback, and not given out before. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < count; attempt += 1) {
    const port = first + next;
    next = (next + 1) % count;
    if (await isFree(port)) return port;
  }
  throw new Error('No port is free on loopback.');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const tcp = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!tcp) return false;
  await new Promise<void>((resolve) => { server.close(() => resolve()); });
  const socket = createSocket('udp4');
  return new Promise<boolean>((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind(port, '127.0.0.1', () => { socket.close(() => resolve(true)); });
  });
}
