// The pvAccess server: TCP connections, UDP searches, beacons where asked for. By default on loopback only.
import { randomBytes } from 'node:crypto';
import { createServer, type Server as TcpServer, type Socket } from 'node:net';
import type { Socket as UdpSocket } from 'node:dgram';
import type { Server, ServerOptions, ServerPv, ServerPvOptions } from '../../api';
import { bindUdp, listenTcp, PortInUseError } from '../../ca/server/listening';
import { PvDirectory } from '../../ca/server/pvDirectory';
import { serveSocket } from '../../ca/server/servedSocket';
import { createServerClock } from '../../ca/server/serverClock';
import { asyncDisposeSymbol } from '../../disposal';
import { structure } from '../protocol';
import { BeaconSender } from './beaconSender';
import { makeGroup } from './groupPv';
import type { PvaGroupOptions } from './groupPv';
import { PvaServerPv, type PvaRpcHandler, type PvaStructureOptions, type PvaStructurePv } from './pvaServerPv';
import { PvaScalarPv } from './scalarPv';
import { answerSearches } from './searchResponder';
import { ServerConnection } from './serverConnection';

/** Tries to find a number that is free for TCP and UDP alike. */
const portAttempts = 20;
const nothing = structure('', {});

export class PvaServer implements Server {
  private readonly pvs = new PvDirectory<PvaServerPv>();
  private readonly sockets = new Set<Socket>();
  private readonly now = createServerClock();
  private tcp: TcpServer | null = null;
  private udp: UdpSocket | null = null;
  private beacons: BeaconSender | null = null;
  private identity = '';
  private changes = 0;

  /** `udpPort`: where searches come in (EPICS_PVA_BROADCAST_PORT); left out, the same number as the TCP port. */
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

  /** 24 hexadecimal digits, new each time that the server starts to listen. */
  get guid(): string {
    return this.identity;
  }

  get names(): readonly string[] {
    return this.pvs.names;
  }

  /** A number, text, choice or waveform, served as NTScalar, NTScalarArray or NTEnum. Errors: a name that is taken. */
  add(name: string, options: ServerPvOptions): ServerPv {
    const pv = new PvaScalarPv(name, options, { now: this.now, removed: (gone) => this.removed(gone) });
    this.insert(pv.pv);
    return pv;
  }

  /** Any structure. Errors: a name that is taken, `LocalProtocolError` for an initial value that the type cannot hold. */
  addStructure(name: string, options: PvaStructureOptions): PvaStructurePv {
    const pv = new PvaServerPv(name, options, (gone) => this.removed(gone));
    this.insert(pv);
    return pv;
  }

  /**
   * Several PVs of this server as one structure (a group PV, as QSRV's): a get reads them at one moment, a put writes those that it names, or none
   * where one of them may not be written. Errors: a name that is taken, a RangeError for a PV that is not there.
   */
  addGroup(name: string, options: PvaGroupOptions): PvaStructurePv {
    const pv = makeGroup(name, options, (wanted) => this.pvs.find(wanted), (gone) => this.removed(gone));
    this.insert(pv);
    return pv;
  }

  /** A name that only answers RPC. Errors: a name that is taken. */
  addRpc(name: string, onRpc: PvaRpcHandler): PvaStructurePv {
    return this.addStructure(name, { type: nothing, onRpc });
  }

  alias(alias: string, name: string): void {
    this.pvs.alias(alias, name);
  }

  /** Errors: `PortInUseError`. */
  async listen(): Promise<void> {
    const { host = '127.0.0.1', port = 0, udpPort } = this.options;
    this.identity = randomBytes(12).toString('hex');
    for (let attempt = 1; ; attempt++) {
      const tcp = await listenTcp(createServer((socket) => this.accept(socket)), host, port);
      this.tcp = tcp;
      try {
        this.udp = await bindSearches(host, udpPort ?? this.tcpPort, udpPort !== undefined);
        break;
      } catch (error) {
        this.tcp = null;
        await new Promise<void>((resolve) => tcp.close(() => resolve()));
        // Only a port that we chose ourselves may be replaced by another.
        if (port !== 0 || udpPort !== undefined || attempt === portAttempts || !(error instanceof PortInUseError)) throw error;
      }
    }
    this.answer(this.udp);
    const { beaconAddresses = [] } = this.options;
    if (beaconAddresses.length > 0) {
      this.beacons = new BeaconSender(this.udp, { guid: this.identity, tcpPort: this.tcpPort, changes: () => this.changes }, beaconAddresses);
    }
  }

  [asyncDisposeSymbol](): Promise<void> { return this.close(); }

  async close(): Promise<void> {
    this.beacons?.stop();
    const { tcp, udp } = this;
    this.tcp = null;
    this.udp = null;
    if (udp) await new Promise<void>((resolve) => udp.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    if (tcp) await new Promise<void>((resolve) => tcp.close(() => resolve()));
  }

  private insert(pv: PvaServerPv): void {
    this.pvs.add(pv);
    this.changes += 1;
  }

  private removed(pv: PvaServerPv): void {
    this.pvs.remove(pv);
    this.changes += 1;
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    const surroundings = { pvs: this.pvs, guid: () => this.identity, tcpPort: () => this.tcpPort };
    serveSocket(socket, (events) => new ServerConnection({ ...surroundings, ...events }, socket.remoteAddress ?? ''), () => this.sockets.delete(socket));
  }

  private answer(udp: UdpSocket): void {
    udp.on('message', (datagram, sender) => {
      const answers = answerSearches(datagram, { has: (name) => this.pvs.find(name) !== undefined, guid: this.identity, tcpPort: this.tcpPort });
      // A client that is gone already is no concern of the server's.
      for (const { datagram: answer, address, port } of answers) udp.send(answer, port || sender.port, address ?? sender.address, () => undefined);
    });
  }
}

/** Clients listen for beacons on the port that they search on, so that it is shared; one that nobody asked for is a free one. */
async function bindSearches(host: string, port: number, asked: boolean): Promise<UdpSocket> {
  if (!asked) {
    const trial = await bindUdp(host, port);
    await new Promise<void>((resolve) => trial.close(() => resolve()));
  }
  return bindUdp(host, port, { shared: true });
}
