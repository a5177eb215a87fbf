// The CA repeater of this machine, in this process, where no other one runs: one for all clients of the process, until the last has gone.
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import type { Disposable } from '../api';
import { bindUdp, wantsOtherPort } from './server/listening';
import { confirmation, probe, repeat } from './repeater';

/** Registrations beyond it are refused. */
const maxClients = 1000;

export interface Repeater extends Disposable {
  /** `host:port` of those who get the beacons. */
  readonly clients: readonly string[];
}

/** `users` counts from the moment that somebody asks, so that one who leaves meanwhile does not close it for those who come. */
interface Shared { users: number; readonly started: Promise<RepeaterSocket | null> }
const running = new Map<number, Shared>();

/** Null where another repeater has the port: register with that one. `dispose` gives it back. Errors: the socket's, other than a port in use. */
export async function startRepeater(host: string, port: number): Promise<Repeater | null> {
  const shared = running.get(port) ?? { users: 0, started: open(host, port) };
  running.set(port, shared);
  shared.users += 1;
  const forget = (): void => { if (running.get(port) === shared) running.delete(port); };
  const repeater = await shared.started.catch((error: unknown) => {
    forget();
    throw error;
  });
  if (!repeater) {
    forget();
    return null;
  }
  let given = false;
  return {
    get clients() { return repeater.clients; },
    dispose: () => {
      if (given) return;
      given = true;
      shared.users -= 1;
      if (shared.users > 0) return;
      forget();
      repeater.close();
    },
  };
}

async function open(host: string, port: number): Promise<RepeaterSocket | null> {
  try {
    return new RepeaterSocket(await bindUdp(host, port));
  } catch (error) {
    if (wantsOtherPort(error)) return null;
    throw error;
  }
}

class RepeaterSocket {
  /** One connected socket a client: a port that is gone shows as an error of its own socket. */
  private readonly sockets = new Map<string, Socket>();

  constructor(private readonly socket: Socket) {
    socket.on('message', (datagram, sender) => {
      const { registers, forward } = repeat(datagram, sender.address, sender.port);
      const key = `${sender.address}:${sender.port}`;
      if (registers) this.register(key, sender.address, sender.port);
      if (forward) this.send(forward, key);
    });
    // A client of this process holds it; by itself it keeps no program running.
    socket.unref();
  }

  get clients(): string[] { return [...this.sockets.keys()]; }

  close(): void {
    for (const socket of this.sockets.values()) socket.close();
    this.sockets.clear();
    this.socket.close();
  }

  /** Again from a known client: it wants to know whether this repeater is still there. */
  private register(key: string, host: string, port: number): void {
    if (!isOwnAddress(host)) return;
    const known = this.sockets.get(key);
    if (known) return sendTo(known, confirmation(host));
    if (this.sockets.size >= maxClients) return;
    // Who came before is asked whether it is still there.
    this.send(probe(), key);
    const socket = createSocket('udp4');
    this.sockets.set(key, socket);
    const gone = (): void => {
      if (this.sockets.get(key) !== socket) return;
      this.sockets.delete(key);
      socket.close();
    };
    socket.on('error', gone);
    socket.unref();
    socket.connect(port, host, () => {
      if (this.sockets.get(key) === socket) socket.send(confirmation(host), (error) => { if (error) gone(); });
    });
  }

  private send(bytes: Uint8Array, exceptKey: string): void {
    for (const [key, socket] of this.sockets) if (key !== exceptKey) sendTo(socket, bytes);
  }
}

/** A client whose port is gone is told by the socket's `error`; one that is not connected yet misses this one. */
function sendTo(socket: Socket, bytes: Uint8Array): void {
  try {
    socket.send(bytes, (error) => { if (error) socket.emit('error', error); });
  } catch { /* Not connected yet. */ }
}

function isOwnAddress(host: string): boolean {
  return host.startsWith('127.') || Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === host));
}
