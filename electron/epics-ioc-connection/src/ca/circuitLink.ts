// One circuit on its TCP connection: writes once per tick, gives decoding a bounded share of each tick, keeps the time.
import type { Connection, Timer, Transport } from '../transport/transport';
import { ClientCircuit } from './clientCircuit';
import type { CircuitEvents, CircuitOptions } from './clientCircuit';
import { RemoteProtocolError } from './protocol/errors';
import type { HostPort } from './clientOptions';

/** Milliseconds of decoding and listeners until the event loop gets its turn. */
const tickBudget = 8;
/** Bytes decoded between two looks at the clock. */
const pieceSize = 16_384;
/** That many ticks in a row without keeping up: the server is asked to hold its events back. */
const ticksUntilFlowControl = 12;
/** Milliseconds without a byte while the events are held back: what was under way has been read. */
const flowCheckPause = 5;

export interface LinkEvents extends CircuitEvents {
  /** The TCP connection is there. */
  linkOpened?(): void;
  /** The connection is gone. `broken`: the server's bytes made no sense. */
  linkClosed(reason: string, broken: boolean): void;
}

export interface LinkTotals { bytesReceived: number; bytesSent: number; eventsReceived: number }

export class CircuitLink {
  readonly circuit: ClientCircuit;
  readonly server: string;
  opened = false;
  private readonly connection: Connection;
  private timer: Timer | null = null;
  private flushing = false;
  private closed = false;
  private busySince = -1;
  private busy = 0;
  private overruns = 0;
  private flowStopped = false;
  private receivedSinceResume = false;
  private paused = false;
  private held: Uint8Array | null = null;

  constructor(
    private readonly transport: Transport, readonly address: HostPort, options: CircuitOptions,
    private readonly events: LinkEvents, private readonly totals: LinkTotals,
  ) {
    this.server = `${address.host}:${address.port}`;
    this.circuit = new ClientCircuit(options, events, transport.clock.now());
    this.connection = transport.connect(address.host, address.port, {
      opened: () => this.onOpened(),
      received: (chunk, emptied) => this.onReceived(chunk, emptied ?? false),
      readInto: () => this.paused ? null : this.circuit.target,
      closed: (reason) => this.end(reason, false),
    });
  }

  /** To be called after each request: all that this tick asks for goes out in one write. */
  flushSoon(): void {
    if (this.flushing || !this.opened || this.closed) return;
    this.flushing = true;
    this.transport.clock.soon(() => this.flush());
  }

  close(): void {
    if (this.closed) return;
    this.flush();
    this.closed = true;
    this.timer?.cancel();
    this.connection.destroy();
    this.circuit.close();
  }

  /** Asks at once whether the server is there. */
  probe(): void {
    if (!this.opened || this.closed) return;
    this.circuit.probe(this.transport.clock.now());
    this.timer?.cancel();
    this.tick();
  }

  private flush(): void {
    this.flushing = false;
    const { out } = this.circuit;
    if (!this.opened || this.closed || out.length === 0) return;
    const bytes = out.take();
    this.totals.bytesSent += bytes.length;
    this.connection.write(bytes);
  }

  private onOpened(): void {
    this.opened = true;
    this.flush();
    this.events.linkOpened?.();
    this.tick();
  }

  /** On a timer after the input that waits: a program that was busy does not take its server for silent. */
  private tick(): void {
    if (this.closed) return;
    const { clock } = this.transport;
    const next = this.circuit.tick(clock.now());
    this.flush();
    this.timer = clock.after(Math.max(1, next - clock.now()), () => clock.yieldTo(() => this.tick()));
  }

  private onReceived(chunk: Uint8Array, emptied: boolean): void {
    if (this.closed) return;
    this.totals.bytesReceived += chunk.length;
    this.receivedSinceResume = true;
    // Nothing waits in the socket: however busy we are, we keep up.
    if (emptied) this.overruns = 0;
    if (this.paused) this.held = this.held ? Buffer.concat([this.held, chunk]) : Buffer.from(chunk);
    else this.work(chunk);
  }

  /** Decodes piece by piece; what is left when the tick's budget is used up is kept for the next. */
  private work(chunk: Uint8Array): void {
    const { clock } = this.transport;
    const eventsBefore = this.circuit.eventsReceived;
    for (let at = 0; at < chunk.length && !this.closed && !this.paused; at += pieceSize) {
      const start = clock.now();
      try {
        this.circuit.receive(chunk.subarray(at, at + pieceSize), start);
      } catch (error) {
        if (!(error instanceof RemoteProtocolError)) throw error;
        return this.end(error.message, true);
      }
      this.account(start, clock.now());
      if (this.paused && at + pieceSize < chunk.length) this.held = Buffer.from(chunk.subarray(at + pieceSize));
    }
    this.totals.eventsReceived += this.circuit.eventsReceived - eventsBefore;
    if (this.circuit.out.length > 0) this.flushSoon();
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
    this.overruns += 1;
    if (this.overruns > ticksUntilFlowControl && !this.flowStopped) this.setFlow(false);
    this.transport.clock.yieldTo(() => this.resume());
  }

  private resume(): void {
    if (this.closed) return;
    this.paused = false;
    const { held } = this;
    this.held = null;
    if (held) this.work(held);
    if (this.paused || this.closed) return;
    this.receivedSinceResume = false;
    this.connection.resume();
    // Reading goes on in the next turn of the loop; if nothing comes in it, we have caught up.
    this.transport.clock.yieldTo(() => this.transport.clock.yieldTo(() => this.checkCaughtUp()));
  }

  private checkCaughtUp(): void {
    if (this.closed) return;
    if (this.receivedSinceResume) {
      if (!this.flowStopped) return;
      this.receivedSinceResume = false;
      this.transport.clock.after(flowCheckPause, () => this.checkCaughtUp());
      return;
    }
    this.overruns = 0;
    if (this.flowStopped) this.setFlow(true);
  }

  private setFlow(on: boolean): void {
    this.flowStopped = !on;
    this.circuit.setEventFlow(on);
    this.flushSoon();
  }

  private end(reason: string, broken: boolean): void {
    if (this.closed) return;
    this.closed = true;
    this.timer?.cancel();
    this.connection.destroy();
    this.circuit.close();
    this.events.linkClosed(reason, broken);
  }
}
