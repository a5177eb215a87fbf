// An IOC in memory, made of the servers' own cores, that dies, freezes, cuts and babbles as told; it remembers every write and every value.
import { CaServerPv } from '../../src/ca/server/caServerPv';
import { PvDirectory } from '../../src/ca/server/pvDirectory';
import { answerSearches as answerCa } from '../../src/ca/server/searchResponder';
import { ServerCircuit } from '../../src/ca/server/serverCircuit';
import type { ServerPv } from '../../src/api';
import type { PvaServerPv } from '../../src/pva/server/pvaServerPv';
import { PvaScalarPv } from '../../src/pva/server/scalarPv';
import { answerSearches as answerPva } from '../../src/pva/server/searchResponder';
import { ServerConnection } from '../../src/pva/server/serverConnection';
import type { ServerEnd } from '../../src/transport/memory';
import type { Random } from '../fuzz/random';
import type { FaultyNetwork } from './faultyNetwork';

export type Protocol = 'ca' | 'pva';
interface Core { receive(chunk: Uint8Array): void; takeOutput(): Uint8Array[]; setBlocked(blocked: boolean): void; close(): void; readonly output: { readonly size: number } }
interface Line { readonly core: Core; readonly end: ServerEnd; live: boolean; held: Uint8Array[] }

const host = '10.0.0.1';
const searchPorts = { ca: 5064, pva: 5076 } as const;
export const addressOf = (protocol: Protocol): string => `${host}:${searchPorts[protocol]}`;

export class FaultyIoc {
  /** Values of puts, in the order in which they were done. */
  readonly done: number[] = [];
  /** What each PV held, and since when (ms). */
  readonly history = new Map<string, { at: number; value: number }[]>();
  running = false;
  /** Neither reads nor writes, as a process that was stopped; what comes is kept for later. */
  frozen = false;
  /** Everything that comes or goes is thrown away, as behind a cable that was pulled. */
  deaf = false;
  /** The sockets of the clients are full. */
  blocked = false;
  /** Bytes of a reply that are still sent before the connection is cut; null: all. */
  cutAfter: number | null = null;
  mostWaiting = 0;
  private lines: Line[] = [];
  private pvs = new Map<string, ServerPv>();
  private tcpPort = 7000;
  private starts = 0;

  constructor(private readonly network: FaultyNetwork, private readonly protocol: Protocol, private readonly random: Random, private readonly names: readonly string[]) {}

  get clients(): number { return this.lines.filter(({ live }) => live).length; }
  current(name: string): number | undefined { return this.history.get(name)?.at(-1)?.value; }

  start({ newPort = false } = {}): void {
    const { memory } = this.network;
    if (newPort) this.tcpPort += 1;
    this.starts += 1;
    this.running = true;
    const { find, make, search } = this.protocol === 'ca' ? this.serveCa() : this.servePva();
    for (const name of this.names) this.pvs.set(name, find(name));
    for (const name of this.names) this.update(name, this.starts * 1e6);
    memory.serveUdp(addressOf(this.protocol), (bytes, reply) => this.network.post(() => {
      if (!this.running || this.deaf || this.frozen) return;
      for (const answer of search(bytes)) this.network.post(() => reply(answer));
    }));
    memory.serveTcp(`${host}:${this.tcpPort}`, {
      opened: (end) => {
        // The core has something to say at once, before there is a line.
        let line: Line | undefined = undefined as Line | undefined;
        line = { end, live: true, held: [], core: make(() => this.flushSoon(line)) };
        this.lines.push(line);
        this.flushSoon(line);
      },
      received: (bytes, end) => {
        const line = this.lines.find((each) => each.end === end);
        if (!line?.live || this.deaf) return;
        // The bytes are the client's buffer.
        if (this.frozen) line.held.push(bytes.slice());
        else line.core.receive(bytes);
      },
      closed: (end) => {
        const line = this.lines.find((each) => each.end === end);
        if (line && !this.deaf) this.sweep(line);
      },
    });
  }

  /** The process ends: its connections break. */
  kill(): void {
    this.running = false;
    const { memory } = this.network;
    memory.serveUdp(addressOf(this.protocol), null);
    memory.serveTcp(`${host}:${this.tcpPort}`, null);
    this.reset();
    this.pvs.clear();
  }

  /** All connections break. */
  reset(): void {
    for (const line of this.lines.splice(0)) {
      line.live = false;
      line.core.close();
      line.end.drop('connection reset');
    }
  }

  thaw(): void {
    this.frozen = false;
    for (const line of this.lines) {
      for (const bytes of line.held.splice(0)) if (line.live) line.core.receive(bytes);
      this.flushSoon(line);
    }
  }

  setBlocked(blocked: boolean): void {
    this.blocked = blocked;
    for (const line of this.lines) {
      line.core.setBlocked(blocked);
      this.flushSoon(line);
    }
  }

  babble(bytes: Uint8Array): void { for (const { end, live } of this.lines) if (live) end.send(bytes.slice()); }

  update(name: string, value: number): void {
    const pv = this.pvs.get(name);
    if (!pv) return;
    const list = this.history.get(name) ?? [];
    list.push({ at: this.network.memory.clock.now(), value });
    this.history.set(name, list);
    pv.update({ value });
  }

  private write(name: string, value: number): Promise<void> | undefined {
    this.done.push(value);
    this.update(name, value);
    // Some puts take their time, so that a fault finds them under way.
    const pause = this.random.oneIn(2) ? 0 : this.random.below(800);
    return pause === 0 ? undefined : new Promise((resolve) => { this.network.memory.clock.after(pause, resolve); });
  }

  private serveCa() {
    const pvs = new PvDirectory<CaServerPv>();
    return {
      find: (name: string): ServerPv => {
        const pv = new CaServerPv(name, { type: 'DOUBLE', initial: 0, onWrite: ({ value }) => this.write(name, value as number) }, { now, removed: (gone) => pvs.remove(gone) });
        pvs.add(pv);
        return pv;
      },
      make: (outputReady: () => void): Core => new ServerCircuit({ pvs, tcpPort: () => this.tcpPort, outputReady, hangUp: () => this.reset() }, host),
      search: (bytes: Uint8Array): Uint8Array[] => {
        const answer = answerCa(bytes, (name) => pvs.find(name) !== undefined, this.tcpPort);
        return answer ? [answer] : [];
      },
    };
  }

  private servePva() {
    const pvs = new PvDirectory<PvaServerPv>();
    const guid = this.starts.toString(16).padStart(24, '0');
    const { tcpPort } = this;
    return {
      find: (name: string): ServerPv => {
        const pv = new PvaScalarPv(name, { type: 'DOUBLE', initial: 0, onWrite: ({ value }) => this.write(name, value as number) }, { now, removed: (gone) => pvs.remove(gone) });
        pvs.add(pv.pv);
        return pv;
      },
      make: (outputReady: () => void): Core => new ServerConnection({ pvs, guid: () => guid, tcpPort: () => tcpPort, tlsPort: () => 0, outputReady, hangUp: () => this.reset() }, host),
      search: (bytes: Uint8Array): Uint8Array[] => answerPva(bytes, { has: (name) => pvs.find(name) !== undefined, guid, tcpPort, tlsPort: 0 }).map(({ datagram }) => datagram),
    };
  }

  private flushSoon(line: Line | undefined): void { this.network.memory.clock.soon(() => { if (line) this.flush(line); }); }

  private flush(line: Line): void {
    this.mostWaiting = Math.max(this.mostWaiting, line.core.output.size);
    if (!line.live || this.blocked || this.frozen) return;
    for (const chunk of line.core.takeOutput()) {
      if (this.deaf) continue;
      if (this.cutAfter === null || chunk.length <= this.cutAfter) {
        line.end.send(chunk);
        if (this.cutAfter !== null) this.cutAfter -= chunk.length;
        continue;
      }
      line.end.send(chunk.subarray(0, this.cutAfter));
      this.cutAfter = null;
      return this.reset();
    }
  }

  private sweep(line: Line): void {
    line.live = false;
    line.core.close();
    this.lines = this.lines.filter((each) => each !== line);
  }
}

function now(): { seconds: number; nanoseconds: number } {
  const milliseconds = Date.now();
  return { seconds: Math.floor(milliseconds / 1000), nanoseconds: (milliseconds % 1000) * 1e6 };
}
