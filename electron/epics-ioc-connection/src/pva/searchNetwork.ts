// Sends searches to the address list and through name servers, takes in answers and beacons.
import { isIPv4 } from 'node:net';
import type { Disposable } from '../api';
import type { HostPort } from '../ca/clientOptions';
import { Search } from '../ca/search';
import { broadcastAddresses } from '../transport/interfaces';
import type { DatagramSocket, Timer, Transport } from '../transport/transport';
import type { PvaSettings } from './clientOptions';
import { commands, readBeacon, readDatagram, readSearchResponse, TypeCache } from './protocol';
import type { SearchChannel, SearchResponse } from './protocol';
import { asUnicast, SearchDatagrams } from './searchDatagrams';

export interface SearchNetworkEvents {
  /** Names were asked for; `targets` are `host:port`. */
  searched(names: number, datagrams: number, targets: readonly string[]): void;
  /** `sender`: IPv4 address that an answer without one of its own means. */
  answered(answer: SearchResponse, sender: string): void;
  /** A server has (re)started: `server` is `host:port`. */
  serverAppeared(server: string, guid: string): void;
  /** Names for the TCP name servers. */
  searchThere(channels: readonly SearchChannel[], sequence: number, port: number): void;
  warn(warning: { code: string; message: string; host?: string }): void;
}

/** Names that are not put off to the end of the tick. */
const gatheredNames = 250;
/** Beyond that many in one tick they wait for it all the same: servers' receive buffers are not without end. */
const mostGathered = 1000;
/** Broadcast to every network, and to this machine alone. */
const everybody: readonly string[] = ['255.255.255.255', '127.255.255.255'];
/** Servers whose beacons are remembered. */
const maxServers = 1024;

export class SearchNetwork {
  private readonly engine: Search;
  private readonly socket: DatagramSocket;
  private readonly counts = { searchesSent: 0, datagramsSent: 0, repliesReceived: 0 };
  private readonly said = new Set<string>();
  private readonly guids = new Map<string, string>();
  private packets: SearchDatagrams | null = null;
  private targets: readonly (HostPort & { readonly unicast: boolean })[] | null = null;
  private port = 0;
  private sequence = 0;
  private poller: Timer | null = null;
  private polledAt = Infinity;
  private pollSoon = false;
  /** Names asked for in this tick. */
  private gathered = 0;
  private closed = false;
  private beacons: Disposable | null = null;

  constructor(
    private readonly transport: Transport, private readonly settings: PvaSettings, private readonly events: SearchNetworkEvents,
    private readonly totals: { bytesReceived: number; bytesSent: number },
    private readonly listen: ((addresses: readonly string[], port: number, received: (bytes: Uint8Array, host: string) => void) => Disposable) | null = null,
  ) {
    this.engine = new Search(settings.maxSearchPeriod, (first) => {
      this.packets = new SearchDatagrams(first, this.port);
      return this.packets;
    });
    this.socket = transport.openDatagrams({
      opened: (port) => {
        this.port = port;
        this.poll();
      },
      received: (bytes, host) => this.onDatagram(bytes, host),
      failed: (reason) => this.warnOnce('SEARCH_FAILED', `A search could not be sent: ${reason}.`),
    });
    void this.resolveTargets();
  }

  get statistics(): Readonly<{ searchesSent: number; datagramsSent: number; repliesReceived: number }> { return this.counts; }

  add(clientId: number, name: string, lost: boolean, level: number): void {
    this.engine.add(clientId, name, this.transport.clock.now(), lost, level);
    this.gathered += 1;
    // Enough to fill datagrams: servers look for these while the program still asks for more.
    if (this.gathered % gatheredNames === 0 && this.gathered <= mostGathered) this.poll();
    if (this.pollSoon) return;
    // After this tick, so that names asked for together share datagrams.
    this.pollSoon = true;
    this.transport.clock.soon(() => {
      this.pollSoon = false;
      this.gathered = 0;
      this.poll();
    });
  }

  /** False: it was not searched for. */
  remove(clientId: number): boolean { return this.engine.remove(clientId); }

  /** Something new may answer: everything is asked for soon. */
  boost(): void {
    if (this.engine.boost(this.transport.clock.now())) this.poll();
  }

  replyReceived(): void { this.counts.repliesReceived += 1; }

  close(): void {
    this.closed = true;
    this.poller?.cancel();
    this.beacons?.dispose();
    this.socket.close();
  }

  private async resolveTargets(): Promise<void> {
    const { addresses, autoAddresses, broadcastPort } = this.settings;
    const broadcasts = new Set(broadcastAddresses().filter((address) => !address.startsWith('127.')));
    const found = new Map<string, HostPort & { unicast: boolean }>();
    const add = (host: string, port: number): void => {
      const unicast = !broadcasts.has(host) && !everybody.includes(host) && Number.parseInt(host, 10) < 224;
      found.set(`${host}:${port}`, { host, port, unicast });
    };
    const named = addresses.filter(({ host }) => !isIPv4(host));
    for (const { host, port } of addresses) if (isIPv4(host)) add(host, port);
    // What is an address already is searched at in this very tick.
    if (named.length > 0) await Promise.all(named.map(async ({ host, port }) => {
      try {
        add(await this.transport.resolve(host), port);
      } catch {
        this.warnOnce('UNKNOWN_HOST', `"${host}" of the address list is unknown: nothing is searched for there. Check EPICS_PVA_ADDR_LIST.`);
      }
    }));
    if (autoAddresses) for (const host of broadcastAddresses()) add(host, broadcastPort);
    this.targets = [...found.values()];
    if (!this.closed) this.hearBeacons();
    // For those who listen to warnings: they could not do so yet.
    if (this.targets.length === 0) await Promise.resolve();
    if (this.targets.length === 0 && this.settings.nameServers.length === 0) {
      this.warnOnce('NO_ADDRESSES', 'There is no address to search on: set EPICS_PVA_ADDR_LIST, or EPICS_PVA_AUTO_ADDR_LIST to YES.');
    }
    this.poll();
  }

  /** Servers announce themselves by broadcast, on the port that is searched on. */
  private hearBeacons(): void {
    const addresses = (this.targets ?? []).filter(({ host, unicast }) => !unicast && Number.parseInt(host, 10) < 224).map(({ host }) => host);
    this.beacons = this.listen?.([...new Set(addresses)], this.settings.broadcastPort, (bytes, host) => this.onDatagram(bytes, host)) ?? null;
  }

  private poll(): void {
    if (this.closed || this.targets === null || this.port === 0) return;
    const batch = this.engine.poll(this.transport.clock.now());
    this.counts.searchesSent += batch.names;
    if (batch.names > 0) this.events.searched(batch.names, batch.datagrams.length, this.targets.map(({ host, port }) => `${host}:${port}`));
    for (const datagram of batch.datagrams) {
      const alone = asUnicast(datagram);
      for (const { host, port, unicast } of this.targets) {
        this.socket.send(unicast ? alone : datagram, host, port);
        this.counts.datagramsSent += 1;
        this.totals.bytesSent += datagram.length;
      }
    }
    const channels = this.packets?.channels ?? [];
    if (channels.length > 0) this.events.searchThere(channels, this.sequence, this.port);
    this.sequence = (this.sequence + batch.datagrams.length) >>> 0;
    this.schedule(batch.next);
  }

  private schedule(at: number | null): void {
    if (at === null || (this.poller && at >= this.polledAt)) return;
    this.poller?.cancel();
    this.polledAt = at;
    this.poller = this.transport.clock.after(Math.max(1, at - this.transport.clock.now()), () => {
      this.poller = null;
      // Answers that wait in the socket first: a program that was busy does not ask again for what was answered meanwhile.
      this.transport.clock.yieldTo(() => this.poll());
    });
  }

  private onDatagram(bytes: Uint8Array, host: string): void {
    if (this.closed) return;
    this.totals.bytesReceived += bytes.length;
    readDatagram(bytes, (command, reader) => {
      if (command === commands.SEARCH_RESPONSE) {
        const answer = readSearchResponse(reader);
        this.counts.repliesReceived += 1;
        this.events.answered(answer, host);
      } else if (command === commands.BEACON) {
        const { guid, address, port, protocol } = readBeacon(reader, new TypeCache());
        if (protocol === 'tcp') this.onBeacon(`${address ?? host}:${port}`, guid);
      }
    });
  }

  /** A beacon is no liveness test: only one of a server that is new, or was started again, matters. */
  private onBeacon(server: string, guid: string): void {
    const known = this.guids.get(server);
    if (known === guid) return;
    if (this.guids.size >= maxServers) this.guids.delete(this.guids.keys().next().value as string);
    this.guids.set(server, guid);
    this.events.serverAppeared(server, guid);
    this.boost();
  }

  /** The same words once a client, not once a datagram. */
  private warnOnce(code: string, message: string): void {
    if (this.closed || this.said.has(message)) return;
    this.said.add(message);
    this.events.warn({ code, message });
  }
}
