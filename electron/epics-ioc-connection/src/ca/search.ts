// Which names to ask for, and when. Pure: time passed in, datagrams out.
// Names wait in levels, one per pause (32 ms, 64 ms, ... up to the longest), each level in order of time: no sorting, no timer per name.
import { ByteWriter } from '../bytes/byteWriter';
import { maxUdpSend } from './protocol/commands';
import { writeDatagramVersion, writeSearch } from './protocol/datagrams';
import { textLength } from '../bytes/text';
import { headerSize, padded } from './protocol/message';

/** Milliseconds before the second search for a name. */
const firstPause = 32;
/** A channel that was connected is asked for at least this often at first (level 6: every 1,024 ms) ... */
const recentLevel = 6;
/** ... and this often when many were lost together (level 7: every 2,048 ms), ... */
const crowdedLevel = 7;
const crowd = 2000;
/** ... for this long, ms. */
const recentTime = 300_000;
/** Datagrams in one go: what a server's receive buffer takes without loss. */
export const burst = 32;
/** Milliseconds until the next go when more is due. */
const burstPause = 5;
/** Milliseconds; searching is sped up by beacons at most this often. */
const boostPause = 2000;
/** A boost puts names back to this level at least. */
const boostLevel = 2;

interface Entry {
  readonly clientId: number;
  readonly name: string;
  /** When its connection was lost, or null. */
  readonly lostAt: number | null;
  level: number;
  due: number;
  active: boolean;
}

export interface SearchBatch {
  /** Complete datagrams. Over TCP to a name server the same without the first `versionSize` bytes. */
  readonly datagrams: readonly Uint8Array[];
  readonly names: number;
  /** When to poll again, or null when nothing is searched for. */
  readonly next: number | null;
}

/** Bytes at the start of each datagram that a name server's circuit must not get again. */
export const versionSize = headerSize;

/** Fills datagrams with names; what a datagram looks like is the protocol's own. */
export interface SearchPackets {
  readonly names: number;
  /** Datagrams begun. */
  readonly count: number;
  /** False: the burst is full. */
  add(clientId: number, name: string): boolean;
  finish(): Uint8Array[];
}

export class Search {
  private readonly entries = new Map<number, Entry>();
  private readonly levels: Entry[][];
  private readonly pauses: number[];
  private recent = 0;
  /** Of the next datagram. */
  sequence = 0;
  private boostedAt = -Infinity;

  /** `maxPeriod`: milliseconds, the longest pause between two searches for one name. `pack`: Channel Access's datagrams where it is left out. */
  constructor(maxPeriod: number, private readonly pack: (firstSequence: number) => SearchPackets = (first) => new Packets(first)) {
    const pauses = [0];
    for (let pause = firstPause; pause < maxPeriod; pause *= 2) pauses.push(pause);
    pauses.push(maxPeriod);
    this.pauses = pauses;
    this.levels = pauses.map(() => []);
  }

  get size(): number { return this.entries.size; }
  has(clientId: number): boolean { return this.entries.has(clientId); }

  /**
   * Searches from now on. `lost`: it had been connected, so it is asked for often for some minutes.
   * `level`: where to start, for a name that was refused before and must not be asked for in a tight loop.
   */
  add(clientId: number, name: string, now: number, lost: boolean, level = 0): void {
    this.remove(clientId);
    const start = Math.min(level, this.levels.length - 1);
    const entry: Entry = { clientId, name, lostAt: lost ? now : null, level: start, due: now + (this.pauses[start] as number), active: true };
    this.entries.set(clientId, entry);
    if (lost) this.recent += 1;
    (this.levels[start] as Entry[]).push(entry);
  }

  /** Found, or not wanted any more. False: it was not searched for. */
  remove(clientId: number): boolean {
    const entry = this.entries.get(clientId);
    if (!entry) return false;
    entry.active = false;
    if (entry.lostAt !== null) this.recent -= 1;
    return this.entries.delete(clientId);
  }

  /** A server has appeared: everything is asked for soon. Rate-limited; false where it was not done. */
  boost(now: number): boolean {
    if (now - this.boostedAt < boostPause || this.entries.size === 0) return false;
    this.boostedAt = now;
    const target = Math.min(boostLevel, this.levels.length - 1);
    const moved: Entry[] = [];
    for (let level = target + 1; level < this.levels.length; level += 1) {
      for (const entry of this.levels[level] as Entry[]) if (entry.active) moved.push(entry);
      this.levels[level] = [];
    }
    for (const entry of moved) Object.assign(entry, { level: target, due: now });
    // All of them are due now, before what waits in that level.
    this.levels[target] = moved.concat(this.levels[target] as Entry[]);
    return moved.length > 0;
  }

  /** The datagrams that are due at `now`. */
  poll(now: number): SearchBatch {
    const packets = this.pack(this.sequence);
    let full = false;
    for (let level = 0; level < this.levels.length && !full; level += 1) {
      const queue = this.levels[level] as Entry[];
      let taken = 0;
      while (taken < queue.length) {
        const entry = queue[taken] as Entry;
        if (entry.active) {
          if (entry.due > now) break;
          if (!packets.add(entry.clientId, entry.name)) { full = true; break; }
          this.requeue(entry, now);
        }
        taken += 1;
      }
      if (taken > 0) this.levels[level] = queue.slice(taken);
    }
    this.sequence = (this.sequence + packets.count) >>> 0;
    return { datagrams: packets.finish(), names: packets.names, next: full ? now + burstPause : this.nextDue() };
  }

  private requeue(entry: Entry, now: number): void {
    const last = this.levels.length - 1;
    let next = Math.min(entry.level + 1, last);
    if (entry.lostAt !== null && now - entry.lostAt < recentTime) {
      next = Math.min(next, this.recent > crowd ? crowdedLevel : recentLevel);
    }
    entry.level = next;
    entry.due = now + (this.pauses[next] as number);
    (this.levels[next] as Entry[]).push(entry);
  }

  private nextDue(): number | null {
    let next: number | null = null;
    for (const queue of this.levels) {
      const first = queue.find((entry) => entry.active);
      if (first && (next === null || first.due < next)) next = first.due;
    }
    return next;
  }
}

/** Fills datagrams with names up to the size that needs no fragment. */
class Packets implements SearchPackets {
  names = 0;
  count = 0;
  private readonly done: Uint8Array[] = [];
  private readonly writer = new ByteWriter(maxUdpSend);

  constructor(private readonly firstSequence: number) {}

  /** False: the burst is full. */
  add(clientId: number, name: string): boolean {
    const size = headerSize + padded(textLength(name) + 1);
    if (this.writer.length > 0 && this.writer.length + size > maxUdpSend) this.close();
    if (this.writer.length === 0) {
      if (this.count >= burst) return false;
      writeDatagramVersion(this.writer, (this.firstSequence + this.count) >>> 0);
      this.count += 1;
    }
    writeSearch(this.writer, clientId, name);
    this.names += 1;
    return true;
  }

  finish(): Uint8Array[] {
    if (this.writer.length > 0) this.close();
    return this.done;
  }

  private close(): void { this.done.push(this.writer.take()); }
}
