// A network and a clock in memory, for tests: nothing happens until the test says so, and always in the same order.
import type { Keychain } from '../tls/keychain';
import type { TlsPeer } from '../tls/peer';
import type { Clock, Connection, ConnectionEvents, DatagramEvents, Timer, Transport } from './transport';

interface Waiting { readonly at: number; readonly callback: () => void }

/** Time that stands still until `advance`. */
export class ManualClock implements Clock {
  private time = 0;
  private readonly timers = new Set<Waiting>();
  private queue: (() => void)[] = [];

  now(): number { return this.time; }
  soon(callback: () => void): void { this.queue.push(callback); }
  yieldTo(callback: () => void): void { this.queue.push(callback); }

  after(milliseconds: number, callback: () => void): Timer {
    const waiting = { at: this.time + milliseconds, callback };
    this.timers.add(waiting);
    return { cancel: () => { this.timers.delete(waiting); } };
  }

  /** Timers that wait: none are left by what was closed properly. */
  get pendingTimers(): number { return this.timers.size; }

  /** Lets everything happen that needs no time, promises too. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      while (this.queue.length > 0) {
        for (const callback of this.queue.splice(0)) callback();
        quiet = 0;
      }
      await Promise.resolve();
      await Promise.resolve();
    }
  }

  async advance(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    await this.settle();
    for (;;) {
      let next: Waiting | null = null;
      for (const waiting of this.timers) if (waiting.at <= end && (next === null || waiting.at < next.at)) next = waiting;
      if (!next) break;
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.callback();
      await this.settle();
    }
    this.time = end;
  }
}

/** The server's end of one connection. */
export interface ServerEnd {
  send(bytes: Uint8Array): void;
  /** As a reset or an ended process looks to the client. */
  drop(reason?: string): void;
}
export interface ServerEvents {
  /** It speaks TLS alone: whom it proves to be, or a text: why the handshake fails. */
  secure?(keychain: Keychain): TlsPeer | string;
  /** A client connected: for servers that speak first. */
  opened?(end: ServerEnd): void;
  received(bytes: Uint8Array, end: ServerEnd): void;
  /** The client closed its end. */
  closed?(end: ServerEnd): void;
}

/** Of every datagram socket: nobody sends to it but those that were asked. */
const memoryPort = 40_000;

/** Hosts with TCP and UDP services; the client under test uses it as its transport. */
export class MemoryNetwork implements Transport {
  readonly clock = new ManualClock();
  readonly connections: string[] = [];
  private readonly tcp = new Map<string, ServerEvents>();
  private readonly udp = new Map<string, (bytes: Uint8Array, reply: (bytes: Uint8Array, host?: string, port?: number) => void) => void>();

  /** A server on `host:port`; null takes it away. */
  serveTcp(address: string, events: ServerEvents | null): void {
    if (events) this.tcp.set(address, events);
    else this.tcp.delete(address);
  }

  serveUdp(address: string, receive: ((bytes: Uint8Array, reply: (bytes: Uint8Array, host?: string, port?: number) => void) => void) | null): void {
    if (receive) this.udp.set(address, receive);
    else this.udp.delete(address);
  }

  resolve(host: string): Promise<string> {
    return /^[\d.]+$/.test(host) ? Promise.resolve(host) : Promise.reject(new Error(`unknown host ${host}`));
  }

  connect(host: string, port: number, events: ConnectionEvents, keychain: Keychain | null = null): Connection {
    const address = `${host}:${port}`;
    this.connections.push(address);
    const server = this.tcp.get(address);
    let live = true;
    let open = false;
    let paused = false;
    const held: Uint8Array[] = [];
    const give = (bytes: Uint8Array): void => {
      if (!live) return;
      if (paused) held.push(bytes);
      else events.received(bytes);
    };
    const end = (reason: string, refused = false): void => this.clock.soon(() => {
      if (!live) return;
      live = false;
      events.closed(reason, refused);
    });
    const serverEnd: ServerEnd = {
      send: (bytes) => this.clock.soon(() => give(bytes)),
      drop: (reason = 'connection reset') => end(reason),
    };
    this.clock.soon(() => {
      if (!live) return;
      if (!server) return end('connection refused');
      if (!keychain && server.secure) return end('the server closed the connection');
      const peer = keychain ? server.secure?.(keychain) ?? 'what answers there does not speak TLS' : null;
      if (typeof peer === 'string') return end(peer, true);
      open = true;
      events.opened(peer);
      server.opened?.(serverEnd);
    });
    return {
      write: (bytes) => { if (live && open) this.clock.soon(() => server?.received(bytes, serverEnd)); },
      pause: () => { paused = true; },
      resume: () => {
        paused = false;
        for (const bytes of held.splice(0)) give(bytes);
      },
      destroy: () => {
        if (live && open) this.clock.soon(() => server?.closed?.(serverEnd));
        live = false;
      },
    };
  }

  openDatagrams(events: DatagramEvents): ReturnType<Transport['openDatagrams']> {
    let live = true;
    this.clock.soon(() => { if (live) events.opened?.(memoryPort); });
    return {
      send: (bytes, host, port) => this.clock.soon(() => {
        this.udp.get(`${host}:${port}`)?.(bytes, (answer, from = host, fromPort = port) => this.clock.soon(() => {
          if (live) events.received(answer, from, fromPort);
        }));
      }),
      close: () => { live = false; },
    };
  }
}
