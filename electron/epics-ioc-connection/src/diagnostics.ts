// What a client does on the network, told as it happens: the ground of a connection doctor. Costs nothing while nobody listens.
import type { ClientStatistics, TlsInfo } from './api';
import { Listeners } from './ca/listeners';
import { disposer } from './disposal';
import type { Disposer } from './disposal';
import type { Clock, Timer } from './transport/transport';

export type Protocol = 'ca' | 'pva';

/** `server` is `host:port` of a circuit; times are milliseconds. */
export type DiagnosticEvent = { readonly protocol: Protocol } & (
  /** Names were asked for in `datagrams`, which went to each of `targets`. */
  | { readonly kind: 'search'; readonly names: number; readonly datagrams: number; readonly targets: readonly string[] }
  | { readonly kind: 'answer'; readonly pv: string; readonly server: string; readonly milliseconds: number }
  /** A second server has the same name. */
  | { readonly kind: 'duplicate'; readonly pv: string; readonly server: string; readonly other: string }
  /** A server (re)started, as its beacons say. */
  | { readonly kind: 'beacon'; readonly server: string }
  /** With `open`: how long the connection took, and by TLS with whom. With `closed`: why; `insecure`: TLS could not be agreed on. */
  | { readonly kind: 'circuit'; readonly server: string; readonly state: 'connecting' | 'open' | 'unresponsive' | 'responsive' | 'closed'; readonly reason?: string; readonly milliseconds?: number; readonly tls?: TlsInfo; readonly insecure?: true }
  | { readonly kind: 'channel'; readonly pv: string; readonly server: string; readonly state: 'connected' | 'refused' | 'lost' }
  /** One request of this program and how long its answer took; `code` where it failed. */
  | { readonly kind: 'request'; readonly pv: string; readonly request: 'get' | 'put'; readonly milliseconds: number; readonly code?: string }
  /** Each second while somebody listens: bytes and events since the last one, and what there is. */
  | { readonly kind: 'traffic'; readonly bytesReceived: number; readonly bytesSent: number; readonly events: number; readonly circuits: number; readonly channels: number; readonly connected: number }
  | { readonly kind: 'warning'; readonly code: string; readonly message: string; readonly pv?: string; readonly host?: string }
);

type WithoutProtocol<Event> = Event extends unknown ? Omit<Event, 'protocol'> : never;
/** An event before its protocol is said. */
export type DiagnosticDetail = WithoutProtocol<DiagnosticEvent>;

/** Milliseconds between two `traffic` events. */
const trafficPeriod = 1000;

/** Where a protocol's client tells what it does. */
export class DiagnosticSource {
  private readonly listeners: Listeners<[DiagnosticEvent]>;
  private timer: Timer | null = null;
  private last: ClientStatistics | null = null;

  constructor(
    private readonly protocol: Protocol, private readonly clock: Clock, private readonly statistics: () => ClientStatistics,
    onError: (error: unknown) => void,
  ) {
    this.listeners = new Listeners(onError);
  }

  /** Somebody listens: look at it before an event is made. */
  get active(): boolean { return this.listeners.size > 0; }

  emit(detail: DiagnosticDetail): void {
    if (this.active) this.listeners.emit({ protocol: this.protocol, ...detail } as DiagnosticEvent);
  }

  add(listener: (event: DiagnosticEvent) => void): Disposer {
    const added = this.listeners.add(listener);
    if (!this.timer) {
      this.last = this.statistics();
      this.schedule();
    }
    return disposer(() => {
      added.dispose();
      if (!this.active) this.stop();
    });
  }

  close(): void {
    this.stop();
    this.listeners.clear();
  }

  private stop(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private schedule(): void {
    this.timer = this.clock.after(trafficPeriod, () => {
      this.schedule();
      this.tellTraffic();
    });
  }

  private tellTraffic(): void {
    const now = this.statistics();
    const before = this.last ?? now;
    this.last = now;
    this.emit({
      kind: 'traffic', bytesReceived: now.bytesReceived - before.bytesReceived, bytesSent: now.bytesSent - before.bytesSent,
      events: now.eventsReceived - before.eventsReceived, circuits: now.circuits, channels: now.channels, connected: now.connected,
    });
  }
}
