// Answers search datagrams: bytes in, bytes out (Channel Access protocol, "CA_PROTO_SEARCH"). PURE.
import { ByteWriter } from '../../bytes/byteWriter';
import {
  commands, minorVersion, readDatagram, readText, searchReply, writeDatagramVersionReply, writeHeader, writeNotFound, writeSearchReply,
} from '../protocol';
import type { Message } from '../protocol';

/** The answer to one datagram, or null. It is never longer than the question by more than one header. */
export function answerSearches(datagram: Uint8Array, has: (name: string) => boolean, tcpPort: number): Uint8Array | null {
  const writer = new ByteWriter();
  let sequence: { dataType: number; number: number } | null = null;
  let answers = 0;
  readDatagram(datagram, (message) => {
    if (message.command === commands.VERSION) sequence = { dataType: message.dataType, number: message.parameter1 };
    if (message.command !== commands.SEARCH || !has(readText(message))) return;
    if (answers++ === 0) writeDatagramVersionReply(writer, sequence?.dataType ?? 0, sequence?.number ?? 0);
    writeSearchReply(writer, message.parameter1, tcpPort);
  });
  return answers > 0 ? writer.take() : null;
}

/** One search over a TCP circuit, where this server plays the name server for its own PVs. */
export function answerCircuitSearch(writer: ByteWriter, message: Message, has: (name: string) => boolean, tcpPort: number): void {
  if (has(readText(message))) writeSearchReply(writer, message.parameter1, tcpPort);
  else if (message.dataType === searchReply.doReply) writeNotFound(writer, message.parameter1, message.dataType, message.count);
}

/** The server's greeting on a new circuit. */
export function writeGreeting(writer: ByteWriter): void {
  writeHeader(writer, commands.VERSION, 0, 0, minorVersion, 0, 0);
}
