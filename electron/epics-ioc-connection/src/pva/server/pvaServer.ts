// The pvAccess server: TCP connections, UDP searches, beacons where asked for. By default on loopback only.
import { randomBytes } from 'node:crypto';
import { createServer, type Server as TcpServer, type Socket } from 'node:net';
import type { RemoteInfo, Socket as UdpSocket } from 'node:dgram';
import type { Server, ServerOptions, ServerPv, ServerPvOptions } from '../../api';
import { bindShared, checkPorts, closeAll, Listening, listenOn, wantsOtherPort } from '../../ca/server/listening';
import { PvDirectory } from '../../ca/server/pvDirectory';
import { serveSocket } from '../../ca/server/servedSocket';
import { createServerClock } from '../../ca/server/serverClock';
import { asyncDisposeSymbol } from '../../disposal';
import { maxNameBytes, structure } from '../protocol';
import { BeaconSender } from './beaconSender';
import { makeGroup } from './groupPv';
import type { PvaGroupOptions } from './groupPv';
import { LocalForwarding } from './localForwarding';
import { PvaServerPv, type PvaRpcHandler, type PvaStructureOptions, type PvaStructurePv } from './pvaServerPv';
import { PvaScalarPv } from './scalarPv';
import { answerSearches } from './searchResponder';
import { ServerConnection } from './serverConnection';
import { createTlsServer, readServerTls, type PvaServerTlsOptions, type ServerTlsSettings } from './serverTls';
import { openKeychain, type Keychain } from '../../tls/keychain';
import type { TlsPeer } from '../../tls/peer';

/** Tries to find a number that is free for TCP and UDP alike. */
const portAttempts = 20;
const nothing = structure('', {});

export interface PvaServerOptions extends ServerOptions {
  /** TLS ("secure PVA") beside plain TCP, for clients that have it too; false: never, whatever the variables say. */
  tls?: PvaServerTlsOptions | false;
  /** Variables to take EPICS_PVAS_TLS_* settings from; default those of the process. */
  environment?: Readonly<Record<string, string | undefined>>;
}

export class PvaServer implements Server {
  private readonly pvs = new PvDirectory<PvaServerPv>(maxNameBytes);
  private readonly sockets = new Set<Socket>();
  private readonly now = createServerClock();
  private tcp: TcpServer | null = null;
  private tls: TcpServer | null = null;
  private udp: UdpSocket | null = null;
  private beacons: BeaconSender | null = null;
  private forwarding: LocalForwarding | null = null;
  private identity = '';
  private changes = 0;
  private readonly listening = new Listening(() => this.open(), () => this.closeSockets());

  /** `udpPort`: where searches come in (EPICS_PVA_BROADCAST_PORT); left out, the same number as the TCP port. */
  constructor(private readonly options: PvaServerOptions = {}) {}

  /** 0 while not listening. */
  get tcpPort(): number { return portOf(this.tcp); }

  /** 0 while not listening, and where the server has no TLS. */
  get tlsPort(): number { return portOf(this.tls); }

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
   * where one of them may not be written. Errors: a name that is taken, a `ValueError` for a PV that is not there.
   */
  addGroup(name: string, options: PvaGroupOptions): PvaStructurePv {
    const pv = makeGroup(name, options, (wanted) => this.pvs.find(wanted), (gone) => this.removed(gone));
    try {
      this.insert(pv);
    } catch (error) {
      // It lets its records go.
      pv.remove();
      throw error;
    }
    return pv;
  }

  /** A name that only answers RPC. Errors: a name that is taken. */
  addRpc(name: string, onRpc: PvaRpcHandler): PvaStructurePv {
    return this.addStructure(name, { type: nothing, onRpc });
  }

  alias(alias: string, name: string): void {
    this.pvs.alias(alias, name);
  }

  /** Nothing new where it listens already. Errors: `PortInUseError`; `CaError` BAD_OPTION for a port or a host that cannot be, BAD_KEYCHAIN. */
  listen(): Promise<void> { return this.listening.begin(); }

  private async open(): Promise<void> {
    const { host = '127.0.0.1', port = 0, udpPort, orAnyPort = false } = this.options;
    checkPorts({ port, udpPort });
    const tls = readServerTls(this.options.tls, this.options.environment ?? process.env);
    const keychain = tls && openKeychain(tls, 'server', Date.now());
    this.identity = randomBytes(12).toString('hex');
    for (let attempt = 1; ; attempt++) {
      this.tcp = await listenOn(() => createServer((socket) => this.accept(socket)), host, port, orAnyPort);
      try {
        // Before the first search is answered: no client that has TLS is sent to plain TCP.
        if (tls && keychain) this.tls = await this.listenTls(tls, keychain, host);
        // Clients listen for beacons on the port that they search on, too.
        this.udp = await bindShared(host, udpPort ?? this.tcpPort, udpPort !== undefined);
        break;
      } catch (error) {
        await this.closeSockets();
        // Only a port that we chose ourselves may be replaced by another.
        if (port !== 0 || udpPort !== undefined || attempt === portAttempts || !wantsOtherPort(error)) throw error;
      }
    }
    const { udp } = this;
    // On a port of its own, or any that is free, it has nobody to share with.
    if (udpPort) this.forwarding = await LocalForwarding.open(host, udpPort, (datagram) => this.answer(udp, datagram, null));
    udp.on('message', (datagram, sender) => {
      this.answer(udp, datagram, sender);
      this.forwarding?.pass(datagram, sender.address);
    });
    const { beaconAddresses = [] } = this.options;
    if (beaconAddresses.length > 0) {
      this.beacons = new BeaconSender(udp, { guid: this.identity, tcpPort: this.tcpPort, changes: () => this.changes }, beaconAddresses);
    }
  }

  private listenTls(settings: ServerTlsSettings, keychain: Keychain, host: string): Promise<TcpServer> {
    const make = (): TcpServer => createTlsServer(settings, keychain, {
      connected: (socket) => this.hold(socket),
      accepted: (socket, client) => this.serve(socket, { client }),
      refused: (refusal) => { if (this.options.tls) this.options.tls.onRefused?.(refusal); },
    });
    return listenOn(make, host, settings.port, settings.portIsWish);
  }

  [asyncDisposeSymbol](): Promise<void> { return this.close(); }

  close(): Promise<void> { return this.listening.end(); }

  private async closeSockets(): Promise<void> {
    this.beacons?.stop();
    this.forwarding?.close();
    this.forwarding = null;
    const { tcp, tls, udp } = this;
    this.tcp = this.tls = null;
    this.udp = null;
    await closeAll([udp, tcp, tls], this.sockets);
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
    this.hold(socket);
    this.serve(socket, null);
  }

  /** Until it closes by itself. */
  private hold(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }

  private serve(socket: Socket, tls: { readonly client: TlsPeer | null } | null): void {
    const surroundings = { pvs: this.pvs, maxArrayBytes: this.options.maxArrayBytes, guid: () => this.identity, tcpPort: () => this.tcpPort, tlsPort: () => this.tlsPort };
    serveSocket(socket, (events) => new ServerConnection({ ...surroundings, ...events }, socket.remoteAddress ?? '', tls), () => undefined);
  }

  /** `sender` null: another server of this machine passed it on, and only the client's own word says where the answer goes. */
  private answer(udp: UdpSocket, datagram: Uint8Array, sender: RemoteInfo | null): void {
    const answers = answerSearches(datagram, { has: (name) => this.pvs.find(name) !== undefined, guid: this.identity, tcpPort: this.tcpPort, tlsPort: this.tlsPort });
    for (const { datagram: answer, address, port } of answers) {
      const [toPort, toAddress] = [port || sender?.port, address ?? sender?.address];
      // A client that is gone already is no concern of the server's.
      if (toPort && toAddress) udp.send(answer, toPort, toAddress, () => undefined);
    }
  }
}

function portOf(server: TcpServer | null): number {
  const address = server?.address();
  return address && typeof address === 'object' ? address.port : 0;
}
