// Finding servers: search, its answer, beacons, the tag of a forwarded search (specification: CMD_SEARCH 3, 4, BEACON 0, ORIGIN_TAG 22).
import { readAddress, writeAddress } from './addresses';
import { commands, searchFlags } from './commands';
import type { TypeCache } from './fieldCodec';
import { readAny } from './valueDecode';
import { writeAny } from './valueEncode';
import type { AnyValue } from './values';
import type { WireReader } from './wireReader';
import type { WireWriter } from './wireWriter';

const guidBytes = 12;

export interface SearchChannel { readonly id: number; readonly name: string }
export interface SearchRequest {
  readonly sequence: number;
  /** An answer is wanted also when nothing is here: a discovery. */
  readonly replyRequired: boolean;
  readonly unicast: boolean;
  /** Where to answer; null: to the sender. */
  readonly address: string | null;
  readonly port: number;
  /** `tcp`, and `tls` where the client has that too; empty in a discovery. */
  readonly protocols: readonly string[];
  readonly channels: readonly SearchChannel[];
}

/** Bytes of a search before its first channel, header included. */
export function searchHeadBytes(protocols: readonly string[]): number {
  return 8 + 4 + 4 + 16 + 2 + 1 + protocols.reduce((sum, { length }) => sum + 1 + length, 0) + 2;
}

export function writeSearch(writer: WireWriter, request: SearchRequest): void {
  writer.begin(commands.SEARCH);
  writer.u32(request.sequence);
  writer.u8((request.replyRequired ? searchFlags.replyRequired : 0) | (request.unicast ? searchFlags.unicast : 0));
  writer.claim(3);
  writeAddress(writer, request.address);
  writer.u16(request.port);
  writer.size(request.protocols.length);
  for (const protocol of request.protocols) writer.string(protocol);
  writer.u16(request.channels.length);
  const { channels } = request;
  for (let i = 0; i < channels.length; i += 1) {
    const { id, name } = channels[i] as SearchChannel;
    writer.u32(id);
    writer.string(name);
  }
  writer.end();
}

export function readSearch(reader: WireReader): SearchRequest {
  const sequence = reader.u32();
  const bits = reader.u8();
  reader.take(3);
  const address = readAddress(reader);
  const port = reader.u16();
  const protocols: string[] = [];
  for (let left = reader.count(1); left > 0; left -= 1) protocols.push(reader.string());
  const channels: SearchChannel[] = [];
  // A u16, not a size.
  for (let left = reader.u16(); left > 0; left -= 1) channels.push({ id: reader.u32(), name: reader.string() });
  return {
    sequence, replyRequired: (bits & searchFlags.replyRequired) !== 0, unicast: (bits & searchFlags.unicast) !== 0, address, port, protocols, channels,
  };
}

export interface SearchResponse {
  /** 24 hexadecimal digits; changes when the server restarts. */
  readonly guid: string;
  readonly sequence: number;
  /** Null: over UDP the sender, over TCP the same connection. */
  readonly address: string | null;
  readonly port: number;
  /** `tcp` or `tls`. */
  readonly protocol: string;
  readonly found: boolean;
  readonly channelIds: readonly number[];
}

export function writeSearchResponse(writer: WireWriter, response: SearchResponse): void {
  writer.begin(commands.SEARCH_RESPONSE);
  writeGuid(writer, response.guid);
  writer.u32(response.sequence);
  writeAddress(writer, response.address);
  writer.u16(response.port);
  writer.string(response.protocol);
  writer.u8(response.found ? 1 : 0);
  writer.u16(response.channelIds.length);
  for (const id of response.channelIds) writer.u32(id);
  writer.end();
}

export function readSearchResponse(reader: WireReader): SearchResponse {
  const guid = readGuid(reader);
  const sequence = reader.u32();
  const address = readAddress(reader);
  const port = reader.u16();
  const protocol = reader.string();
  const found = reader.u8() !== 0;
  const channelIds: number[] = [];
  for (let left = reader.u16(); left > 0; left -= 1) channelIds.push(reader.u32());
  return { guid, sequence, address, port, protocol, found, channelIds };
}

export interface Beacon {
  readonly guid: string;
  /** Counts up with each beacon, one byte. */
  readonly sequence: number;
  /** Counts up when the server's channels change. */
  readonly changes: number;
  readonly address: string | null;
  readonly port: number;
  readonly protocol: string;
  readonly serverStatus: AnyValue | null;
}

export function writeBeacon(writer: WireWriter, beacon: Beacon): void {
  writer.begin(commands.BEACON);
  writeGuid(writer, beacon.guid);
  writer.u8(0);
  writer.u8(beacon.sequence & 255);
  writer.u16(beacon.changes & 0xffff);
  writeAddress(writer, beacon.address);
  writer.u16(beacon.port);
  writer.string(beacon.protocol);
  writeAny(writer, beacon.serverStatus);
  writer.end();
}

/** `cache`: an empty one; datagrams share no types. */
export function readBeacon(reader: WireReader, cache: TypeCache): Beacon {
  const guid = readGuid(reader);
  reader.take(1);
  const sequence = reader.u8();
  const changes = reader.u16();
  const address = readAddress(reader);
  const port = reader.u16();
  const protocol = reader.string();
  return { guid, sequence, changes, address, port, protocol, serverStatus: reader.remaining > 0 ? readAny(reader, cache) : null };
}

/** A forwarded datagram begins with the address that it was sent to first. */
export function writeOriginTag(writer: WireWriter, address: string | null): void {
  writer.begin(commands.ORIGIN_TAG);
  writeAddress(writer, address);
  writer.end();
}

export function readOriginTag(reader: WireReader): string | null { return readAddress(reader); }

function writeGuid(writer: WireWriter, guid: string): void {
  const at = writer.claim(guidBytes);
  for (let i = 0; i < guidBytes; i += 1) writer.bytes[at + i] = Number.parseInt(guid.slice(i * 2, i * 2 + 2), 16) || 0;
}

function readGuid(reader: WireReader): string {
  const at = reader.take(guidBytes);
  return Buffer.from(reader.bytes.buffer, reader.bytes.byteOffset + at, guidBytes).toString('hex');
}
