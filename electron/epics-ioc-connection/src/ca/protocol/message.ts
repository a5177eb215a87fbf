// The message header: 16 bytes, or 24 where the payload or the count needs more than 16 bits (protocol "Message Structure").
import type { ByteWriter } from '../../bytes/byteWriter';

export const headerSize = 16;
export const extendedHeaderSize = 24;

/** One message as read. Readers use one over and over: it, and its bytes, are valid only during the callback. */
export interface Message {
  command: number;
  dataType: number;
  count: number;
  parameter1: number;
  parameter2: number;
  /** Bytes, with the padding. */
  payloadSize: number;
  /** Where the payload starts in `bytes`. */
  start: number;
  bytes: Uint8Array;
  /** Over `bytes`, with the same offsets. */
  view: DataView;
  /** The bytes belong to this message alone and may be handed out or changed in place. */
  owned: boolean;
  /** Offset in `bytes` up to which the elements of its value are in the platform's byte order already. */
  turnedTo: number;
  /** The payload is larger than allowed: it was skipped and is not in `bytes`. */
  oversize: boolean;
}

export function emptyMessage(): Message {
  const bytes = new Uint8Array(0);
  return {
    command: 0, dataType: 0, count: 0, parameter1: 0, parameter2: 0, payloadSize: 0, start: 0,
    bytes, view: new DataView(bytes.buffer), owned: false, turnedTo: 0, oversize: false,
  };
}

/**
 * Reads the header at `at` into `message` and returns its size in bytes, or 0 when `available` bytes don't hold it yet.
 * The extended form is told by payload size 0xFFFF and count 0, both.
 */
export function readHeader(message: Message, view: DataView, at: number, available: number): number {
  if (available < headerSize) return 0;
  const first = view.getUint32(at);
  const second = view.getUint32(at + 4);
  let payloadSize = first & 0xffff;
  let count = second & 0xffff;
  let size = headerSize;
  if (payloadSize === 0xffff && count === 0) {
    if (available < extendedHeaderSize) return 0;
    payloadSize = view.getUint32(at + 16);
    count = view.getUint32(at + 20);
    size = extendedHeaderSize;
  }
  message.command = first >>> 16;
  message.payloadSize = payloadSize;
  message.dataType = second >>> 16;
  message.count = count;
  message.parameter1 = view.getUint32(at + 8);
  message.parameter2 = view.getUint32(at + 12);
  return size;
}

/** Rounded up to a multiple of 8, as payloads are padded. */
export function padded(size: number): number {
  return size % 8 === 0 ? size : size + 8 - (size % 8);
}

/** Writes a header; `payloadSize` is the padded size in bytes. Takes the extended form by itself where it is needed. */
export function writeHeader(
  writer: ByteWriter, command: number, payloadSize: number, dataType: number, count: number, parameter1: number, parameter2: number,
): void {
  const extended = payloadSize >= 0xffff || count >= 0xffff;
  const at = writer.claim(extended ? extendedHeaderSize : headerSize);
  const view = writer.view;
  writeShortHeader(view, at, command, extended ? 0xffff : payloadSize, dataType, extended ? 0 : count, parameter1, parameter2);
  if (!extended) return;
  view.setUint32(at + 16, payloadSize);
  view.setUint32(at + 20, count);
}

/** The 16 bytes of a header at `at`, which were claimed before; sizes and counts of 16 bits. */
export function writeShortHeader(
  view: DataView, at: number, command: number, payloadSize: number, dataType: number, count: number, parameter1: number, parameter2: number,
): void {
  view.setUint32(at, (command << 16) | payloadSize);
  view.setUint32(at + 4, (dataType << 16) | count);
  view.setUint32(at + 8, parameter1);
  view.setUint32(at + 12, parameter2);
}
