// The Channel Access client: channels by name, circuits by server, the search that brings them together.
import { hostname, userInfo } from 'node:os';
import type { ProtocolClient, CaClientOptions, ClientStatistics, Disposable } from '../api';
import { DiagnosticSource } from '../diagnostics';
import type { DiagnosticEvent } from '../diagnostics';
import { asyncDisposeSymbol, disposeSymbol } from '../disposal';
import type { Disposer } from '../disposal';
import { nodeTransport } from '../transport/nodeTransport';
import type { Clock, Transport } from '../transport/transport';
import { CaChannel } from './channel';
import { CircuitLink } from './circuitLink';
import type { LinkEvents } from './circuitLink';
import { readSettings } from './clientOptions';
import type { ClientSettings, HostPort } from './clientOptions';
import { Deadlines } from './deadlines';
import { CancelledError, ValueError } from './errors';
import { Listeners } from './listeners';
import { maxNameBytes } from './protocol/commands';
import type { ErrorReport, SearchAnswer } from './protocol/payloads';
import { commandName } from './protocol/payloads';
import { statusName, statusText } from './protocol/status';
import { startRepeater } from './repeaterSocket';
import { Request } from './requests';
import { SearchNetwork } from './searchNetwork';
import type { ChannelHost } from './wireChannel';
import { WireChannel } from './wireChannel';

type Warning = { code: string; message: string; pv?: string; host?: string };
interface Entry { readonly link: CircuitLink; readonly members: Set<WireChannel> }

const maxPriority = 99;
/** Milliseconds of a search in which answers to the search before it may still come. */
const stalePatience = 300;

export class CaClient implements ProtocolClient, ChannelHost {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly addressHint: string;
  /** What it does on the network, as it happens. */
  readonly diagnostics: DiagnosticSource;
  private readonly settings: ClientSettings;
  private readonly totals = { bytesReceived: 0, bytesSent: 0, eventsReceived: 0 };
  private readonly byKey = new Map<string, WireChannel>();
  private readonly byId = new Map<number, WireChannel>();
  private readonly links = new Map<string, Entry>();
  /** That of the last answer: mostly also that of the next. */
  private recent: Entry | null = null;
  private readonly warnings: Listeners<[Warning]>;
  private readonly network: SearchNetwork;
  private nextClientId = 1;
  private closed = false;

  /** `transport` is the real network where it is left out; tests give their own. */
  constructor(options: CaClientOptions = {}, private readonly transport: Transport = nodeTransport) {
    this.settings = readSettings({ environment: process.env, ...options }, ownNames());
    this.clock = transport.clock;
    this.deadlines = new Deadlines(transport.clock);
    this.addressHint = options.addressList ? 'the address list that is searched' : 'EPICS_CA_ADDR_LIST';
    this.warnings = new Listeners(rethrowLater);
    this.diagnostics = new DiagnosticSource('ca', transport.clock, () => this.statistics, rethrowLater);
    this.network = new SearchNetwork(transport, this.settings, {
      searched: (names, datagrams, targets) => {
        if (this.diagnostics.active) this.diagnostics.emit({ kind: 'search', names, datagrams, targets });
      },
      answered: (answer, sender, sequence) => this.onAnswer(answer, sender, sequence),
      serverAppeared: (server) => this.onServerAppeared(server),
      warn: (warning) => this.warn(warning),
    }, this.totals, this.repeaterStarter());
  }

  /** Starts to search at once. Handles of one name and priority share the wire; each is to be closed. */
  channel(name: string, options: { priority?: number } = {}): CaChannel {
    if (this.closed) throw new CancelledError('CLOSED', 'The client is closed: make a new one.');
    const priority = options.priority ?? 0;
    if (name === '' || Buffer.byteLength(name) >= maxNameBytes) throw new ValueError('BAD_OPTION', `A PV name has 1 to ${maxNameBytes - 1} bytes.`, name);
    if (!Number.isInteger(priority) || priority < 0 || priority > maxPriority) throw new ValueError('BAD_OPTION', `A priority is 0 to ${maxPriority}.`, name);
    const key = channelKey(name, priority);
    let wire = this.byKey.get(key);
    if (!wire) {
      wire = new WireChannel(this, name, priority, this.nextClientId);
      this.nextClientId += 1;
      this.byKey.set(key, wire);
      this.byId.set(wire.clientId, wire);
      this.search(wire, false);
    }
    return new CaChannel(wire);
  }

  get statistics(): ClientStatistics {
    let connected = 0;
    for (const wire of this.byId.values()) if (wire.connected) connected += 1;
    return { channels: this.byId.size, connected, circuits: this.links.size, ...this.network.statistics, ...this.totals };
  }

  onWarning(listener: (warning: Warning) => void): Disposer { return this.warnings.add(listener); }
  /** Searches, answers, duplicates, circuits and traffic, as they happen. */
  onDiagnostic(listener: (event: DiagnosticEvent) => void): Disposer { return this.diagnostics.add(listener); }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.network.close();
    for (const request of this.deadlines.items) if (request instanceof Request) request.cancelled();
    for (const wire of this.byId.values()) wire.close();
    for (const { link } of this.links.values()) link.close();
    this.deadlines.close();
    this.diagnostics.close();
    this.byId.clear();
    this.byKey.clear();
    this.links.clear();
    this.recent = null;
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
  released(wire: WireChannel): void {
    this.byId.delete(wire.clientId);
    this.byKey.delete(channelKey(wire.name, wire.priority));
    this.network.remove(wire.clientId);
    const { link, created } = wire;
    for (const request of this.requestsOf(wire)) request.cancelled();
    const entry = link ? this.links.get(linkKey(link.address, wire.priority)) : undefined;
    wire.close();
    if (!entry || !entry.members.delete(wire)) return;
    if (entry.members.size === 0) {
      this.dropLink(linkKey(entry.link.address, wire.priority));
      this.diagnostics.emit({ kind: 'circuit', server: entry.link.server, state: 'closed', reason: 'nobody uses it any more' });
      entry.link.close();
    } else if (created) {
      entry.link.circuit.clearChannel(wire.serverId, wire.clientId);
      entry.link.flushSoon();
    }
  }

  private requestsOf(wire: WireChannel): Request<unknown>[] {
    return this.deadlines.items.filter((item): item is Request<unknown> => item instanceof Request && item.channel === wire);
  }

  /** On the real network alone. */
  private repeaterStarter(): (() => Promise<Disposable | null>) | null {
    const { repeaterHost: host, repeaterPort } = this.settings;
    return host !== null && this.transport === nodeTransport ? () => startRepeater(host, repeaterPort) : null;
  }

  private search(wire: WireChannel, lost: boolean): void {
    wire.searchedBefore = wire.searchStarted >= 0;
    wire.forgetDuplicates();
    wire.searchSequence = this.network.add(wire.clientId, wire.name, lost, wire.setbacks.level);
    wire.searchStarted = this.clock.now();
  }

  private onAnswer(answer: SearchAnswer, sender: string, sequence: number | null): void {
    const wire = this.byId.get(answer.clientId);
    if (!wire || answer.tcpPort === 0) return;
    const now = this.clock.now();
    // Of a search before this one, where there was one; the numbers go round. A server that answers on and on with a number of its own (caproto) is believed.
    if (sequence !== null && wire.searchedBefore && ((sequence - wire.searchSequence) | 0) < 0 && now - wire.searchStarted < stalePatience) return;
    const host = answer.address ?? sender;
    if (!this.network.remove(answer.clientId)) return this.noteDuplicate(wire, { host, port: answer.tcpPort });
    wire.searchTime = now - wire.searchStarted;
    if (this.diagnostics.active) this.diagnostics.emit({ kind: 'answer', pv: wire.name, server: `${host}:${answer.tcpPort}`, milliseconds: wire.searchTime });
    const { link, members } = this.linkTo(host, answer.tcpPort, wire.priority);
    members.add(wire);
    wire.link = link;
    link.circuit.createChannel(wire.clientId, wire.name);
    link.flushSoon();
  }

  /** A second server has the same name: somebody's mistake that must be seen. */
  private noteDuplicate(wire: WireChannel, address: HostPort): void {
    const server = `${address.host}:${address.port}`;
    if (!wire.link || wire.link.server === server || wire.duplicates.includes(server)) return;
    wire.addDuplicate(server);
    this.diagnostics.emit({ kind: 'duplicate', pv: wire.name, server: wire.link.server, other: server });
    wire.warn('DUPLICATE_PV', `"${wire.name}" is served by ${wire.link.server} and by ${server}: which one answers is chance. Rename one.`);
  }

  private linkTo(host: string, port: number, priority: number): Entry {
    const { recent } = this;
    if (recent && recent.link.priority === priority && recent.link.address.port === port && recent.link.address.host === host) return recent;
    const address = { host, port };
    const key = linkKey(address, priority);
    const known = this.links.get(key);
    if (known) return this.recent = known;
    const members = new Set<WireChannel>();
    const { userName, hostName, connectionTimeout, maxPayload } = this.settings;
    const link = new CircuitLink(this.transport, address, { priority, userName, hostName, connectionTimeout, maxPayload },
      this.linkEvents(key, members, `${address.host}:${address.port}`), this.totals);
    const entry = { link, members };
    this.diagnostics.emit({ kind: 'circuit', server: link.server, state: 'connecting' });
    this.links.set(key, entry);
    return this.recent = entry;
  }

  private dropLink(key: string): void {
    this.links.delete(key);
    this.recent = null;
  }

  private linkEvents(key: string, members: Set<WireChannel>, server: string): LinkEvents {
    const { diagnostics } = this;
    const started = this.clock.now();
    const member = (clientId: number): WireChannel | undefined => {
      const wire = this.byId.get(clientId);
      return wire && members.has(wire) ? wire : undefined;
    };
    const tellChannel = (wire: WireChannel, state: 'connected' | 'refused' | 'lost'): void => {
      if (diagnostics.active) diagnostics.emit({ kind: 'channel', pv: wire.name, server, state });
    };
    const gone = (wire: WireChannel): void => {
      const lost = wire.connected;
      if (wire.created) tellChannel(wire, 'lost');
      wire.setbacks.lost(this.clock.now());
      members.delete(wire);
      wire.onLost();
      // A listener of the state may have closed the channel.
      if (!this.closed && this.byId.has(wire.clientId)) this.search(wire, lost || wire.state === 'disconnected');
    };
    return {
      channelCreated: (id, serverId, dataType, count) => {
        const wire = member(id);
        if (wire) {
          wire.onCreated(serverId, dataType, count);
          if (wire.created) tellChannel(wire, 'connected');
          return;
        }
        // Closed while its creation was under way.
        const link = this.links.get(key)?.link;
        link?.circuit.clearChannel(serverId, id);
        link?.flushSoon();
      },
      channelRefused: (id) => {
        const wire = member(id);
        if (!wire) return;
        wire.setbacks.refused();
        tellChannel(wire, 'refused');
        gone(wire);
      },
      channelDropped: (id) => {
        const wire = member(id);
        if (!wire) return;
        for (const request of this.requestsOf(wire)) request.channelLost();
        gone(wire);
      },
      accessChanged: (id, access) => member(id)?.onAccess(access),
      searchAnswered: (answer) => this.onAnswer(answer, server.slice(0, server.lastIndexOf(':')), null),
      requestFailed: (id, report) => this.onRequestFailed(member(id), report, server),
      linkOpened: () => diagnostics.emit({ kind: 'circuit', server, state: 'open', milliseconds: this.clock.now() - started }),
      responsivenessChanged: (responsive) => {
        diagnostics.emit({ kind: 'circuit', server, state: responsive ? 'responsive' : 'unresponsive' });
        for (const wire of [...members]) {
          if (responsive) wire.onResponsive();
          else wire.onUnresponsive();
        }
        if (!responsive) this.warn({ code: 'UNRESPONSIVE', message: `${server} does not answer: its ${members.size} channels count as disconnected.`, host: server });
      },
      linkClosed: (reason, broken) => {
        const opened = this.links.get(key)?.link.opened ?? false;
        this.dropLink(key);
        diagnostics.emit({ kind: 'circuit', server, state: 'closed', reason });
        if (broken) this.warn({ code: 'REMOTE_PROTOCOL', message: `${server} broke the protocol, its connection was closed: ${reason}`, host: server });
        else if (!opened) this.warn({ code: 'CIRCUIT_REFUSED', message: `${server} answered a search but cannot be reached over TCP: ${reason}.`, host: server });
        for (const wire of [...members]) {
          if (!opened || broken) wire.setbacks.refused();
          gone(wire);
        }
      },
    };
  }

  private onRequestFailed(wire: WireChannel | undefined, report: ErrorReport, server: string): void {
    // Most IOCs say no more than the channel's name.
    const text = report.text === '' || report.text === wire?.name ? '' : `: ${report.text}`;
    const what = `${commandName(report.request.command)} failed, ${statusText(report.status)} (${statusName(report.status)})${text}`;
    const code = commandName(report.request.command) === 'WRITE' ? 'PUT_FAILED' : 'REQUEST_FAILED';
    this.warn({ code, message: wire ? `"${wire.name}": ${what}` : `${server}: ${what}`, host: server, ...(wire ? { pv: wire.name } : {}) });
  }

  /** A restarted server may have left half-open circuits behind: ask them. */
  private onServerAppeared(server: string): void {
    this.diagnostics.emit({ kind: 'beacon', server });
    for (const { link } of this.links.values()) if (link.server === server) link.probe();
  }
}

/** Of most channels the name itself: no text is made of it. No name has a NUL. */
function channelKey(name: string, priority: number): string {
  return priority === 0 ? name : `${name}\0${priority}`;
}

function linkKey(address: HostPort, priority: number): string {
  return `${priority} ${address.host}:${address.port}`;
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
