// Sends searches to the address list and through name servers, takes in answers and beacons.
import type { Disposable } from '../api';
import type { HostPort } from '../ca/clientOptions';
import { Search } from '../ca/search';
import type { SearchBatch } from '../ca/search';
import { SearchSchedule } from '../link/searchSchedule';
import { resolveTargets } from '../link/searchTargets';
import { broadcastAddresses } from '../transport/interfaces';
import type { DatagramSocket, Transport } from '../transport/transport';
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

/** Broadcast to every network, and to this machine alone. */
const everybody: readonly string[] = ['255.255.255.255', '127.255.255.255'];
/** Servers whose beacons are remembered. */
const maxServers = 1024;

export class SearchNetwork {
  private readonly engine: Search;
  private readonly schedule: SearchSchedule;
  private readonly socket: DatagramSocket;
  private readonly counts = { searchesSent: 0, datagramsSent: 0, repliesReceived: 0 };
  private readonly said = new Set<string>();
  private readonly guids = new Map<string, string>();
  private packets: SearchDatagrams | null = null;
  private targets: readonly (HostPort & { readonly unicast: boolean })[] | null = null;
  private port = 0;
  private sequence = 0;
  private closed = false;
  private beacons: Disposable | null = null;

  constructor(
    transport: Transport, private readonly settings: PvaSettings, private readonly events: SearchNetworkEvents,
    private readonly totals: { bytesReceived: number; bytesSent: number },
    private readonly listen: ((addresses: readonly string[], port: number, received: (bytes: Uint8Array, host: string) => void) => Disposable) | null = null,
  ) {
    this.engine = new Search(settings.maxSearchPeriod, (first) => {
      this.packets = new SearchDatagrams(first, this.port, settings.protocols);
      return this.packets;
    });
    this.schedule = new SearchSchedule(transport.clock, this.engine, () => this.targets !== null && this.port !== 0, (batch) => this.send(batch));
    this.socket = transport.openDatagrams({
      opened: (port) => {
        this.port = port;
        this.schedule.poll();
      },
      received: (bytes, host) => this.onDatagram(bytes, host),
      failed: (reason) => this.warnOnce('SEARCH_FAILED', `A search could not be sent: ${reason}.`),
    });
    const { addresses, autoAddresses, broadcastPort } = settings;
    void resolveTargets({ addresses, autoPort: autoAddresses ? broadcastPort : null }, transport,
      (host) => this.warnOnce('UNKNOWN_HOST', `"${host}" of the address list is unknown: nothing is searched for there. Check EPICS_PVA_ADDR_LIST.`),
      (targets) => this.onTargets(targets));
  }

  get statistics(): Readonly<{ searchesSent: number; datagramsSent: number; repliesReceived: number }> { return this.counts; }

  add(clientId: number, name: string, lost: boolean, level: number): void { this.schedule.add(clientId, name, lost, level); }

  /** False: it was not searched for. */
  remove(clientId: number): boolean { return this.engine.remove(clientId); }

  /** Something new may answer: everything is asked for soon. */
  boost(): void { this.schedule.boost(); }

  replyReceived(): void { this.counts.repliesReceived += 1; }

  close(): void {
    this.closed = true;
    this.schedule.close();
    this.beacons?.dispose();
    this.socket.close();
  }

  private onTargets(targets: readonly HostPort[]): void {
    const broadcasts = new Set(broadcastAddresses().filter((address) => !address.startsWith('127.')));
    this.targets = targets.map(({ host, port }) => ({
      host, port, unicast: !broadcasts.has(host) && !everybody.includes(host) && Number.parseInt(host, 10) < 224,
    }));
    if (!this.closed) this.hearBeacons();
    this.schedule.poll();
    if (targets.length > 0 || this.settings.nameServers.length > 0) return;
    // For those who listen to warnings: they could not do so yet.
    queueMicrotask(() => this.warnOnce('NO_ADDRESSES', 'There is no address to search on: set EPICS_PVA_ADDR_LIST, or EPICS_PVA_AUTO_ADDR_LIST to YES.'));
  }

  /** Servers announce themselves by broadcast, on the port that is searched on. */
  private hearBeacons(): void {
    const addresses = (this.targets ?? []).filter(({ host, unicast }) => !unicast && Number.parseInt(host, 10) < 224).map(({ host }) => host);
    this.beacons = this.listen?.([...new Set(addresses)], this.settings.broadcastPort, (bytes, host) => this.onDatagram(bytes, host)) ?? null;
  }

  private send(batch: SearchBatch): void {
    const targets = this.targets ?? [];
    this.counts.searchesSent += batch.names;
    if (batch.names > 0) this.events.searched(batch.names, batch.datagrams.length, targets.map(({ host, port }) => `${host}:${port}`));
    for (const datagram of batch.datagrams) {
      const alone = asUnicast(datagram);
      for (const { host, port, unicast } of targets) {
        this.socket.send(unicast ? alone : datagram, host, port);
        this.counts.datagramsSent += 1;
        this.totals.bytesSent += datagram.length;
      }
    }
    const channels = this.packets?.channels ?? [];
    if (channels.length > 0) this.events.searchThere(channels, this.sequence, this.port);
    this.sequence = (this.sequence + batch.datagrams.length) >>> 0;
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
