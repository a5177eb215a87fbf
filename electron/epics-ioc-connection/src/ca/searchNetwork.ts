// Sends searches to the address list and the name servers, takes in answers and beacons.
import type { DatagramSocket, Timer, Transport } from '../transport/transport';
import type { Disposable } from '../api';
import { BeaconWatch } from './beacons';
import { CircuitLink } from './circuitLink';
import type { LinkTotals } from './circuitLink';
import type { ClientSettings, HostPort } from './clientOptions';
import { commands, senderAddress } from './protocol/commands';
import { readDatagram } from './protocol/messageReader';
import { dottedAddress, readSearchAnswer } from './protocol/payloads';
import type { SearchAnswer } from './protocol/payloads';
import { registration } from './repeater';
import { SearchSchedule } from '../link/searchSchedule';
import { resolveTargets } from '../link/searchTargets';
import { Search, versionSize } from './search';
import type { SearchBatch } from './search';

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
/** Milliseconds between tries to register with the repeater, doubled up to the longest; that often it is also asked whether it still runs. */
const registerPause = 1000;
const longestRegisterPause = 60_000;
/** Milliseconds until a lost name server is tried again, doubled up to the longest. */
const nameServerPause = 1000;
const longestNameServerPause = 30_000;

export class SearchNetwork {
  private readonly engine: Search;
  private readonly schedule: SearchSchedule;
  private readonly beacons = new BeaconWatch();
  private readonly socket: DatagramSocket;
  private readonly nameServers = new Map<string, CircuitLink>();
  private readonly counts = { searchesSent: 0, datagramsSent: 0, repliesReceived: 0 };
  private readonly said = new Set<string>();
  private readonly timers = new Set<Timer>();
  private targets: readonly HostPort[] | null = null;
  private registered = false;
  private repeater: Disposable | null = null;
  private closed = false;

  constructor(
    private readonly transport: Transport, private readonly settings: ClientSettings,
    private readonly events: SearchNetworkEvents, private readonly totals: LinkTotals,
    private readonly startRepeater: (() => Promise<Disposable | null>) | null = null,
  ) {
    this.engine = new Search(settings.maxSearchPeriod);
    this.schedule = new SearchSchedule(transport.clock, this.engine, () => this.targets !== null, (batch) => this.send(batch));
    this.socket = transport.openDatagrams({
      received: (bytes, host) => this.onDatagram(bytes, host),
      failed: (reason) => this.warnOnce('SEARCH_FAILED', `A search could not be sent: ${reason}.`),
    });
    const { addresses, autoAddresses, serverPort } = settings;
    void resolveTargets({ addresses, autoPort: autoAddresses ? serverPort : null }, transport,
      (host) => this.warnOnce('UNKNOWN_HOST', `"${host}" of the address list is unknown: nothing is searched for there. Check EPICS_CA_ADDR_LIST.`),
      (targets) => this.onTargets(targets));
    for (const address of settings.nameServers) this.connectNameServer(address, nameServerPause);
    if (startRepeater) void this.becomeRepeater().then(() => this.register(registerPause));
    else this.register(registerPause);
  }

  get statistics(): Readonly<{ searchesSent: number; datagramsSent: number; repliesReceived: number }> { return this.counts; }

  /** Returns the number of the first datagram that may ask for it: what answers earlier ones is stale. */
  add(clientId: number, name: string, lost: boolean, level: number): number { return this.schedule.add(clientId, name, lost, level); }

  /** False: it was not searched for. */
  remove(clientId: number): boolean { return this.engine.remove(clientId); }

  close(): void {
    this.closed = true;
    this.schedule.close();
    for (const timer of this.timers) timer.cancel();
    for (const link of this.nameServers.values()) link.close();
    this.socket.close();
    this.repeater?.dispose();
  }

  private onTargets(targets: readonly HostPort[]): void {
    this.targets = targets;
    this.schedule.poll();
    if (targets.length > 0 || this.settings.nameServers.length > 0) return;
    // For those who listen to warnings: they could not do so yet.
    queueMicrotask(() => this.warnOnce('NO_ADDRESSES', 'There is no address to search on: set EPICS_CA_ADDR_LIST, or EPICS_CA_AUTO_ADDR_LIST to YES.'));
  }

  private send(batch: SearchBatch): void {
    const targets = this.targets ?? [];
    if (batch.names > 0) {
      this.counts.searchesSent += batch.names;
      this.events.searched(batch.names, batch.datagrams.length, [...targets.map(({ host, port }) => `${host}:${port}`), ...this.nameServers.keys()]);
    }
    for (const datagram of batch.datagrams) {
      for (const { host, port } of targets) {
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
    this.schedule.boost();
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
      linkOpened: () => this.schedule.boost(),
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
    // A listener of a warning may have closed the client.
    if (this.closed) return;
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
