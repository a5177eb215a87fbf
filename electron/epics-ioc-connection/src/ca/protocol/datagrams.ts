// Messages over UDP, and searches over TCP to a name server (Channel Access protocol, "Commands over UDP").
import type { ByteWriter } from '../../bytes/byteWriter';
import { commands, minorVersion, searchReply, senderAddress } from './commands';
import { writeHeader } from './message';
import { writeTextMessage } from './requests';

/** First message of a search datagram; servers send `sequence` back, so that late answers are told from new ones. */
export function writeDatagramVersion(writer: ByteWriter, sequence: number): void {
  // Data type 1 says that the sequence number is valid.
  writeHeader(writer, commands.VERSION, 0, 1, minorVersion, sequence, 0);
}

/** The answer's first message; `sequence` copied from the search where it was valid. */
export function writeDatagramVersionReply(writer: ByteWriter, dataType: number, sequence: number): void {
  writeHeader(writer, commands.VERSION, 0, dataType, minorVersion, sequence, 0);
}

/** Over UDP with `dontReply`; a name server over TCP may be asked for NOT_FOUND with `doReply`. */
export function writeSearch(writer: ByteWriter, clientId: number, name: string, reply: number = searchReply.dontReply): void {
  writeTextMessage(writer, commands.SEARCH, reply, minorVersion, clientId, clientId, name);
}

/** `address` as a number, or left out for "the sender"; the port travels in the data type field. */
export function writeSearchReply(writer: ByteWriter, clientId: number, tcpPort: number, address: number = senderAddress): void {
  writeHeader(writer, commands.SEARCH, 8, tcpPort, 0, address, clientId);
  const at = writer.claim(8);
  writer.view.setUint16(at, minorVersion);
}

export function writeNotFound(writer: ByteWriter, clientId: number, reply: number, version: number): void {
  writeHeader(writer, commands.NOT_FOUND, 0, reply, version, clientId, clientId);
}

/** The server is there. `id` counts up from 0 since it started; address 0 means the sender. */
export function writeBeacon(writer: ByteWriter, tcpPort: number, id: number, address: number): void {
  writeHeader(writer, commands.RSRV_IS_UP, 0, minorVersion, tcpPort, id, address);
}

/** `address`: the client's own IPv4 address as a number. */
export function writeRepeaterRegister(writer: ByteWriter, address: number): void {
  writeHeader(writer, commands.REPEATER_REGISTER, 0, 0, 0, 0, address);
}

export function writeRepeaterConfirm(writer: ByteWriter, address: number): void {
  writeHeader(writer, commands.REPEATER_CONFIRM, 0, 0, 0, 0, address);
}
