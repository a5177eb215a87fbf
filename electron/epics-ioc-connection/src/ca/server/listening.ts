// Opens the server's sockets and closes them, and says which port it was that somebody else has.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import type { Server as TcpServer, Socket } from 'node:net';
import { CaError } from '../errors';

export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  readonly code = 'PORT_IN_USE';
  constructor(transport: 'TCP' | 'UDP', host: string, port: number, options?: ErrorOptions) {
    super(`${transport} port ${port} on ${host} is in use by another program. Stop that one, or choose another port.`, options);
  }
}

/** The system does not give the port to this program (Windows: or to this one beside another). */
class PortDeniedError extends CaError {
  constructor(transport: 'TCP' | 'UDP', host: string, port: number) {
    super('BAD_OPTION', `${transport} port ${port} on ${host} needs rights that this program does not have${port > 0 && port < 1024 ? ' (so do all below 1024)' : ''}. Choose another port, or give it those rights.`);
  }
}

/** Another port may be free. */
export function wantsOtherPort(error: unknown): boolean {
  return error instanceof PortInUseError || error instanceof PortDeniedError;
}

/** Errors: `CaError` BAD_OPTION for a port that cannot be. */
export function checkPorts(ports: Readonly<Record<string, number | undefined>>): void {
  for (const [option, port] of Object.entries(ports)) {
    if (port === undefined || (Number.isInteger(port) && port >= 0 && port <= 65_535)) continue;
    throw new CaError('BAD_OPTION', `The option ${option} is ${typeof port === 'string' ? `"${String(port)}"` : String(port)}: it must be a port, 0 to 65535.`);
  }
}

function listenTcp(server: TcpServer, host: string, port: number): Promise<TcpServer> {
  return new Promise((resolve, reject) => {
    // Stays for good: once listening, an error is that of one client that could not be accepted.
    server.on('error', (error) => reject(named(error, 'TCP', host, port)));
    server.listen(port, host, () => resolve(server));
  });
}

/** `orAny`: a free port where that one is in use, or not for this program. Errors: `PortInUseError`; `CaError` BAD_OPTION for a port or an address that it cannot have. */
export async function listenOn(make: () => TcpServer, host: string, port: number, orAny: boolean): Promise<TcpServer> {
  try {
    return await listenTcp(make(), host, port);
  } catch (error) {
    if (!orAny || port === 0 || !wantsOtherPort(error)) throw error;
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

/** All at once, so that nobody connects to one while another is waited for. `clients`: theirs are closed too. */
export async function closeAll(servers: readonly (TcpServer | UdpSocket | null)[], clients: Iterable<Socket>): Promise<void> {
  const closed = servers.map((server) => server && new Promise<void>((resolve) => { server.close(() => resolve()); }));
  for (const socket of clients) socket.destroy();
  await Promise.all(closed);
}

/** Whether a server listens: opened once until it is closed. Closing waits for an opening that is under way, so that nothing of it is left, and the other way round. */
export class Listening {
  private opening: Promise<void> | null = null;
  private closing: Promise<void> | null = null;

  /** `close`: whatever `open` has opened, also where it has failed. */
  constructor(private readonly open: () => Promise<void>, private readonly close: () => Promise<void>) {}

  begin(): Promise<void> {
    if (this.opening) return this.opening;
    const opening = this.attempt(this.closing);
    this.opening = opening;
    opening.catch(() => { if (this.opening === opening) this.opening = null; });
    return opening;
  }

  end(): Promise<void> {
    const { opening, closing } = this;
    this.opening = null;
    return this.closing = this.finish(opening, closing);
  }

  private async attempt(closing: Promise<void> | null): Promise<void> {
    await closing;
    try {
      await this.open();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  private async finish(opening: Promise<void> | null, closing: Promise<void> | null): Promise<void> {
    await closing;
    await opening?.catch(() => undefined);
    await this.close();
  }
}

function named(error: NodeJS.ErrnoException, transport: 'TCP' | 'UDP', host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE': return new PortInUseError(transport, host, port, { cause: error });
    case 'EACCES': return new PortDeniedError(transport, host, port);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CaError('BAD_OPTION', `This machine has no address ${host} to listen on. Choose one of its own, 127.0.0.1 for programs of this machine alone, or 0.0.0.0 for all of them.`);
    default: return error;
  }
}
