// Sends searches to the address list and the name servers, takes in answers and beacons.
import { isIPv4 } from 'node:net';
import type { DatagramSocket, Timer, Transport } from '../transport/transport';
import type { Disposable } from '../api';
import { broadcastAddresses } from '../transport/interfaces';
import { BeaconWatch } from './beacons';
import { CircuitLink } from './circuitLink';
import type { LinkTotals } from './circuitLink';
import type { ClientSettings, HostPort } from './clientOptions';
import { commands, senderAddress } from './protocol/commands';
import { readDatagram } from './protocol/messageReader';
import { dottedAddress, readSearchAnswer } from './protocol/payloads';
import type { SearchAnswer } from './protocol/payloads';
import { registration } from './repeater';
import { Search, versionSize } from './search';

export interface SearchNetworkEvents {
  /** Names were asked for; `targets` are `host:port`. */
  searched(names: number, datagrams: number, targets: readonly string[]): void;
  /** `sender`: IPv4 address that an answer without one of its own means. `sequence`: of the datagram that it answers; null where that is not said. */
  answered(answer: SearchAnswer, sender: string, sequence: number | null): void;
  /** `host:port` of a server that has (re)started. */
  serverAppeared(server: string): void;
  warn(warning: { code: string; message: string; host?: string }): void;
}

const loopback = '127.0.0.1';
/** Names that are not put off to the end of the tick. */
const gatheredNames = 250;
/** Beyond that many in one tick they wait for it all the same: servers' receive buffers are not without end. */
const mostGathered = 1000;
/** Milliseconds between tries to register with the repeater, doubled up to the longest; that often it is also asked whether it still runs. */
const registerPause = 1000;
const longestRegisterPause = 60_000;
/** Milliseconds until a lost name server is tried again, doubled up to the longest. */
const nameServerPause = 1000;
const longestNameServerPause = 30_000;

export class SearchNetwork {
  private readonly engine: Search;
  private readonly beacons = new BeaconWatch();
  private readonly socket: DatagramSocket;
  private readonly nameServers = new Map<string, CircuitLink>();
  private readonly counts = { searchesSent: 0, datagramsSent: 0, repliesReceived: 0 };
  private readonly said = new Set<string>();
  private readonly timers = new Set<Timer>();
  private targets: readonly HostPort[] | null = null;
  private poller: Timer | null = null;
  private polledAt = Infinity;
  private pollSoon = false;
  /** Names asked for in this tick. */
  private gathered = 0;
  private registered = false;
  private repeater: Disposable | null = null;
  private closed = false;

  constructor(
    private readonly transport: Transport, private readonly settings: ClientSettings,
    private readonly events: SearchNetworkEvents, private readonly totals: LinkTotals,
    private readonly startRepeater: (() => Promise<Disposable | null>) | null = null,
  ) {
    this.engine = new Search(settings.maxSearchPeriod);
    this.socket = transport.openDatagrams({
      received: (bytes, host) => this.onDatagram(bytes, host),
      failed: (reason) => this.warnOnce('SEARCH_FAILED', `A search could not be sent: ${reason}.`),
    });
    void this.resolveTargets();
    for (const address of settings.nameServers) this.connectNameServer(address, nameServerPause);
    if (startRepeater) void this.becomeRepeater().then(() => this.register(registerPause));
    else this.register(registerPause);
  }

  get statistics(): Readonly<{ searchesSent: number; datagramsSent: number; repliesReceived: number }> { return this.counts; }

  /** Returns the number of the first datagram that may ask for it: what answers earlier ones is stale. */
  add(clientId: number, name: string, lost: boolean, level: number): number {
    const first = this.engine.sequence;
    this.engine.add(clientId, name, this.transport.clock.now(), lost, level);
    this.gathered += 1;
    // Enough to fill datagrams: servers look for these while the program still asks for more.
    if (this.gathered % gatheredNames === 0 && this.gathered <= mostGathered) this.poll();
    if (this.pollSoon) return first;
    // After this tick, so that names asked for together share datagrams.
    this.pollSoon = true;
    this.transport.clock.soon(() => {
      this.pollSoon = false;
      this.gathered = 0;
      this.poll();
    });
    return first;
  }

  /** False: it was not searched for. */
  remove(clientId: number): boolean { return this.engine.remove(clientId); }

  close(): void {
    this.closed = true;
    this.poller?.cancel();
    for (const timer of this.timers) timer.cancel();
    for (const link of this.nameServers.values()) link.close();
    this.socket.close();
    this.repeater?.dispose();
  }

  private async resolveTargets(): Promise<void> {
    const { addresses, autoAddresses, serverPort } = this.settings;
    const found = new Map<string, HostPort>();
    const add = (host: string, port: number): void => { found.set(`${host}:${port}`, { host, port }); };
    const named = addresses.filter(({ host }) => !isIPv4(host));
    for (const { host, port } of addresses) if (isIPv4(host)) add(host, port);
    // What is an address already is searched at in this very tick.
    if (named.length > 0) await Promise.all(named.map(async ({ host, port }) => {
      try {
        add(await this.transport.resolve(host), port);
      } catch {
        this.warnOnce('UNKNOWN_HOST', `"${host}" of the address list is unknown: nothing is searched for there. Check EPICS_CA_ADDR_LIST.`);
      }
    }));
    if (autoAddresses) for (const host of broadcastAddresses()) add(host, serverPort);
    this.targets = [...found.values()];
    // For those who listen to warnings: they could not do so yet.
    if (this.targets.length === 0) await Promise.resolve();
    if (this.targets.length === 0 && this.settings.nameServers.length === 0) {
      this.warnOnce('NO_ADDRESSES', 'There is no address to search on: set EPICS_CA_ADDR_LIST, or EPICS_CA_AUTO_ADDR_LIST to YES.');
    }
    this.poll();
  }

  private poll(): void {
    if (this.closed || this.targets === null) return;
    const batch = this.engine.poll(this.transport.clock.now());
    if (batch.names > 0) {
      this.counts.searchesSent += batch.names;
      this.events.searched(batch.names, batch.datagrams.length, [...this.targets.map(({ host, port }) => `${host}:${port}`), ...this.nameServers.keys()]);
    }
    for (const datagram of batch.datagrams) {
      for (const { host, port } of this.targets) {
        this.socket.send(datagram, host, port);
        this.counts.datagramsSent += 1;
        this.totals.bytesSent += datagram.length;
      }
      for (const link of this.nameServers.values()) {
        if (!link.opened) continue;
        link.circuit.out.append(datagram.subarray(versionSize));
        link.flushSoon();
      }
    }
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
    this.totals.bytesReceived += bytes.length;
    let sequence: number | null = null;
    readDatagram(bytes, (message) => {
      switch (message.command) {
        case commands.SEARCH:
          this.counts.repliesReceived += 1;
          this.events.answered(readSearchAnswer(message), host, sequence);
          break;
        case commands.VERSION:
          // Data type 1 says that the number is valid.
          sequence = message.dataType === 1 ? message.parameter1 : null;
          break;
        case commands.RSRV_IS_UP: {
          const { parameter2: address } = message;
          const server = address === 0 || address === senderAddress ? host : dottedAddress(address);
          this.onBeacon(`${server}:${message.count || this.settings.serverPort}`, message.parameter1);
          break;
        }
        case commands.REPEATER_CONFIRM:
          // By any port: EPICS's own repeater answers from another one than it listens on.
          if (host === loopback) this.registered = true;
          break;
        default: // NOT_FOUND and what is not for a client.
      }
    });
  }

  private onBeacon(server: string, id: number): void {
    const now = this.transport.clock.now();
    if (!this.beacons.heard(server, id, now)) return;
    this.events.serverAppeared(server);
    if (this.engine.boost(now)) this.poll();
  }

  /** Asks the repeater of this machine for the beacons; one that does not answer is replaced where this client may be one. */
  private register(pause: number): void {
    if (this.closed) return;
    this.registered = false;
    this.socket.send(registration(loopback), loopback, this.settings.repeaterPort);
    this.later(pause, () => {
      if (this.registered) return this.later(longestRegisterPause, () => this.register(registerPause));
      if (this.startRepeater) void this.becomeRepeater();
      return this.register(Math.min(pause * 2, longestRegisterPause));
    });
  }

  private async becomeRepeater(): Promise<void> {
    if (this.repeater || !this.startRepeater) return;
    try {
      const repeater = await this.startRepeater();
      if (this.closed || this.repeater) repeater?.dispose();
      else this.repeater = repeater;
    } catch (error) {
      this.warnOnce('NO_REPEATER', `No repeater for beacons could be started on UDP port ${this.settings.repeaterPort}: ${(error as Error).message}. Lost channels are found by searching alone.`);
    }
  }

  private connectNameServer(address: HostPort, pause: number): void {
    if (this.closed) return;
    const key = `${address.host}:${address.port}`;
    const { userName, hostName, connectionTimeout, maxPayload } = this.settings;
    let nextPause = pause;
    const ignore = (): void => undefined;
    const link = new CircuitLink(this.transport, address, { priority: 0, userName, hostName, connectionTimeout, maxPayload }, {
      channelCreated: ignore, channelRefused: ignore, channelDropped: ignore, accessChanged: ignore, requestFailed: ignore,
      responsivenessChanged: ignore,
      // It was not asked while it was away.
      linkOpened: () => { if (this.engine.boost(this.transport.clock.now())) this.poll(); },
      searchAnswered: (answer) => {
        this.counts.repliesReceived += 1;
        nextPause = nameServerPause;
        this.events.answered(answer, address.host, null);
      },
      linkClosed: (reason) => {
        this.nameServers.delete(key);
        this.warnOnce('NAME_SERVER', `The name server ${key} cannot be reached: ${reason}. It is tried again.`, key);
        this.later(nextPause, () => this.connectNameServer(address, Math.min(nextPause * 2, longestNameServerPause)));
      },
    }, this.totals);
    this.nameServers.set(key, link);
  }

  private later(pause: number, callback: () => void): void {
    const timer = this.transport.clock.after(pause, () => {
      this.timers.delete(timer);
      callback();
    });
    this.timers.add(timer);
  }

  /** The same words once a client, not once a datagram. */
  private warnOnce(code: string, message: string, host?: string): void {
    if (this.closed || this.said.has(message)) return;
    this.said.add(message);
    this.events.warn({ code, message, ...(host === undefined ? {} : { host }) });
  }
}
