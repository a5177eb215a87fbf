// The Channel Access server: TCP circuits, UDP searches, beacons where asked for. By default on loopback only.
import { createServer, type Server as TcpServer, type Socket } from 'node:net';
import type { Server, ServerOptions, ServerPv, ServerPvOptions } from '../../api';
import { asyncDisposeSymbol } from '../../disposal';
import { BeaconSender } from './beaconSender';
import { CaServerPv } from './caServerPv';
import { serveSocket } from './servedSocket';
import { bindShared, bindUdp, checkPorts, closeAll, Listening, listenOn, wantsOtherPort } from './listening';
import { PvDirectory } from './pvDirectory';
import { answerSearches } from './searchResponder';
import { ServerCircuit } from './serverCircuit';
import { createServerClock } from './serverClock';
import type { Socket as UdpSocket } from 'node:dgram';

/** Tries to find a number that is free for TCP and UDP alike. */
const portAttempts = 20;
const everyAddress = '0.0.0.0';

export class CaServer implements Server {
  private readonly pvs = new PvDirectory<CaServerPv>();
  private readonly sockets = new Set<Socket>();
  private readonly now = createServerClock();
  private tcp: TcpServer | null = null;
  private udp: UdpSocket | null = null;
  private beacons: BeaconSender | null = null;
  private readonly listening = new Listening(() => this.open(), () => this.closeSockets());

  constructor(private readonly options: ServerOptions = {}) {}

  /** 0 while not listening. */
  get tcpPort(): number {
    const address = this.tcp?.address();
    return address && typeof address === 'object' ? address.port : 0;
  }

  /** 0 while not listening. */
  get udpPort(): number {
    return this.udp?.address().port ?? 0;
  }

  get names(): readonly string[] {
    return this.pvs.names;
  }

  /** Errors: `ValueError` for a name that is taken, or that no client can ask for. */
  add(name: string, options: ServerPvOptions): ServerPv {
    const pv = new CaServerPv(name, options, { now: this.now, removed: (gone) => this.pvs.remove(gone) });
    this.pvs.add(pv);
    return pv;
  }

  alias(alias: string, name: string): void {
    this.pvs.alias(alias, name);
  }

  /** Nothing new where it listens already. Errors: `PortInUseError`; `CaError` BAD_OPTION for a port or a host that cannot be. */
  listen(): Promise<void> { return this.listening.begin(); }

  private async open(): Promise<void> {
    const { host = '127.0.0.1', port = 0, udpPort, orAnyPort = false } = this.options;
    checkPorts({ port, udpPort });
    for (let attempt = 1; ; attempt++) {
      this.tcp = await listenOn(() => createServer((socket) => this.accept(socket)), host, port, orAnyPort);
      try {
        // The servers of a machine share the port that broadcasts come to. A port of one address goes to one program alone.
        const searchPort = udpPort ?? this.tcpPort;
        this.udp = await (host === everyAddress ? bindShared(host, searchPort, (udpPort ?? port) !== 0) : bindUdp(host, searchPort));
        break;
      } catch (error) {
        await this.closeSockets();
        // Only a port that we chose ourselves may be replaced by another.
        if (port !== 0 || udpPort !== undefined || attempt === portAttempts || !wantsOtherPort(error)) throw error;
      }
    }
    this.answer(this.udp);
    const { beaconAddresses = [] } = this.options;
    if (beaconAddresses.length > 0) this.beacons = new BeaconSender(this.udp, this.tcpPort, beaconAddresses);
  }

  [asyncDisposeSymbol](): Promise<void> { return this.close(); }

  close(): Promise<void> { return this.listening.end(); }

  private async closeSockets(): Promise<void> {
    this.beacons?.stop();
    const { tcp, udp } = this;
    this.tcp = null;
    this.udp = null;
    await closeAll([udp, tcp], this.sockets);
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    const surroundings = { pvs: this.pvs, maxArrayBytes: this.options.maxArrayBytes, tcpPort: () => this.tcpPort };
    serveSocket(socket, (events) => new ServerCircuit({ ...surroundings, ...events }, socket.remoteAddress ?? ''), () => this.sockets.delete(socket));
  }

  private answer(udp: UdpSocket): void {
    udp.on('message', (datagram, sender) => {
      const answer = answerSearches(datagram, (name) => this.pvs.find(name) !== undefined, this.tcpPort);
      // A client that is gone already is no concern of the server's; one of port 0 wants no answer, and none can be sent there.
      if (answer && sender.port !== 0) udp.send(answer, sender.port, sender.address, () => undefined);
    });
  }
}
