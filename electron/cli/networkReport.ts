// What `endstation doctor PV` saw on the network: who was asked, who answered, how the connections were made.
import type { DiagnosticEvent, Protocol, TlsInfo } from 'epics-ioc-connection';
import type { Finding } from './machineChecks';

const names: Readonly<Record<Protocol, string>> = { ca: 'Channel Access', pva: 'pvAccess' };

interface Seen {
  searches: number;
  datagrams: number;
  readonly targets: Set<string>;
  readonly answered: Set<string>;
  /** By server: its connection. */
  readonly servers: Map<string, Reached>;
}
/** `milliseconds`: until it stood; null: it did not. `tls`: who the server is, where it is secured; a text: why TLS failed. */
interface Reached { readonly milliseconds: number | null; readonly tls: TlsInfo | string | null }

export class NetworkReport {
  private readonly seen = new Map<Protocol, Seen>();

  add(event: DiagnosticEvent): void {
    const { protocol } = event;
    const seen = this.seen.get(protocol) ?? { searches: 0, datagrams: 0, targets: new Set(), answered: new Set(), servers: new Map<string, Reached>() };
    this.seen.set(protocol, seen);
    if (event.kind === 'search') {
      seen.searches += 1;
      seen.datagrams += event.datagrams * event.targets.length;
      for (const target of event.targets) seen.targets.add(target);
    } else if (event.kind === 'answer') seen.answered.add(event.pv);
    else if (event.kind === 'circuit') {
      if (event.state === 'connecting') seen.servers.set(event.server, { milliseconds: null, tls: null });
      else if (event.state === 'open') seen.servers.set(event.server, { milliseconds: event.milliseconds ?? 0, tls: event.tls ?? null });
      else if (event.state === 'closed' && event.insecure) seen.servers.set(event.server, { milliseconds: null, tls: event.reason ?? 'it does not say why' });
    }
  }

  /** A line for each protocol that was used, and one for each server. */
  findings(): Finding[] {
    return [...this.seen].filter(([, { searches }]) => searches > 0).flatMap(([protocol, { searches, datagrams, targets, answered, servers }]) => {
      const where = targets.size === 0 ? 'nowhere, since no address is set' : `at ${[...targets].join(', ')}`;
      const search: Finding = {
        check: 'network', level: 'note', protocol, searches, datagrams, targets: [...targets], answered: [...answered],
        message: `${names[protocol]} asked ${searches} ${searches === 1 ? 'time' : 'times'} ${where}; ${answered.size === 0 ? 'nobody answered' : `${answered.size} ${answered.size === 1 ? 'PV was' : 'PVs were'} answered for`}.`,
      };
      const circuits = [...servers].map(([server, reached]) => connectionFinding(protocol, server, reached));
      return [search, ...circuits];
    });
  }
}

function connectionFinding(protocol: Protocol, server: string, { milliseconds, tls }: Reached): Finding {
  const found = { check: 'network', protocol, server } as const;
  if (typeof tls === 'string') return { ...found, level: 'problem', message: `${server} answered a search, but TLS failed: ${tls}.` };
  if (milliseconds === null) return { ...found, level: 'problem', message: `${server} answered a search, but its TCP port was not reached. Check the firewall between here and there.` };
  const secured = tls ? `, secured by TLS: it is ${tls.peer ?? 'a server without a name'}, of the authority ${tls.authority ?? 'unknown'}` : '';
  return { ...found, level: 'ok', milliseconds, ...(tls ? { tls } : {}), message: `${server} was reached over TCP within ${milliseconds.toFixed(1)} ms${secured}.` };
}
