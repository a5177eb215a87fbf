// Channels: create, destroy, describe; and the end of requests (specification: CMD_CREATE_CHANNEL 7, DESTROY_CHANNEL 8, GET_FIELD 17, 15, 21).
import { commands } from './commands';
import { readField, writeField } from './fieldCodec';
import type { SentTypes, TypeCache } from './fieldCodec';
import type { Field } from './fields';
import type { SearchChannel } from './searchMessages';
import { isSuccess, readStatus, writeStatus } from './status';
import type { Status } from './status';
import type { WireReader } from './wireReader';
import type { WireWriter } from './wireWriter';

export function writeCreateChannel(writer: WireWriter, channels: readonly SearchChannel[]): void {
  writer.begin(commands.CREATE_CHANNEL);
  writer.u16(channels.length);
  for (const { id, name } of channels) {
    writer.u32(id);
    writer.string(name);
  }
  writer.end();
}

/** The same for one channel, as a client that connects a thousand writes it. */
export function writeCreateOne(writer: WireWriter, id: number, name: string): void {
  writer.begin(commands.CREATE_CHANNEL);
  const at = writer.claim(6);
  writer.view.setUint16(at, 1, writer.littleEndian);
  writer.view.setUint32(at + 2, id, writer.littleEndian);
  writer.string(name);
  writer.end();
}

export function readCreateChannel(reader: WireReader): readonly SearchChannel[] {
  const channels: SearchChannel[] = [];
  for (let left = reader.u16(); left > 0; left -= 1) channels.push({ id: reader.u32(), name: reader.string() });
  return channels;
}

export interface CreateChannelResponse { readonly clientId: number; readonly serverId: number; readonly status: Status }

export function writeCreateChannelResponse(writer: WireWriter, response: CreateChannelResponse): void {
  writer.begin(commands.CREATE_CHANNEL);
  writer.u32(response.clientId);
  writer.u32(response.serverId);
  writeStatus(writer, response.status);
  writer.end();
}

/** The access rights that the specification has after the status are sent by nobody. */
export function readCreateChannelResponse(reader: WireReader): CreateChannelResponse {
  return { clientId: reader.u32(), serverId: reader.u32(), status: readStatus(reader) };
}

export interface ChannelIds { readonly serverId: number; readonly clientId: number }

/** The same from both sides. */
export function writeDestroyChannel(writer: WireWriter, ids: ChannelIds): void {
  writer.begin(commands.DESTROY_CHANNEL);
  writer.u32(ids.serverId);
  writer.u32(ids.clientId);
  writer.end();
}

export function readDestroyChannel(reader: WireReader): ChannelIds {
  return { serverId: reader.u32(), clientId: reader.u32() };
}

export interface RequestIds { readonly serverId: number; readonly requestId: number }

export function writeDestroyRequest(writer: WireWriter, ids: RequestIds): void { writeIds(writer, commands.DESTROY_REQUEST, ids); }
export function writeCancelRequest(writer: WireWriter, ids: RequestIds): void { writeIds(writer, commands.CANCEL_REQUEST, ids); }

/** Of CANCEL_REQUEST and DESTROY_REQUEST. */
export function readRequestIds(reader: WireReader): RequestIds {
  return { serverId: reader.u32(), requestId: reader.u32() };
}

function writeIds(writer: WireWriter, command: number, ids: RequestIds): void {
  writer.begin(command);
  writer.u32(ids.serverId);
  writer.u32(ids.requestId);
  writer.end();
}

export interface GetFieldRequest extends RequestIds { readonly subField: string }

/** `subField` empty: the whole. */
export function writeGetField(writer: WireWriter, request: GetFieldRequest): void {
  writer.begin(commands.GET_FIELD);
  const at = writer.claim(8);
  writer.view.setUint32(at, request.serverId, writer.littleEndian);
  writer.view.setUint32(at + 4, request.requestId, writer.littleEndian);
  writer.string(request.subField);
  writer.end();
}

export function readGetField(reader: WireReader): GetFieldRequest {
  return { serverId: reader.u32(), requestId: reader.u32(), subField: reader.string() };
}

export interface GetFieldResponse { readonly requestId: number; readonly status: Status; readonly field: Field | null }

export function writeGetFieldResponse(writer: WireWriter, response: GetFieldResponse, sent: SentTypes | null = null): void {
  writer.begin(commands.GET_FIELD);
  writer.u32(response.requestId);
  writeStatus(writer, response.status);
  if (isSuccess(response.status)) writeField(writer, response.field, sent);
  writer.end();
}

export function readGetFieldResponse(reader: WireReader, cache: TypeCache): GetFieldResponse {
  const requestId = reader.u32();
  const status = readStatus(reader);
  return { requestId, status, field: isSuccess(status) ? readField(reader, cache) : null };
}
