// Cuts a TCP stream into messages: one pass over each chunk, no object per message, copies only what a chunk's end cuts in two.
import { isInPlace } from '../../bytes/inPlace';
import { swapInPlace } from '../../bytes/numericArrays';
import { commands, defaultMaxPayload } from './commands';
import { dbrTypes } from './dbrTypes';
import { emptyMessage, extendedHeaderSize, headerSize, readHeader } from './message';
import type { Message } from './message';

/** From this size on, a cut payload is gathered in a buffer of its own, which the message then owns. */
const ownBufferFrom = 4096;
/** Allocated at once for a payload; a larger one grows as its bytes really arrive, so that a lying header costs nothing. */
const trustedAllocation = 64 * 2 ** 20;
/** Bytes still to come, from which on they are read to where they belong. */
const directFrom = 65_536;
/** Bytes that are turned round in one go, but for the last. */
const turnAtLeast = 262_144;

export interface MessageReaderOptions {
  /** Bytes; larger payloads are skipped and their message is marked `oversize`. */
  maxPayload?: number;
}

export class MessageReader {
  private readonly message: Message = emptyMessage();
  private readonly maxPayload: number;
  private readonly stash = Buffer.alloc(ownBufferFrom + extendedHeaderSize);
  private readonly stashView = new DataView(this.stash.buffer, this.stash.byteOffset, this.stash.byteLength);
  private stashed = 0;
  private large: Buffer | null = null;
  private largeFilled = 0;
  /** Of the large payload: its elements' size where they are numbers of several bytes, and how far they are turned round; 0: they are left as they come. */
  private turning = 0;
  private turnedTo = 0;
  private skipping = 0;
  private stopped = false;

  constructor(private readonly onMessage: (message: Message) => void, options: MessageReaderOptions = {}) {
    this.maxPayload = options.maxPayload ?? defaultMaxPayload;
  }

  /** No message is delivered any more, not even from the chunk that is being read. */
  stop(): void {
    this.stopped = true;
    this.large = null;
  }

  /** Where the rest of a large payload belongs: bytes that are read there need no copy. Null: nowhere. */
  get target(): Uint8Array | null {
    const { large } = this;
    return large && large.length - this.largeFilled >= directFrom ? large.subarray(this.largeFilled) : null;
  }

  /** Takes the next bytes of the stream. `chunk` may be used again by the caller once this returns. */
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
    const message = this.message;
    let at = from;
    while (!this.stopped) {
      const available = chunk.length - at;
      const header = readHeader(message, view, at, available);
      if (header === 0) return this.keep(chunk, at);
      if (message.payloadSize > this.maxPayload) {
        this.refuse();
        return at + header;
      }
      const end = at + header + message.payloadSize;
      if (end > chunk.length) {
        if (header + message.payloadSize <= this.stash.length) return this.keep(chunk, at);
        this.startLarge();
        return at + header;
      }
      this.deliver(chunk, view, at + header, false);
      at = end;
      if (at === chunk.length) return at;
    }
    return at;
  }

  /** Keeps the unfinished rest of a chunk. */
  private keep(chunk: Uint8Array, at: number): number {
    this.stash.set(chunk.subarray(at), 0);
    this.stashed = chunk.length - at;
    return chunk.length;
  }

  private fillStash(chunk: Uint8Array, from: number): number {
    let at = this.stashUpTo(headerSize, chunk, from);
    let header = readHeader(this.message, this.stashView, 0, this.stashed);
    if (header === 0) {
      if (this.stashed < headerSize) return at;
      at = this.stashUpTo(extendedHeaderSize, chunk, at);
      header = readHeader(this.message, this.stashView, 0, this.stashed);
      if (header === 0) return at;
    }
    if (this.message.payloadSize > this.maxPayload) {
      this.stashed = 0;
      this.refuse();
      return at;
    }
    const size = header + this.message.payloadSize;
    if (size > this.stash.length) {
      this.stashed = 0;
      this.startLarge();
      return at;
    }
    at = this.stashUpTo(size, chunk, at);
    if (this.stashed < size) return at;
    this.stashed = 0;
    this.deliver(this.stash, this.stashView, header, false);
    return at;
  }

  private stashUpTo(size: number, chunk: Uint8Array, at: number): number {
    const take = Math.min(Math.max(size - this.stashed, 0), chunk.length - at);
    if (take > 0) this.stash.set(chunk.subarray(at, at + take), this.stashed);
    this.stashed += take;
    return at + take;
  }

  private startLarge(): void {
    const size = Math.min(this.message.payloadSize, trustedAllocation);
    // Its own ArrayBuffer from offset 0, so that values in it are aligned and can be handed out.
    this.large = Buffer.allocUnsafeSlow(size);
    this.largeFilled = 0;
    const type = carriesValue(this.message) ? dbrTypes[this.message.dataType] : undefined;
    const turns = type !== undefined && type.base !== 'STRING' && type.elementSize > 1 && type.valueOffset % type.elementSize === 0;
    this.turning = turns ? type.elementSize : 0;
    this.turnedTo = turns ? type.valueOffset : 0;
  }

  /** While they are in the processor's cache, and the peer sends more: elements that are there whole. */
  private turn(large: Buffer): void {
    const { turning, turnedTo, message } = this;
    const end = Math.min(this.largeFilled, (dbrTypes[message.dataType]?.valueOffset ?? 0) + message.count * turning);
    const whole = Math.floor((end - turnedTo) / turning) * turning;
    if (whole < turnAtLeast && this.largeFilled < message.payloadSize) return;
    if (whole <= 0) return;
    swapInPlace(large.subarray(turnedTo, turnedTo + whole), turning);
    this.turnedTo = turnedTo + whole;
  }

  private fillLarge(chunk: Uint8Array, at: number): number {
    const wanted = this.message.payloadSize;
    let large = this.large as Buffer;
    if (this.largeFilled === large.length && large.length < wanted) {
      const larger = Buffer.allocUnsafeSlow(Math.min(large.length * 2, wanted));
      larger.set(large);
      this.large = large = larger;
    }
    const take = Math.min(large.length - this.largeFilled, chunk.length - at);
    if (!isInPlace(chunk, at, large, this.largeFilled)) large.set(chunk.subarray(at, at + take), this.largeFilled);
    this.largeFilled += take;
    if (this.turning > 0) this.turn(large);
    if (this.largeFilled === wanted) {
      this.large = null;
      this.message.turnedTo = this.turnedTo;
      this.deliver(large, new DataView(large.buffer, large.byteOffset, large.byteLength), 0, true);
      this.message.turnedTo = 0;
    }
    return at + take;
  }

  private refuse(): void {
    this.skipping = this.message.payloadSize;
    this.message.oversize = true;
    this.deliver(this.stash, this.stashView, 0, false);
    this.message.oversize = false;
  }

  private skip(chunk: Uint8Array, at: number): number {
    const take = Math.min(this.skipping, chunk.length - at);
    this.skipping -= take;
    return at + take;
  }

  private deliver(bytes: Uint8Array, view: DataView, start: number, owned: boolean): void {
    const message = this.message;
    message.bytes = bytes;
    message.view = view;
    message.start = start;
    message.owned = owned;
    this.onMessage(message);
  }
}

/** Its payload is a value of several elements: a single one is read as it came. */
function carriesValue({ command, count }: Message): boolean {
  return count > 1 && (command === commands.READ_NOTIFY || command === commands.EVENT_ADD || command === commands.WRITE || command === commands.WRITE_NOTIFY || command === commands.READ);
}

/** Reads the messages of one datagram. What is cut short at its end is dropped: a datagram costs at most its own bytes. */
export function readDatagram(bytes: Uint8Array, onMessage: (message: Message) => void): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const message = emptyMessage();
  message.bytes = bytes;
  message.view = view;
  let at = 0;
  for (;;) {
    const header = readHeader(message, view, at, bytes.length - at);
    if (header === 0) return;
    const end = at + header + message.payloadSize;
    if (end > bytes.length) return;
    message.start = at + header;
    onMessage(message);
    at = end;
  }
}
