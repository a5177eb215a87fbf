// One circuit on its TCP connection: writes once per tick, gives decoding a bounded share of each tick, keeps the time.
import { PacedReading } from '../transport/pacedReading';
import type { Connection, Timer, Transport } from '../transport/transport';
import { ClientCircuit } from './clientCircuit';
import type { CircuitEvents, CircuitOptions } from './clientCircuit';
import { RemoteProtocolError } from './protocol/errors';
import type { HostPort } from './clientOptions';

/** Bytes of requests that are sent without waiting for the end of the tick: the server works on them while the program asks for more. */
const sendAtOnce = 8192;
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
  readonly priority: number;
  opened = false;
  private readonly connection: Connection;
  private timer: Timer | null = null;
  private flushing = false;
  private closed = false;
  private readonly reading: PacedReading;
  private overruns = 0;
  private flowStopped = false;
  private receivedSinceResume = false;

  constructor(
    private readonly transport: Transport, readonly address: HostPort, options: CircuitOptions,
    private readonly events: LinkEvents, private readonly totals: LinkTotals,
  ) {
    this.server = `${address.host}:${address.port}`;
    this.priority = options.priority;
    const circuit = new ClientCircuit(options, events, transport.clock.now());
    this.circuit = circuit;
    this.reading = new PacedReading(transport.clock, () => this.connection, {
      decode: (piece, now) => this.decode(piece, now),
      get updates() { return circuit.eventsReceived; },
      overrun: () => this.onOverrun(),
      resumed: () => this.onResumed(),
    });
    this.connection = transport.connect(address.host, address.port, {
      opened: () => this.onOpened(),
      received: (chunk, emptied) => this.onReceived(chunk, emptied ?? false),
      readInto: () => this.reading.isPaused ? null : this.circuit.target,
      closed: (reason) => this.end(reason, false),
    });
  }

  /** To be called after each request: what this tick asks for goes out in one write, or in several where it is a lot. */
  flushSoon(): void {
    if (!this.opened || this.closed) return;
    this.reading.hurry();
    if (this.flushing) {
      if (this.circuit.out.length >= sendAtOnce) this.send();
      return;
    }
    this.flushing = true;
    this.transport.clock.soon(this.flush);
  }

  close(): void {
    if (this.closed) return;
    this.flush();
    this.closed = true;
    this.reading.stop();
    this.timer?.cancel();
    this.connection.destroy();
    this.circuit.close();
  }

  /** Asks at once whether the server is there. */
  probe(): void {
    if (!this.opened || this.closed) return;
    this.circuit.probe(this.transport.clock.now());
    this.tick();
  }

  private readonly flush = (): void => {
    this.flushing = false;
    this.send();
  };

  private send(): void {
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
    // It may have been asked meanwhile, which set another one.
    this.timer?.cancel();
    const { clock } = this.transport;
    const next = this.circuit.tick(clock.now());
    // Who was told that the server fell silent may have closed it.
    if (this.closed) return;
    this.flush();
    this.timer = clock.after(Math.max(1, next - clock.now()), () => clock.yieldTo(() => this.tick()));
  }

  private onReceived(chunk: Uint8Array, emptied: boolean): void {
    if (this.closed) return;
    this.totals.bytesReceived += chunk.length;
    this.receivedSinceResume = true;
    // Nothing waits in the socket: however busy we are, we keep up.
    if (emptied) this.overruns = 0;
    this.reading.receive(chunk, emptied);
  }

  private decode(piece: Uint8Array, now: number): boolean {
    const { circuit } = this;
    const eventsBefore = circuit.eventsReceived;
    try {
      circuit.receive(piece, now);
    } catch (error) {
      if (!(error instanceof RemoteProtocolError)) throw error;
      this.end(error.message, true);
      return false;
    }
    this.totals.eventsReceived += circuit.eventsReceived - eventsBefore;
    if (circuit.out.length > 0) this.flushSoon();
    return true;
  }

  private onOverrun(): void {
    this.overruns += 1;
    if (this.overruns > ticksUntilFlowControl && !this.flowStopped) this.setFlow(false);
  }

  private onResumed(): void {
    this.receivedSinceResume = false;
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
    this.reading.stop();
    this.timer?.cancel();
    this.connection.destroy();
    this.circuit.close();
    this.events.linkClosed(reason, broken);
  }
}
