// Messages of the client over TCP, one builder each (Channel Access protocol, "Commands over TCP").
import type { ByteWriter } from '../../bytes/byteWriter';
import { textLength } from '../../bytes/text';
import { commands, maxNameBytes, minorVersion } from './commands';
import { payloadSize, writePayload } from './dbrEncode';
import type { PvValue } from '../../value';
import { LocalProtocolError } from './errors';
import { headerSize, padded, writeHeader, writeShortHeader } from './message';

const eventPayloadSize = 16;
const maskOffset = 12;

/** First on a circuit, from both sides. `priority` 0..99. */
export function writeVersion(writer: ByteWriter, priority: number): void {
  writeHeader(writer, commands.VERSION, 0, priority, minorVersion, 0, 0);
}

export function writeClientName(writer: ByteWriter, user: string): void {
  writeTextMessage(writer, commands.CLIENT_NAME, 0, 0, 0, 0, user);
}

export function writeHostName(writer: ByteWriter, host: string): void {
  writeTextMessage(writer, commands.HOST_NAME, 0, 0, 0, 0, host);
}

export function writeCreateChannel(writer: ByteWriter, clientId: number, name: string): void {
  writeTextMessage(writer, commands.CREATE_CHAN, 0, 0, clientId, minorVersion, name);
}

export function writeClearChannel(writer: ByteWriter, serverId: number, clientId: number): void {
  writeHeader(writer, commands.CLEAR_CHANNEL, 0, 0, 0, serverId, clientId);
}

/** `count` 0 asks for as many elements as there are (v4.13). */
export function writeReadNotify(writer: ByteWriter, dataType: number, count: number, serverId: number, ioId: number): void {
  writeHeader(writer, commands.READ_NOTIFY, 0, dataType, count, serverId, ioId);
}

/** Without an answer. */
export function writeWrite(writer: ByteWriter, dataType: number, count: number, serverId: number, ioId: number, value: PvValue): void {
  writeHeader(writer, commands.WRITE, payloadSize(dataType, count, value), dataType, count, serverId, ioId);
  writePayload(writer, dataType, count, { value });
}

/** The server answers when the record has finished processing. */
export function writeWriteNotify(writer: ByteWriter, dataType: number, count: number, serverId: number, ioId: number, value: PvValue): void {
  writeHeader(writer, commands.WRITE_NOTIFY, payloadSize(dataType, count, value), dataType, count, serverId, ioId);
  writePayload(writer, dataType, count, { value });
}

/** `mask`: bits of `eventMask`. The dead bands in the payload are not used by any server and stay 0. */
export function writeEventAdd(
  writer: ByteWriter, dataType: number, count: number, serverId: number, subscriptionId: number, mask: number,
): void {
  writeHeader(writer, commands.EVENT_ADD, eventPayloadSize, dataType, count, serverId, subscriptionId);
  const at = writer.claim(eventPayloadSize);
  writer.view.setUint16(at + maskOffset, mask);
}

export function writeEventCancel(writer: ByteWriter, dataType: number, count: number, serverId: number, subscriptionId: number): void {
  writeHeader(writer, commands.EVENT_CANCEL, 0, dataType, count, serverId, subscriptionId);
}

export function writeEventsOff(writer: ByteWriter): void {
  writeHeader(writer, commands.EVENTS_OFF, 0, 0, 0, 0, 0);
}

export function writeEventsOn(writer: ByteWriter): void {
  writeHeader(writer, commands.EVENTS_ON, 0, 0, 0, 0, 0);
}

export function writeReadSync(writer: ByteWriter): void {
  writeHeader(writer, commands.READ_SYNC, 0, 0, 0, 0, 0);
}

/** From both sides; the peer sends it back. */
export function writeEcho(writer: ByteWriter): void {
  writeHeader(writer, commands.ECHO, 0, 0, 0, 0, 0);
}

/** A header with a NUL-terminated, padded text as its payload. Throws LocalProtocolError for a text beyond 511 bytes. */
export function writeTextMessage(
  writer: ByteWriter, command: number, dataType: number, count: number, parameter1: number, parameter2: number, text: string,
): void {
  if (text.length * 3 >= maxNameBytes) checkLength(text);
  const room = text.length * 3;
  const at = writer.claim(headerSize + room);
  const length = writer.text(text, room);
  const size = padded(length + 1);
  writer.claim(size - length);
  writeShortHeader(writer.view, at, command, size, dataType, count, parameter1, parameter2);
}

function checkLength(text: string): void {
  const length = textLength(text);
  if (length >= maxNameBytes) throw new LocalProtocolError(`A name of ${length} bytes is too long: at most ${maxNameBytes - 1}.`);
}
