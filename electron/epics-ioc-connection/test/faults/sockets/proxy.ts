// Between a client and one server on loopback: datagrams that get lost, doubled or late, streams that are cut, stalled, silenced or babbled into.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Random } from '../../fuzz/random';
import type { DatagramFaults } from '../faultyNetwork';
import { answerPlaces, questionPlaces, readPort, writePort, type Protocol } from './answers';
import { ProxyLine } from './proxyLine';

const loopback = '127.0.0.1';

interface Door { readonly server: Server; readonly port: number }

export class FaultyProxy {
  readonly datagrams: DatagramFaults = { lost: 0, copies: 1, late: 0 };
  /** Milliseconds, at most, that a piece of a stream takes. */
  delay = 0;
  /** Bytes from the server that still pass before a connection is cut, perhaps within a message; null: all. */
  cutAfter: number | null = null;
  private readonly lines = new Set<ProxyLine>();
  /** By the server's TCP port: a server that comes back on a new one has a new one here too. */
  private readonly doors = new Map<number, Promise<Door>>();
  /** By the client's UDP port: where the server's answers come in. */
  private readonly backs = new Map<number, Promise<UdpSocket>>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private front: UdpSocket | null = null;
  private isDeaf = false;
  private closed = false;

  constructor(private readonly protocol: Protocol, readonly random: Random, private readonly serverUdpPort: number) {}

  /** Where clients search. */
  get udpPort(): number { return this.front?.address().port ?? 0; }
  /** Streams are read as slowly as can be: not at all. */
  stalled = false;
  get deaf(): boolean { return this.isDeaf; }

  /** Behind a cable that was pulled: nothing passes, and nobody is told. What has lost bytes is reset when it is put back. */
  set deaf(deaf: boolean) {
    this.isDeaf = deaf;
    if (!deaf) this.reset();
  }

  async open(): Promise<void> {
    const front = await bind();
    this.front = front;
    front.on('message', (bytes, sender) => { void this.ask(bytes, sender.port); });
  }

  /** All connections break: both sides get a reset. */
  reset(): void { for (const line of this.lines) line.reset(); }
  stall(stalled: boolean): void {
    this.stalled = stalled;
    for (const line of this.lines) line.stall(stalled);
  }
  /** Bytes from nowhere in the stream to the client. */
  babble(bytes: Buffer): void { for (const line of this.lines) line.babble(bytes); }
  get connections(): number { return this.lines.size; }

  async close(): Promise<void> {
    this.closed = true;
    this.reset();
    for (const timer of this.timers) clearTimeout(timer);
    this.front?.close();
    for (const back of this.backs.values()) (await back).close();
    for (const door of this.doors.values()) {
      const { server } = await door;
      await new Promise<void>((resolve) => { server.close(() => resolve()); });
    }
  }

  /** A client's datagram on its way. */
  private async ask(bytes: Buffer, clientPort: number): Promise<void> {
    let known = this.backs.get(clientPort);
    if (!known) {
      known = bind();
      this.backs.set(clientPort, known);
      known.then((back) => back.on('message', (answer) => { void this.answer(answer, clientPort); }), () => undefined);
    }
    const back = await known;
    if (this.closed) return;
    for (const place of questionPlaces(this.protocol, bytes)) writePort(bytes, place, back.address().port);
    this.post(() => back.send(bytes, this.serverUdpPort, loopback));
  }

  /** A server's answer on its way; its ports are doors of this proxy. */
  private async answer(bytes: Buffer, clientPort: number): Promise<void> {
    for (const place of answerPlaces(this.protocol, bytes)) writePort(bytes, place, (await this.doorTo(readPort(bytes, place))).port);
    if (!this.closed) this.post(() => this.front?.send(bytes, clientPort, loopback));
  }

  private doorTo(serverPort: number): Promise<Door> {
    const known = this.doors.get(serverPort);
    if (known) return known;
    const opening = new Promise<Door>((resolve, reject) => {
      const server = createServer((client) => {
        const line: ProxyLine = new ProxyLine(this, client, serverPort, () => this.lines.delete(line));
        this.lines.add(line);
      });
      server.once('error', reject);
      server.listen(0, loopback, () => resolve({ server, port: (server.address() as AddressInfo).port }));
    });
    this.doors.set(serverPort, opening);
    return opening;
  }

  /** What happens to a datagram on its way. */
  private post(send: () => void): void {
    const { lost, copies, late } = this.datagrams;
    for (let copy = 0; copy < copies; copy += 1) {
      if (this.isDeaf || this.random.below(100) < lost) continue;
      if (late === 0) send();
      else this.later(this.random.below(late), send);
    }
  }

  private later(milliseconds: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (!this.closed && !this.isDeaf) act();
    }, milliseconds);
    this.timers.add(timer);
  }
}

function bind(): Promise<UdpSocket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, loopback, () => {
      socket.off('error', reject);
      // A server that is not there answers by ICMP.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
