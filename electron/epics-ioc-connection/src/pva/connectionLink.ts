// One pvAccess connection on its TCP connection: writes once per tick, gives decoding a bounded share of each tick, keeps the time.
import type { TlsInfo } from '../api';
import { RemoteProtocolError } from '../ca/protocol/errors';
import type { Keychain } from '../tls/keychain';
import type { TlsPeer } from '../tls/peer';
import { PacedReading } from '../transport/pacedReading';
import type { Connection, Timer, Transport } from '../transport/transport';
import { ClientConnection, sendAtOnce } from './clientConnection';
import type { ConnectionEvents, ConnectionOptions } from './clientConnection';
import type { ServerAddress } from './clientOptions';

export interface ConnectionLinkEvents extends ConnectionEvents {
  /** The connection is gone. `cause`: the server's bytes made no sense, TLS could not be agreed on, or neither. */
  linkClosed(reason: string, cause: 'broken' | 'insecure' | null): void;
}
export interface LinkTotals { bytesReceived: number; bytesSent: number; eventsReceived: number }

/** `host:port`, or `pvas://host:port`. */
export function linkKey({ host, port, secured }: ServerAddress): string { return `${secured ? 'pvas://' : ''}${host}:${port}`; }

export class ConnectionLink {
  readonly wire: ClientConnection;
  /** `host:port`. */
  readonly server: string;
  readonly key: string;
  opened = false;
  /** Of the server process, where a search told it. */
  guid: string | null = null;
  private peer: TlsPeer | null = null;
  private readonly connection: Connection;
  private timer: Timer | null = null;
  private flushing = false;
  private closed = false;
  private readonly reading: PacedReading;

  constructor(
    private readonly transport: Transport, readonly address: ServerAddress, keychain: Keychain | null, options: ConnectionOptions,
    private readonly events: ConnectionLinkEvents, private readonly totals: LinkTotals,
  ) {
    this.server = `${address.host}:${address.port}`;
    this.key = linkKey(address);
    const wire = new ClientConnection(options, {
      ...events,
      outputWaits: () => this.send(),
      ready: (refused) => {
        events.ready(refused);
        this.flushSoon();
      },
    }, transport.clock.now());
    this.wire = wire;
    this.reading = new PacedReading(transport.clock, () => this.connection, {
      decode: (piece, now) => this.decode(piece, now),
      get updates() { return wire.eventsReceived; },
    });
    this.connection = transport.connect(address.host, address.port, {
      opened: (peer) => this.onOpened(peer ?? null),
      received: (chunk, emptied) => this.onReceived(chunk, emptied ?? false),
      readInto: () => this.reading.isPaused ? null : this.wire.target,
      closed: (reason, refused) => this.end(reason, refused ? 'insecure' : null),
    }, address.secured ? keychain : null);
  }

  /** Null: plain TCP. */
  get tls(): TlsInfo | null { return this.peer && { peer: this.peer.name, authority: this.peer.authority, method: this.wire.method }; }

  /** To be called after each request: what this tick asks for goes out in one write, or in several where it is a lot. */
  flushSoon(): void {
    if (!this.opened || this.closed) return;
    this.reading.hurry();
    if (this.flushing) {
      if (this.wire.out.length >= sendAtOnce) this.send();
      return;
    }
    this.flushing = true;
    this.transport.clock.soon(this.flush);
  }

  /** For good, without an event. */
  close(): void {
    if (this.closed) return;
    this.flush();
    this.stop();
  }

  /** Asks at once whether the server is there. */
  probe(): void { this.ask((now) => this.wire.probe(now)); }

  /** The same, and it is given up where it says nothing soon. */
  doubt(): void { this.ask((now) => this.wire.doubt(now)); }

  private ask(ask: (now: number) => void): void {
    if (!this.opened || this.closed) return;
    ask(this.transport.clock.now());
    this.tick();
  }

  private readonly flush = (): void => {
    this.flushing = false;
    this.send();
  };

  private send(): void {
    const { out } = this.wire;
    if (!this.opened || this.closed || out.length === 0) return;
    const bytes = out.take();
    this.totals.bytesSent += bytes.length;
    this.connection.write(bytes);
  }

  private onOpened(peer: TlsPeer | null): void {
    this.opened = true;
    this.peer = peer;
    this.flush();
    this.tick();
  }

  /** On a timer after the input that waits: a program that was busy does not take its server for silent. */
  private tick(): void {
    if (this.closed) return;
    // It may have been asked meanwhile, which set another one.
    this.timer?.cancel();
    const { clock } = this.transport;
    const next = this.wire.tick(clock.now());
    if (typeof next === 'string') return this.end(next, null);
    this.flush();
    this.timer = clock.after(Math.max(1, next - clock.now()), () => clock.yieldTo(() => this.tick()));
  }

  private onReceived(chunk: Uint8Array, emptied: boolean): void {
    if (this.closed) return;
    this.totals.bytesReceived += chunk.length;
    this.reading.receive(chunk, emptied);
  }

  private decode(piece: Uint8Array, now: number): boolean {
    const { wire } = this;
    const eventsBefore = wire.eventsReceived;
    try {
      wire.receive(piece, now);
    } catch (error) {
      if (!(error instanceof RemoteProtocolError)) throw error;
      this.end(error.message, 'broken');
      return false;
    }
    this.totals.eventsReceived += wire.eventsReceived - eventsBefore;
    if (wire.out.length > 0) this.flushSoon();
    return true;
  }

  private end(reason: string, cause: 'broken' | 'insecure' | null): void {
    if (this.closed) return;
    this.stop();
    this.events.linkClosed(reason, cause);
  }

  private stop(): void {
    this.closed = true;
    this.reading.stop();
    this.timer?.cancel();
    this.connection.destroy();
    this.wire.close();
  }
}
