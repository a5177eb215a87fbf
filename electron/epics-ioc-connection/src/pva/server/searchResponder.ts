// Answers searches, by datagram and over TCP (pvAccess protocol, commands 3 and 4). PURE.
import { commands, readDatagram, readSearch, WireWriter, writeSearchResponse } from '../protocol';
import type { SearchRequest } from '../protocol';
import { serverLittleEndian } from './pvaServerPv';

export interface SearchedServer {
  has(name: string): boolean;
  readonly guid: string;
  readonly tcpPort: number;
  /** 0: it has no TLS. */
  readonly tlsPort: number;
}
export interface SearchAnswer {
  readonly datagram: Uint8Array;
  /** Null: the sender's. */
  readonly address: string | null;
  /** 0: the sender's. */
  readonly port: number;
}

/** Channels that one answer names; more would not fit into a datagram. */
const mostIds = 300;

/** The answers to one datagram: mostly none or one. */
export function answerSearches(datagram: Uint8Array, server: SearchedServer): SearchAnswer[] {
  const answers: SearchAnswer[] = [];
  readDatagram(datagram, (command, payload, fromServer) => {
    if (command !== commands.SEARCH || fromServer) return;
    const request = readSearch(payload);
    const writer = new WireWriter('server', 256);
    writer.littleEndian = serverLittleEndian;
    if (answerSearch(writer, request, server)) answers.push({ datagram: writer.take(), address: request.address, port: request.port });
  });
  return answers;
}

/** Writes the answer to one search; false: there is nothing to say. A discovery asks for no channel and wants an answer all the same. */
export function answerSearch(writer: WireWriter, request: SearchRequest, server: SearchedServer): boolean {
  const { protocols, channels, sequence, replyRequired } = request;
  const secured = protocols.includes('tls') && server.tlsPort > 0;
  if (protocols.length > 0 && !secured && !protocols.includes('tcp')) return false;
  const channelIds = channels.filter(({ name }) => server.has(name)).slice(0, mostIds).map(({ id }) => id);
  const found = channelIds.length > 0;
  if (!found && !replyRequired) return false;
  // The zero address: over UDP this datagram's sender, over TCP this connection.
  writeSearchResponse(writer, { guid: server.guid, sequence, address: null, port: secured ? server.tlsPort : server.tcpPort, protocol: secured ? 'tls' : 'tcp', found, channelIds });
  return true;
}
