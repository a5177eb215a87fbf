// One TCP connection through the proxy: pieces of any size, in order, late or not at all.
import { connect, type Socket } from 'node:net';
import type { FaultyProxy } from './proxy';

type Way = 'up' | 'down';
interface Piece { readonly bytes: Buffer; readonly due: number }

export class ProxyLine {
  private readonly server: Socket;
  private readonly queues: Readonly<Record<Way, Piece[]>> = { up: [], down: [] };
  private readonly timers = new Map<Way, NodeJS.Timeout>();
  private cutDone = false;

  constructor(private readonly proxy: FaultyProxy, private readonly client: Socket, serverPort: number, gone: () => void) {
    this.server = connect({ host: '127.0.0.1', port: serverPort, noDelay: true });
    client.setNoDelay(true);
    for (const socket of [client, this.server]) {
      socket.on('error', () => undefined);
      // While nobody is told anything, the other side is left as it is: half open.
      socket.on('close', () => {
        if (!proxy.deaf && !(this.cutDone && socket === this.server)) this.reset();
      });
    }
    client.once('close', () => { if (this.server.destroyed) gone(); });
    this.server.once('close', () => { if (client.destroyed) gone(); });
    client.on('data', (bytes) => this.pass('up', bytes));
    this.server.on('data', (bytes) => this.pass('down', bytes));
    if (proxy.stalled) this.stall(true);
  }

  reset(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const socket of [this.client, this.server]) {
      if (socket.connecting) socket.destroy();
      else if (!socket.destroyed) socket.resetAndDestroy();
    }
  }

  stall(stalled: boolean): void {
    if (stalled) this.server.pause();
    else this.server.resume();
  }

  babble(bytes: Buffer): void { if (!this.client.destroyed) this.client.write(bytes); }

  private pass(way: Way, bytes: Buffer): void {
    const { proxy } = this;
    if (proxy.deaf) return;
    const at = proxy.random.below(bytes.length + 1);
    for (const piece of [bytes.subarray(0, at), bytes.subarray(at)]) if (piece.length > 0) this.carry(way, piece);
  }

  private carry(way: Way, bytes: Buffer): void {
    const queue = this.queues[way];
    const { delay, random } = this.proxy;
    if (delay === 0 && queue.length === 0) return this.give(way, bytes);
    queue.push({ bytes, due: performance.now() + (delay === 0 ? 0 : random.below(delay)) });
    if (queue.length === 1) this.pump(way);
    return undefined;
  }

  /** What is due, in order. */
  private pump(way: Way): void {
    const queue = this.queues[way];
    for (let [first] = queue; first; [first] = queue) {
      const wait = first.due - performance.now();
      if (wait > 0) {
        this.timers.set(way, setTimeout(() => this.pump(way), Math.ceil(wait)));
        return;
      }
      queue.shift();
      this.give(way, first.bytes);
    }
  }

  private give(way: Way, bytes: Buffer): void {
    const { proxy } = this;
    const [target, source] = way === 'up' ? [this.server, this.client] : [this.client, this.server];
    if (target.destroyed || source.destroyed || proxy.deaf || this.cutDone) return;
    if (way === 'down' && proxy.cutAfter !== null) {
      if (bytes.length >= proxy.cutAfter) return this.cut(bytes.subarray(0, proxy.cutAfter));
      proxy.cutAfter -= bytes.length;
    }
    target.write(bytes);
    return undefined;
  }

  /** An orderly end, after the first bytes of what was to come. */
  private cut(start: Buffer): void {
    this.proxy.cutAfter = null;
    this.cutDone = true;
    this.client.end(start);
    this.server.resetAndDestroy();
  }
}
