// Cuts a TCP stream into messages and joins segmented ones: one pass over each chunk, copies only what a chunk's end cuts in two.
// Specification: "Message Header", "Segmentation": between the segments of a message only control messages may come.
import { isInPlace } from '../../bytes/inPlace';
import { RemoteProtocolError } from '../../ca/protocol/errors';
import { controls, defaultMaxPayload, flags, headerSize, magic, orderByFlag } from './commands';
import { WireReader } from './wireReader';
import type { Role } from './wireWriter';

/** From this size on, a cut payload is gathered in a buffer of its own, which the message then owns. */
const ownBufferFrom = 4096;
/** Allocated at once for a payload; a larger one grows as its bytes really arrive, so that a lying header costs nothing. */
const trustedAllocation = 64 * 2 ** 20;
/** Bytes still to come, from which on they are read to where they belong. */
const directFrom = 65_536;
/** Bytes that are kept of a message that is larger than allowed: enough to say whose it is. */
const oversizeHead = 64;

export interface MessageEvents {
  /** `payload` is valid only during the call. `oversize`: larger than allowed, only its first bytes are there. */
  message(command: number, payload: WireReader, oversize: boolean): void;
  /** A control message with what its size field carries. `bigEndian`: its flag. */
  control(control: number, data: number, bigEndian: boolean): void;
}

export interface MessageReaderOptions {
  /** Whose messages these are: the direction flag of the others is refused. */
  from: Role;
  /** Bytes of one message, all its segments together. Default 1 GiB. */
  maxPayload?: number;
}

export class MessageReader {
  /** The peer's revision, from its last header; 0 before. */
  peerRevision = 0;
  private readonly reader = new WireReader();
  private readonly maxPayload: number;
  private readonly stash = Buffer.alloc(ownBufferFrom + headerSize);
  private readonly stashView = new DataView(this.stash.buffer, this.stash.byteOffset, this.stash.byteLength);
  private stashed = 0;
  /** Of the message under way. */
  private command = 0;
  private flags = 0;
  private size = 0;
  private large: Buffer | null = null;
  private filled = 0;
  private skipping = 0;
  private head: Buffer | null = null;
  private segments: Uint8Array[] | null = null;
  private segmentCommand = 0;
  private segmentBytes = 0;
  /** Null: each message's flag decides. */
  private order: 'little' | 'big' | null = null;
  private stopped = false;

  constructor(private readonly events: MessageEvents, private readonly options: MessageReaderOptions) {
    this.maxPayload = options.maxPayload ?? defaultMaxPayload;
  }

  /** From now on the flags in the headers don't count (null: they do). SET_BYTE_ORDER does this by itself when it is received. */
  fixByteOrder(order: 'little' | 'big' | null): void { this.order = order; }

  /** No message is delivered any more, not even from the chunk that is being read. */
  stop(): void {
    this.stopped = true;
    this.large = null;
    this.segments = null;
  }

  /** Where the rest of a large payload belongs: bytes that are read there need no copy. Null: nowhere. */
  get target(): Uint8Array | null {
    const { large } = this;
    return large && large.length - this.filled >= directFrom ? large.subarray(this.filled) : null;
  }

  /** Takes the next bytes of the stream; `chunk` may be used again once this returns. Throws RemoteProtocolError for bytes that are no message. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && !this.stopped) {
      if (this.skipping > 0) at = this.skip(chunk, at);
      else if (this.large) at = this.fillLarge(chunk, at);
      else if (this.stashed > 0) at = this.fillStash(chunk, at);
      else at = this.readWhole(chunk, at);
    }
  }

  private readWhole(chunk: Uint8Array, from: number): number {
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = from;
    while (!this.stopped && at < chunk.length) {
      if (chunk.length - at < headerSize) return this.keep(chunk, at);
      if (!this.readHeader(view, at)) {
        at += headerSize;
        continue;
      }
      const start = at + headerSize;
      if (this.size > this.maxPayload) return this.refuse(start);
      const end = start + this.size;
      if (end > chunk.length) {
        if (headerSize + this.size <= this.stash.length) return this.keep(chunk, at);
        this.startLarge();
        return start;
      }
      this.complete(chunk, view, start, end, false);
      at = end;
    }
    return at;
  }

  /** Reads the header at `at`; false: it was a control message, which is done with. */
  private readHeader(view: DataView, at: number): boolean {
    const bits = view.getUint8(at + 2);
    if (view.getUint8(at) !== magic) throw new RemoteProtocolError('The peer sent something that is not pvAccess: a message does not begin with 0xCA.');
    if (((bits & flags.server) !== 0) !== (this.options.from === 'server')) throw new RemoteProtocolError('A message has the wrong direction in its header.');
    this.peerRevision = view.getUint8(at + 1);
    this.command = view.getUint8(at + 3);
    this.flags = bits;
    const bigEndian = (bits & flags.bigEndian) !== 0;
    if ((bits & flags.control) !== 0) {
      const data = view.getUint32(at + 4, !bigEndian);
      if (this.command === controls.SET_BYTE_ORDER) this.order = data === orderByFlag ? null : bigEndian ? 'big' : 'little';
      this.events.control(this.command, data, bigEndian);
      return false;
    }
    this.size = view.getUint32(at + 4, this.isLittleEndian());
    return true;
  }

  private isLittleEndian(): boolean {
    return this.order === null ? (this.flags & flags.bigEndian) === 0 : this.order === 'little';
  }

  /** Keeps the unfinished rest of a chunk. */
  private keep(chunk: Uint8Array, at: number): number {
    this.stash.set(chunk.subarray(at), 0);
    this.stashed = chunk.length - at;
    return chunk.length;
  }

  private fillStash(chunk: Uint8Array, from: number): number {
    let at = from;
    if (this.stashed < headerSize) {
      at = this.stashUpTo(headerSize, chunk, at);
      if (this.stashed < headerSize) return at;
      if (!this.readHeader(this.stashView, 0)) {
        this.stashed = 0;
        return at;
      }
    }
    if (this.size > this.maxPayload) {
      this.stashed = 0;
      return this.refuse(at);
    }
    const size = headerSize + this.size;
    if (size > this.stash.length) {
      this.stashed = 0;
      this.startLarge();
      return at;
    }
    at = this.stashUpTo(size, chunk, at);
    if (this.stashed < size) return at;
    this.stashed = 0;
    this.complete(this.stash, this.stashView, headerSize, size, false);
    return at;
  }

  private stashUpTo(size: number, chunk: Uint8Array, at: number): number {
    const take = Math.min(Math.max(size - this.stashed, 0), chunk.length - at);
    if (take > 0) this.stash.set(chunk.subarray(at, at + take), this.stashed);
    this.stashed += take;
    return at + take;
  }

  private startLarge(): void {
    // Moved so that the array in it is aligned, if it is where that of the large message before was.
    const { lead } = this.reader;
    this.large = Buffer.allocUnsafeSlow(lead + Math.min(this.size, trustedAllocation)).subarray(lead);
    this.filled = 0;
  }

  private fillLarge(chunk: Uint8Array, at: number): number {
    let large = this.large as Buffer;
    if (this.filled === large.length && large.length < this.size) {
      const larger = Buffer.allocUnsafeSlow(Math.min(large.length * 2, this.size));
      larger.set(large);
      this.large = large = larger;
    }
    const take = Math.min(large.length - this.filled, chunk.length - at);
    if (!isInPlace(chunk, at, large, this.filled)) large.set(chunk.subarray(at, at + take), this.filled);
    this.filled += take;
    if (this.filled === this.size) {
      this.large = null;
      this.complete(large, viewOf(large), 0, large.length, true);
    }
    return at + take;
  }

  private refuse(at: number): number {
    if ((this.flags & flags.segmentMask) !== 0) throw tooLarge(this.maxPayload);
    this.skipping = this.size;
    this.head = Buffer.alloc(oversizeHead);
    return at;
  }

  private skip(chunk: Uint8Array, at: number): number {
    const take = Math.min(this.skipping, chunk.length - at);
    const { head } = this;
    if (head) {
      const seen = this.size - this.skipping;
      if (seen < head.length) head.set(chunk.subarray(at, at + Math.min(take, head.length - seen)), seen);
      if (seen + take >= Math.min(head.length, this.size)) {
        this.head = null;
        this.deliver(this.command, head, viewOf(head), 0, head.length, false, true);
      }
    }
    this.skipping -= take;
    return at + take;
  }

  /** A message, or a segment of one, is there. */
  private complete(bytes: Uint8Array, view: DataView, start: number, end: number, owned: boolean): void {
    const segment = this.flags & flags.segmentMask;
    if (segment === 0 && !this.segments) return this.deliver(this.command, bytes, view, start, end, owned, false);
    const first = segment === flags.segmentFirst;
    if (first === (this.segments !== null) || segment === 0 || (this.segments && this.command !== this.segmentCommand)) {
      throw new RemoteProtocolError('Another message came between the segments of one, or a segment came without the first.');
    }
    const segments = this.segments ?? [];
    this.segments = segments;
    this.segmentCommand = this.command;
    if (first) this.segmentBytes = 0;
    this.segmentBytes += end - start;
    if (this.segmentBytes > this.maxPayload) throw tooLarge(this.maxPayload);
    // Empty segments hold nothing, and must not fill memory either.
    if (end > start) segments.push(owned ? bytes : new Uint8Array(bytes.subarray(start, end)));
    if (segment !== flags.segmentLast) return undefined;
    this.segments = null;
    const whole = Buffer.allocUnsafeSlow(this.segmentBytes);
    let at = 0;
    for (const part of segments) {
      whole.set(part, at);
      at += part.length;
    }
    return this.deliver(this.segmentCommand, whole, viewOf(whole), 0, whole.length, true, false);
  }

  private deliver(command: number, bytes: Uint8Array, view: DataView, start: number, end: number, owned: boolean, oversize: boolean): void {
    this.events.message(command, this.reader.reset(bytes, view, start, end, this.isLittleEndian(), owned), oversize);
  }
}

function tooLarge(limit: number): RemoteProtocolError {
  return new RemoteProtocolError(`A segmented message is larger than the ${limit} bytes that are allowed.`);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads the messages of one datagram, each in the order of its own flag. What is cut short or no message is dropped with what follows it. */
export function readDatagram(bytes: Uint8Array, onMessage: (command: number, payload: WireReader, fromServer: boolean) => void): void {
  const view = viewOf(bytes);
  const reader = new WireReader();
  let at = 0;
  while (bytes.length - at >= headerSize) {
    const bits = bytes[at + 2] as number;
    if (bytes[at] !== magic || bytes[at + 1] === 0) return;
    const littleEndian = (bits & flags.bigEndian) === 0;
    const control = (bits & flags.control) !== 0;
    const start = at + headerSize;
    const end = start + (control ? 0 : view.getUint32(at + 4, littleEndian));
    if (end > bytes.length) return;
    try {
      if (!control) onMessage(bytes[at + 3] as number, reader.reset(bytes, view, start, end, littleEndian, false), (bits & flags.server) !== 0);
    } catch (error) {
      if (!(error instanceof RemoteProtocolError)) throw error;
      return;
    }
    at = end;
  }
}
