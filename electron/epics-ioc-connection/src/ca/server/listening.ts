// Opens the server's sockets, and says which port it was that somebody else has.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import type { Server as TcpServer } from 'node:net';

export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  readonly code = 'PORT_IN_USE';
  constructor(transport: 'TCP' | 'UDP', host: string, port: number, options?: ErrorOptions) {
    super(`${transport} port ${port} on ${host} is in use by another program. Stop that one, or choose another port.`, options);
  }
}

function listenTcp(server: TcpServer, host: string, port: number): Promise<TcpServer> {
  return new Promise((resolve, reject) => {
    // Stays for good: once listening, an error is that of one client that could not be accepted.
    server.on('error', (error) => reject(named(error, 'TCP', host, port)));
    server.listen(port, host, () => resolve(server));
  });
}

/** `orAny`: a free port where that one is in use. Errors: `PortInUseError`. */
export async function listenOn(make: () => TcpServer, host: string, port: number, orAny: boolean): Promise<TcpServer> {
  try {
    return await listenTcp(make(), host, port);
  } catch (error) {
    if (!orAny || port === 0 || !(error instanceof PortInUseError)) throw error;
    return listenTcp(make(), host, 0);
  }
}

/** `shared`: other programs may listen on the same port, as long as they say so too. */
export function bindUdp(host: string, port: number, { shared = false } = {}): Promise<UdpSocket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: shared });
    const fail = (error: Error): void => {
      socket.close();
      reject(named(error, 'UDP', host, port));
    };
    socket.once('error', fail);
    socket.bind(port, host, () => {
      socket.off('error', fail);
      // An answer that could not be delivered (ICMP) shows up here; there is nothing to do about it.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

/** A port that others may share. `asked`: somebody named it; else it is one that is free now. */
export async function bindShared(host: string, port: number, asked: boolean): Promise<UdpSocket> {
  if (!asked) {
    const trial = await bindUdp(host, port);
    await new Promise<void>((resolve) => trial.close(() => resolve()));
  }
  return bindUdp(host, port, { shared: true });
}

function named(error: NodeJS.ErrnoException, transport: 'TCP' | 'UDP', host: string, port: number): Error {
  return error.code === 'EADDRINUSE' || error.code === 'EACCES' ? new PortInUseError(transport, host, port, { cause: error }) : error;
}
