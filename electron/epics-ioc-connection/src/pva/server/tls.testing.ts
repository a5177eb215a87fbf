// For tests by TLS: a server of one PV that only a proved name may write, and what a client that cannot use its server says.
import type { ClientIdentity } from '../../api';
import type { PvaClient } from '../client';
import { PvaServer, type PvaServerOptions } from './pvaServer';
import type { PvaServerTlsOptions } from './serverTls';

export interface Served {
  readonly server: PvaServer;
  /** Why clients were turned away. */
  readonly refused: string[];
  /** Who wrote. */
  readonly seen: { user: string; identity: ClientIdentity }[];
}

/** It listens; its PV is `A`, 4.5. */
export async function serveByTls(tls: PvaServerTlsOptions, options: PvaServerOptions = {}): Promise<Served> {
  const refused: string[] = [];
  const seen: Served['seen'] = [];
  const server = new PvaServer({ environment: {}, tls: { onRefused: ({ reason }) => refused.push(reason), ...tls }, ...options });
  const pv = server.add('A', {
    type: 'DOUBLE', initial: 4.5, access: (_user, _host, { method }) => ({ read: true, write: method === 'x509' }),
    onWrite: ({ value, user, identity }) => {
      seen.push({ user, identity });
      pv.update({ value });
    },
  });
  await server.listen();
  return { server, refused, seen };
}

export function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(() => 'no error', (error: Error & { code: string }) => `${error.code} ${error.message}`);
}

/** What a read says once its client was told of trouble. */
export async function trouble(client: PvaClient, name: string): Promise<string> {
  const channel = client.channel(name);
  await new Promise((resolve) => { client.onWarning(resolve); });
  return messageOf(channel.get({ timeout: 0.2 }));
}
