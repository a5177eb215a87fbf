// Where searches go to: the address list, with names looked up, and the broadcast addresses of this machine.
import { isIPv4 } from 'node:net';
import type { HostPort } from '../ca/clientOptions';
import { broadcastAddresses } from '../transport/interfaces';
import type { Transport } from '../transport/transport';

export interface SearchAddresses {
  readonly addresses: readonly HostPort[];
  /** Of the broadcast addresses; null: they are not searched on. */
  readonly autoPort: number | null;
}

/** `found` is called once, in this very tick where there is no name to look up. `unknown`: of a host that nobody knows. */
export async function resolveTargets(
  { addresses, autoPort }: SearchAddresses, transport: Transport, unknown: (host: string) => void, found: (targets: readonly HostPort[]) => void,
): Promise<void> {
  const targets = new Map<string, HostPort>();
  const add = (host: string, port: number): void => { targets.set(`${host}:${port}`, { host, port }); };
  for (const { host, port } of addresses) if (isIPv4(host)) add(host, port);
  const named = addresses.filter(({ host }) => !isIPv4(host));
  if (named.length > 0) await Promise.all(named.map(async ({ host, port }) => {
    try {
      add(await transport.resolve(host), port);
    } catch {
      unknown(host);
    }
  }));
  if (autoPort !== null) for (const host of broadcastAddresses()) add(host, autoPort);
  found([...targets.values()]);
}
