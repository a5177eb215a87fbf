// One pvAccess connection on its TCP connection: writes once per tick, gives decoding a bounded share of each tick, keeps the time.
import type { HostPort } from '../ca/clientOptions';
import { RemoteProtocolError } from '../ca/protocol/errors';
import type { Connection, Timer, Transport } from '../transport/transport';
import { ClientConnection } from './clientConnection';
import type { ConnectionEvents, ConnectionOptions } from './clientConnection';

/** Milliseconds of decoding and listeners until the event loop gets its turn. */
const tickBudget = 8;
/** Bytes decoded between two looks at the clock. */
const pieceSize = 16_384;

export interface ConnectionLinkEvents extends ConnectionEvents {
  /** The connection is gone. `broken`: the server's bytes made no sense. */
  linkClosed(reason: string, broken: boolean): void;
}
export interface LinkTotals { bytesReceived: number; bytesSent: number; eventsReceived: number }

export class ConnectionLink {
  readonly wire: ClientConnection;
  readonly server: string;
  opened = false;
  /** Of the server process, where a search told it. */
  guid: string | null = null;
  private readonly connection: Connection;
  private timer: Timer | null = null;
  private flushing = false;
  private closed = false;
  private busySince = -1;
  private busy = 0;
  private paused = false;
  private held: Uint8Array | null = null;

  constructor(
    private readonly transport: Transport, readonly address: HostPort, options: ConnectionOptions,
    private readonly events: ConnectionLinkEvents, private readonly totals: LinkTotals,
  ) {
    this.server = `${address.host}:${address.port}`;
    this.wire = new ClientConnection(options, {
      ...events,
      ready: (refused) => {
        events.ready(refused);
        this.flushSoon();
      },
    }, transport.clock.now());
    this.connection = transport.connect(address.host, address.port, {
      opened: () => this.onOpened(),
      received: (chunk) => this.onReceived(chunk),
      readInto: () => this.paused ? null : this.wire.target,
      closed: (reason) => this.end(reason, false),
    });
  }

  /** To be called after each request: all that this tick asks for goes out in one write. */
  flushSoon(): void {
    if (this.flushing || !this.opened || this.closed) return;
    this.flushing = true;
    this.transport.clock.soon(() => this.flush());
  }

  /** The server is given up for a reason of ours: as if the connection had been lost. */
  giveUp(reason: string): void { this.end(reason, false); }

  /** For good, without an event. */
  close(): void {
    if (this.closed) return;
    this.flush();
    this.stop();
  }

  /** Asks at once whether the server is there. */
  probe(): void {
    if (!this.opened || this.closed) return;
    this.wire.probe(this.transport.clock.now());
    this.timer?.cancel();
    this.tick();
  }

  private flush(): void {
    this.flushing = false;
    const { out } = this.wire;
    if (!this.opened || this.closed || out.length === 0) return;
    const bytes = out.take();
    this.totals.bytesSent += bytes.length;
    this.connection.write(bytes);
  }

  private onOpened(): void {
    this.opened = true;
    this.flush();
    this.tick();
  }

  /** On a timer after the input that waits: a program that was busy does not take its server for silent. */
  private tick(): void {
    if (this.closed) return;
    const { clock } = this.transport;
    const next = this.wire.tick(clock.now());
    if (typeof next === 'string') return this.end(next, false);
    this.flush();
    this.timer = clock.after(Math.max(1, next - clock.now()), () => clock.yieldTo(() => this.tick()));
  }

  private onReceived(chunk: Uint8Array): void {
    if (this.closed) return;
    this.totals.bytesReceived += chunk.length;
    if (this.paused) this.held = this.held ? Buffer.concat([this.held, chunk]) : Buffer.from(chunk);
    else this.work(chunk);
  }

  /** Decodes piece by piece; what is left when the tick's budget is used up is kept for the next. */
  private work(chunk: Uint8Array): void {
    const { clock } = this.transport;
    const eventsBefore = this.wire.eventsReceived;
    for (let at = 0; at < chunk.length && !this.closed && !this.paused; at += pieceSize) {
      const start = clock.now();
      try {
        this.wire.receive(chunk.subarray(at, at + pieceSize), start);
      } catch (error) {
        if (!(error instanceof RemoteProtocolError)) throw error;
        return this.end(error.message, true);
      }
      this.account(start, clock.now());
      if (this.paused && at + pieceSize < chunk.length) this.held = Buffer.from(chunk.subarray(at + pieceSize));
    }
    this.totals.eventsReceived += this.wire.eventsReceived - eventsBefore;
    if (this.wire.out.length > 0) this.flushSoon();
  }

  /** Adds up what this tick has cost; beyond the budget reading pauses until the loop went round. */
  private account(start: number, end: number): void {
    if (this.busySince < 0) {
      this.busySince = start;
      this.busy = 0;
      this.transport.clock.yieldTo(() => { this.busySince = -1; });
    }
    this.busy += end - start;
    if (this.busy < tickBudget || this.closed) return;
    this.busySince = -1;
    this.paused = true;
    this.connection.pause();
    this.transport.clock.yieldTo(() => this.resume());
  }

  private resume(): void {
    if (this.closed) return;
    this.paused = false;
    const { held } = this;
    this.held = null;
    if (held) this.work(held);
    if (this.paused || this.closed) return;
    this.connection.resume();
  }

  private end(reason: string, broken: boolean): void {
    if (this.closed) return;
    this.stop();
    this.events.linkClosed(reason, broken);
  }

  private stop(): void {
    this.closed = true;
    this.timer?.cancel();
    this.connection.destroy();
    this.wire.close();
  }
}
