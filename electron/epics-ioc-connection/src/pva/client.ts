// The pvAccess client: channels by name, connections by server, the search that brings them together.
import { hostname, userInfo } from 'node:os';
import type { ProtocolClient, ClientStatistics } from '../api';
import type { HostPort } from '../ca/clientOptions';
import { Deadlines } from '../ca/deadlines';
import { CancelledError, ValueError } from '../ca/errors';
import { Listeners } from '../ca/listeners';
import { DiagnosticSource } from '../diagnostics';
import type { DiagnosticEvent } from '../diagnostics';
import { asyncDisposeSymbol, disposeSymbol } from '../disposal';
import type { Disposer } from '../disposal';
import { secureTransport } from '../transport/secureTransport';
import type { Clock, Timer, Transport } from '../transport/transport';
import { listenForBeacons } from './beaconSocket';
import { PvaChannel } from './channel';
import { readPvaSettings } from './clientOptions';
import type { PvaClientOptions, PvaSettings, ServerAddress } from './clientOptions';
import { ClientSecurity } from './clientSecurity';
import type { Obstacle } from './clientSecurity';
import { ConnectionLink, linkKey } from './connectionLink';
import type { ConnectionLinkEvents } from './connectionLink';
import { maxNameBytes, statusWords } from './protocol';
import type { SearchResponse } from './protocol';
import { PvaRequest } from './requests';
import { SearchNetwork } from './searchNetwork';
import type { ChannelHost } from './wireChannel';
import { PvaWireChannel } from './wireChannel';

type Warning = { code: string; message: string; pv?: string; host?: string };
interface Entry { readonly link: ConnectionLink; readonly members: Set<PvaWireChannel> }

/** Server processes that are remembered as gone. */
const mostRetired = 1000;
/** Milliseconds until a lost name server is tried again, doubled up to the longest. */
const nameServerPause = 1000;
const longestNameServerPause = 30_000;

export class PvaClient implements ProtocolClient, ChannelHost {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly addressHint: string;
  /** What it does on the network, as it happens. */
  readonly diagnostics: DiagnosticSource;
  private readonly settings: PvaSettings;
  private readonly security: ClientSecurity;
  private readonly totals = { bytesReceived: 0, bytesSent: 0, eventsReceived: 0 };
  private readonly byName = new Map<string, PvaWireChannel>();
  private readonly byId = new Map<number, PvaWireChannel>();
  /** By `linkKey`. */
  private readonly links = new Map<string, Entry>();
  private readonly warnings: Listeners<[Warning]>;
  private readonly network: SearchNetwork;
  private readonly timers = new Set<Timer>();
  /** GUIDs of connections that were lost: what still says them is late. */
  private readonly retired = new Set<string>();
  /** By key: milliseconds until it is tried again once it is lost. */
  private readonly nameServers = new Map<string, number>();
  private nextClientId = 1;
  private closed = false;

  /** `transport` is the real network where it is left out; tests give their own. */
  constructor(options: PvaClientOptions = {}, private readonly transport: Transport = secureTransport) {
    this.settings = readPvaSettings({ environment: process.env, ...options }, ownNames());
    this.security = new ClientSecurity(this.settings.tls, Date.now());
    this.clock = transport.clock;
    this.deadlines = new Deadlines(transport.clock);
    this.addressHint = options.addressList ? 'the address list that is searched' : 'EPICS_PVA_ADDR_LIST';
    this.warnings = new Listeners(rethrowLater);
    this.diagnostics = new DiagnosticSource('pva', transport.clock, () => this.statistics, rethrowLater);
    this.network = new SearchNetwork(transport, this.settings, {
      searched: (names, datagrams, targets) => {
        if (this.diagnostics.active) this.diagnostics.emit({ kind: 'search', names, datagrams, targets: [...targets, ...this.settings.nameServers.map(({ host, port }) => `${host}:${port}`)] });
      },
      answered: (answer, sender) => this.onAnswer(answer, { host: answer.address ?? sender, port: answer.port }, answer.address === null || answer.address === sender, null),
      serverAppeared: (server, guid) => this.onServerAppeared(server, guid),
      searchThere: (channels, sequence, port) => {
        for (const { link } of this.links.values()) {
          if (!this.nameServers.has(link.key) || !link.wire.ready) continue;
          link.wire.search(channels, sequence, port);
          link.flushSoon();
        }
      },
      warn: (warning) => this.warn(warning),
    }, this.totals, transport === secureTransport ? listenForBeacons : null);
    for (const address of this.settings.nameServers) {
      this.nameServers.set(linkKey(address), nameServerPause);
      this.linkTo(address);
    }
  }

  /** Starts to search at once. Handles of one name share the wire; each is to be closed. */
  channel(name: string, _options: { priority?: number } = {}): PvaChannel {
    if (this.closed) throw new CancelledError('CLOSED', 'The client is closed: make a new one.');
    if (name === '' || Buffer.byteLength(name) > maxNameBytes) throw new ValueError('BAD_OPTION', `A PV name has 1 to ${maxNameBytes} bytes.`, name);
    let wire = this.byName.get(name);
    if (!wire) {
      wire = new PvaWireChannel(this, name, this.nextClientId);
      this.nextClientId += 1;
      this.byName.set(name, wire);
      this.byId.set(wire.clientId, wire);
      this.search(wire, false);
    }
    return new PvaChannel(wire);
  }

  get statistics(): ClientStatistics {
    let connected = 0;
    for (const wire of this.byId.values()) if (wire.connected) connected += 1;
    return { channels: this.byId.size, connected, circuits: this.links.size, ...this.network.statistics, ...this.totals };
  }

  onWarning(listener: (warning: Warning) => void): Disposer { return this.warnings.add(listener); }
  /** Searches, answers, duplicates, connections and traffic, as they happen. */
  onDiagnostic(listener: (event: DiagnosticEvent) => void): Disposer { return this.diagnostics.add(listener); }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.network.close();
    for (const timer of this.timers) timer.cancel();
    for (const request of this.deadlines.items) if (request instanceof PvaRequest) request.cancelled();
    for (const wire of this.byId.values()) wire.close();
    for (const { link } of this.links.values()) link.close();
    this.deadlines.close();
    this.diagnostics.close();
    this.byId.clear();
    this.byName.clear();
    this.links.clear();
    this.warnings.clear();
  }

  dispose(): void { void this.close(); }
  [disposeSymbol](): void { void this.close(); }
  [asyncDisposeSymbol](): Promise<void> { return this.close(); }

  warn(warning: Warning): void {
    this.warnings.emit(warning);
    this.diagnostics.emit({ kind: 'warning', ...warning });
  }

  readonly listenerFailed = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    if (this.warnings.size === 0) rethrowLater(error);
    else this.warn({ code: 'LISTENER_FAILED', message: `A listener of this program failed: ${message}` });
  };

  /** The last handle was closed. */
  released(wire: PvaWireChannel): void {
    this.byId.delete(wire.clientId);
    this.byName.delete(wire.name);
    this.network.remove(wire.clientId);
    const { link, created, serverId } = wire;
    for (const request of this.deadlines.items) if (request instanceof PvaRequest && request.channel === wire) request.cancelled();
    wire.close();
    const entry = link ? this.links.get(link.key) : undefined;
    if (!entry || entry.link !== link || !entry.members.delete(wire)) return;
    link.wire.destroyChannel(created ? serverId : null, wire.clientId);
    link.flushSoon();
    this.closeIfUnused(entry);
  }

  private closeIfUnused(entry: Entry): void {
    const { key, server } = entry.link;
    if (this.nameServers.has(key) || entry.members.size > 0 || this.links.get(key) !== entry) return;
    this.links.delete(key);
    this.diagnostics.emit({ kind: 'circuit', server, state: 'closed', reason: 'nobody uses it any more' });
    entry.link.close();
  }

  private search(wire: PvaWireChannel, lost: boolean): void {
    wire.forgetDuplicates();
    this.network.add(wire.clientId, wire.name, lost, wire.setbacks.level);
    wire.searchStarted = this.clock.now();
  }

  /** `own`: the answer is the server's own, not one that a name server gives for another. `through`: it means the connection that it came by. */
  private onAnswer(answer: SearchResponse, { host, port }: HostPort, own: boolean, through: ServerAddress | null): void {
    if (!answer.found || port === 0) return;
    const server = `${host}:${port}`;
    let address = null as ServerAddress | null;
    let entry: Entry | null = null;
    const now = this.clock.now();
    const { channelIds } = answer;
    for (let i = 0; i < channelIds.length; i += 1) {
      const id = channelIds[i] as number;
      const wire = this.byId.get(id);
      const route = wire && this.security.route(answer, server, through, wire.obstacle);
      if (!wire || !route) continue;
      if ('refused' in route) {
        if (!wire.connected) this.hinder(wire, { guid: answer.guid, reason: route.refused, tls: false }, server);
        continue;
      }
      // One address mostly: a thousand channels of an answer are told apart by what hinders each.
      if (address === null || address.secured !== route.secured) {
        address = { host, port, secured: route.secured };
        entry = null;
        if (own) this.noteGuid(linkKey(address), answer.guid);
      }
      if (this.network.remove(id)) {
        wire.searchTime = now - wire.searchStarted;
        if (this.diagnostics.active) this.diagnostics.emit({ kind: 'answer', pv: wire.name, server, milliseconds: wire.searchTime });
        this.attach(wire, entry ??= this.linkTo(address), answer.guid, own);
      } else {
        // A listener of warnings may close channels, and the connection with them.
        entry = null;
        this.noteDuplicate(wire, server, answer.guid);
      }
    }
  }

  /** Found, and not to be used: said once for each reason. */
  private hinder(wire: PvaWireChannel, obstacle: Obstacle, server: string): void {
    const { obstacle: known } = wire;
    const said = known?.reason === obstacle.reason;
    // A server whose TLS failed stays the one that is not talked with plainly, whoever else has answered since.
    wire.obstacle = known?.tls ? { ...obstacle, guid: known.guid, tls: true } : obstacle;
    if (!said) this.warn({ code: 'TLS_FAILED', message: `"${wire.name}" was found, but ${obstacle.reason}`, pv: wire.name, host: server });
  }

  private attach(wire: PvaWireChannel, { link, members }: Entry, guid: string, own: boolean): void {
    wire.guid = guid;
    if (own) link.guid = guid;
    members.add(wire);
    wire.link = link;
    link.wire.createChannel(wire.clientId, wire.name);
    link.flushSoon();
  }

  /** Another process answers at an address that we are connected to: the server was restarted, and the connection leads nowhere, if that is true. */
  private noteGuid(key: string, guid: string): void {
    const entry = this.links.get(key);
    if (entry && entry.link.guid !== null && entry.link.guid !== guid && !this.retired.has(guid)) entry.link.doubt();
  }

  private retire(guid: string | null): void {
    if (guid === null) return;
    if (this.retired.size >= mostRetired) this.retired.delete(this.retired.keys().next().value as string);
    this.retired.add(guid);
  }

  /** A second server has the same name: somebody's mistake that must be seen. The same server by another interface is none. */
  private noteDuplicate(wire: PvaWireChannel, server: string, guid: string): void {
    if (!wire.link || wire.guid === guid || this.retired.has(guid) || wire.link.server === server || wire.duplicates.includes(server)) return;
    wire.addDuplicate(server);
    this.diagnostics.emit({ kind: 'duplicate', pv: wire.name, server: wire.link.server, other: server });
    wire.warn('DUPLICATE_PV', `"${wire.name}" is served by ${wire.link.server} and by ${server}: which one answers is chance. Rename one.`);
  }

  private linkTo(address: ServerAddress): Entry {
    const key = linkKey(address);
    const known = this.links.get(key);
    if (known) return known;
    const members = new Set<PvaWireChannel>();
    const { keychain, certified } = this.security;
    const options = { ...this.settings, certified: address.secured && certified };
    const link = new ConnectionLink(this.transport, address, keychain, options, this.linkEvents(key, members, address), this.totals);
    const entry = { link, members };
    this.diagnostics.emit({ kind: 'circuit', server: link.server, state: 'connecting' });
    this.links.set(key, entry);
    return entry;
  }

  private linkEvents(key: string, members: Set<PvaWireChannel>, address: ServerAddress): ConnectionLinkEvents {
    const { diagnostics } = this;
    const server = `${address.host}:${address.port}`;
    const started = this.clock.now();
    const member = (clientId: number): PvaWireChannel | undefined => {
      const wire = this.byId.get(clientId);
      return wire && members.has(wire) ? wire : undefined;
    };
    const tellChannel = (wire: PvaWireChannel, state: 'connected' | 'refused' | 'lost'): void => {
      if (diagnostics.active) diagnostics.emit({ kind: 'channel', pv: wire.name, server, state });
    };
    const gone = (wire: PvaWireChannel): void => {
      if (wire.created) tellChannel(wire, 'lost');
      wire.setbacks.lost(this.clock.now());
      const lost = wire.connected || wire.state === 'disconnected';
      members.delete(wire);
      wire.onLost();
      // A listener of the state may have closed the channel.
      if (!this.closed && this.byId.get(wire.clientId) === wire) this.search(wire, lost);
    };
    const refuse = (wire: PvaWireChannel): void => {
      wire.setbacks.refused();
      tellChannel(wire, 'refused');
      gone(wire);
      const entry = this.links.get(key);
      if (entry?.members === members) this.closeIfUnused(entry);
    };
    return {
      ready: (refused) => {
        const tls = this.links.get(key)?.link.tls;
        diagnostics.emit({ kind: 'circuit', server, state: 'open', milliseconds: this.clock.now() - started, ...(tls ? { tls } : {}) });
        if (refused) this.warn({ code: 'AUTH_REFUSED', message: `${server} does not accept this user: ${statusWords(refused)}. It is used all the same, with the rights that it leaves.`, host: server });
        if (this.nameServers.has(key)) this.network.boost();
      },
      channelCreated: (id, serverId) => {
        const wire = member(id);
        if (!wire) return;
        wire.onCreated(serverId);
        tellChannel(wire, 'connected');
      },
      channelRefused: (id, status) => {
        const wire = member(id);
        if (!wire) return;
        if (wire.setbacks.refusals === 0) wire.warn('CHANNEL_REFUSED', `${server} answered the search for "${wire.name}" and then refused it: ${statusWords(status)}. It is searched for again.`);
        refuse(wire);
      },
      channelDropped: (serverId) => {
        for (const wire of [...members]) if (wire.created && wire.serverId === serverId) gone(wire);
        const entry = this.links.get(key);
        if (entry?.members === members) this.closeIfUnused(entry);
      },
      searchAnswered: (answer) => {
        this.network.replyReceived();
        // Without an address of its own: this very connection.
        const target = answer.address === null ? { host: address.host, port: answer.port || address.port } : { host: answer.address, port: answer.port || address.port };
        this.onAnswer(answer, target, false, answer.port === 0 ? address : null);
      },
      textReceived: (message) => {
        if (message.type !== 'info') this.warn({ code: 'SERVER_MESSAGE', message: `${server} says: ${message.text}`, host: server });
      },
      linkClosed: (reason, cause) => {
        const entry = this.links.get(key);
        const opened = entry?.link.wire.ready ?? false;
        this.links.delete(key);
        this.retire(entry?.link.guid ?? null);
        const insecure = cause === 'insecure';
        diagnostics.emit({ kind: 'circuit', server, state: 'closed', reason, ...(insecure ? { insecure } : {}) });
        if (cause === 'broken') this.warn({ code: 'REMOTE_PROTOCOL', message: `${server} broke the protocol, its connection was closed: ${reason}`, host: server });
        else if (!opened && members.size > 0) {
          this.warn({ code: insecure ? 'TLS_FAILED' : 'CIRCUIT_REFUSED', message: `${server} answered a search but cannot be reached ${insecure ? 'by TLS' : 'over TCP'}: ${reason}.`, host: server });
        }
        for (const wire of [...members]) {
          if (!opened || cause === 'broken') wire.setbacks.refused();
          if (insecure) wire.obstacle = { guid: wire.guid, reason: `${server} cannot be reached by TLS: ${reason}.`, tls: true };
          gone(wire);
        }
        this.nameServerLost(address, opened, insecure ? `: ${reason}` : '');
      },
    };
  }

  /** `wasReady`: it had been there. */
  private nameServerLost(address: ServerAddress, wasReady: boolean, why: string): void {
    const key = linkKey(address);
    const known = this.nameServers.get(key);
    if (known === undefined) return;
    if (!wasReady) this.warn({ code: 'NAME_SERVER', message: `The name server ${key} cannot be reached${why}. It is tried again.`, host: `${address.host}:${address.port}` });
    // A listener of what was lost may have closed the client.
    if (this.closed) return;
    const pause = wasReady ? nameServerPause : known;
    this.nameServers.set(key, Math.min(pause * 2, longestNameServerPause));
    const timer = this.clock.after(pause, () => {
      this.timers.delete(timer);
      // A channel of its own may have been quicker: that connection is the name server's too.
      this.linkTo(address);
    });
    this.timers.add(timer);
  }

  /** A restarted server may have left half-open connections behind: ask them, and give them up soon where another process answers and they say nothing. */
  private onServerAppeared(server: string, guid: string): void {
    this.diagnostics.emit({ kind: 'beacon', server });
    this.noteGuid(server, guid);
    // A beacon names the port of plain TCP: of a server by TLS only the host is known.
    const host = server.slice(0, server.lastIndexOf(':'));
    for (const { link } of this.links.values()) if (link.key === server || (link.address.secured && link.address.host === host)) link.probe();
  }
}

function ownNames(): { userName: string; hostName: string } {
  let userName = 'unknown';
  try { userName = userInfo().username; } catch { /* A user without an entry in the system's list. */ }
  return { userName, hostName: hostname() };
}

/** To where the program's own handler of uncaught errors sees it. */
function rethrowLater(error: unknown): void {
  queueMicrotask(() => { throw error; });
}
