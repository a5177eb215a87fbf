// What a server says that cannot listen.
import { createServer, type Server as TcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ServerOptions } from '../../api';
import { PvaServer } from '../../pva/server';
import { CaServer } from './caServer';
import { closeAll, listenOn } from './listening';

const open: TcpServer[] = [];
afterEach(async () => { await closeAll(open.splice(0), []); });

/** Only programs without rights are denied a port: the system's word is said for it, once. */
function deniedOnce(): () => TcpServer {
  let first = true;
  return () => {
    const server = createServer();
    const denied = (): TcpServer => {
      server.emit('error', Object.assign(new Error('listen EACCES'), { code: 'EACCES' }));
      return server;
    };
    if (first) server.listen = denied;
    first = false;
    return server;
  };
}

describe.each([
  ['CaServer', (options: ServerOptions) => new CaServer(options)], ['PvaServer', (options: ServerOptions) => new PvaServer({ ...options, tls: false })],
] as const)('%s', (_name, make) => {
  it.each([
    [{ port: 'abc' }, 'The option port is "abc": it must be a port, 0 to 65535.'], [{ port: -1 }, 'The option port is -1: it must be a port, 0 to 65535.'],
    [{ port: 70_000, orAnyPort: true }, 'The option port is 70000'], [{ udpPort: 1.5 }, 'The option udpPort is 1.5'], [{ udpPort: NaN }, 'The option udpPort is NaN'],
    [{ host: '192.0.2.1' }, 'This machine has no address 192.0.2.1 to listen on.'],
  ])('says what is wrong with %j', async (options, message) => {
    await expect(make(options as unknown as ServerOptions).listen()).rejects.toMatchObject({ code: 'BAD_OPTION', message: expect.stringContaining(message) as string });
  });
});

it('says that a port needs rights, and takes another where any will do', async () => {
  await expect(listenOn(deniedOnce(), '127.0.0.1', 80, false)).rejects.toMatchObject({
    code: 'BAD_OPTION', message: 'TCP port 80 on 127.0.0.1 needs rights that this program does not have (so do all below 1024). Choose another port, or give it those rights.',
  });
  const server = await listenOn(deniedOnce(), '127.0.0.1', 80, true);
  open.push(server);
  expect((server.address() as { port: number }).port).toBeGreaterThan(1023);
});
