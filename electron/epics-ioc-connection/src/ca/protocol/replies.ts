// Messages of the server over TCP, one builder each (Channel Access protocol, "Commands over TCP").
import type { ByteWriter } from '../../bytes/byteWriter';
import { encodeTextUpTo } from '../../bytes/text';
import { accessRight, commands } from './commands';
import { payloadSize, writePayload } from './dbrEncode';
import type { DbrContent } from './dbrEncode';
import { padded, writeHeader } from './message';
import type { Message } from './message';

export function writeAccessRights(writer: ByteWriter, clientId: number, access: { readonly read: boolean; readonly write: boolean }): void {
  const rights = (access.read ? accessRight.read : 0) | (access.write ? accessRight.write : 0);
  writeHeader(writer, commands.ACCESS_RIGHTS, 0, 0, 0, clientId, rights);
}

export function writeChannelCreated(writer: ByteWriter, dataType: number, count: number, clientId: number, serverId: number): void {
  writeHeader(writer, commands.CREATE_CHAN, 0, dataType, count, clientId, serverId);
}

export function writeCreateFailed(writer: ByteWriter, clientId: number): void {
  writeHeader(writer, commands.CREATE_CH_FAIL, 0, 0, 0, clientId, 0);
}

/** The answer to CLEAR_CHANNEL. */
export function writeChannelCleared(writer: ByteWriter, serverId: number, clientId: number): void {
  writeHeader(writer, commands.CLEAR_CHANNEL, 0, 0, 0, serverId, clientId);
}

/** One channel goes, the circuit stays. */
export function writeServerDisconnect(writer: ByteWriter, clientId: number): void {
  writeHeader(writer, commands.SERVER_DISCONN, 0, 0, 0, clientId, 0);
}

/** A value with status ECA_NORMAL. */
export function writeReadReply(writer: ByteWriter, dataType: number, count: number, ioId: number, content: DbrContent): void {
  writeDbr(writer, commands.READ_NOTIFY, dataType, count, 1, ioId, content);
}

/** A refused read: the status, and a zeroed payload, since some clients expect the bytes of their type. */
export function writeReadFailed(writer: ByteWriter, dataType: number, count: number, ioId: number, status: number): void {
  writeZeroed(writer, commands.READ_NOTIFY, dataType, count, status, ioId);
}

export function writeWriteReply(writer: ByteWriter, dataType: number, count: number, ioId: number, status: number): void {
  writeHeader(writer, commands.WRITE_NOTIFY, 0, dataType, count, status, ioId);
}

/** One update of a subscription, status ECA_NORMAL. */
export function writeEvent(writer: ByteWriter, dataType: number, count: number, subscriptionId: number, content: DbrContent): void {
  writeDbr(writer, commands.EVENT_ADD, dataType, count, 1, subscriptionId, content);
}

/** An update without a value: read access was withdrawn, for instance. */
export function writeEventFailed(writer: ByteWriter, dataType: number, count: number, subscriptionId: number, status: number): void {
  writeZeroed(writer, commands.EVENT_ADD, dataType, count, status, subscriptionId);
}

/** The last message of a subscription, after EVENT_CANCEL: an empty EVENT_ADD. */
export function writeEventCancelled(writer: ByteWriter, dataType: number, count: number, serverId: number, subscriptionId: number): void {
  writeHeader(writer, commands.EVENT_ADD, 0, dataType, count, serverId, subscriptionId);
}

/** Says which request failed: a copy of its header (16 bytes, or 24 where it was extended) and a text. */
export function writeError(writer: ByteWriter, request: Message, clientId: number, status: number, text: string): void {
  const bytes = encodeTextUpTo(text, 512);
  const extended = request.payloadSize >= 0xffff || request.count >= 0xffff;
  const size = padded((extended ? 24 : 16) + bytes.length + 1);
  writeHeader(writer, commands.ERROR, size, 0, 0, clientId, status);
  const from = writer.length;
  writeHeader(writer, request.command, request.payloadSize, request.dataType, request.count, request.parameter1, request.parameter2);
  const rest = writer.claim(size - (writer.length - from));
  writer.bytes.set(bytes, rest);
}

function writeDbr(
  writer: ByteWriter, command: number, dataType: number, count: number, status: number, id: number, content: DbrContent,
): void {
  writeHeader(writer, command, payloadSize(dataType, count, content.value), dataType, count, status, id);
  writePayload(writer, dataType, count, content);
}

function writeZeroed(writer: ByteWriter, command: number, dataType: number, count: number, status: number, id: number): void {
  const size = payloadSize(dataType, count);
  writeHeader(writer, command, size, dataType, count, status, id);
  writer.claim(size);
}
