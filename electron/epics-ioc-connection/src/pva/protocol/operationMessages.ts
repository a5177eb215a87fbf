// What all operations share: the request's head and its init, the answer's head. What follows depends on the command and the
// subcommand and is read with the type that the init answer brought (specification: CMD_GET 10 ... CMD_PROCESS 16, CMD_RPC 20).
import { RemoteProtocolError } from '../../ca/protocol/errors';
import type { BitSet } from './bitSet';
import { BitSet as Bits } from './bitSet';
import { commands, subcommands } from './commands';
import { readField, writeField } from './fieldCodec';
import type { SentTypes, TypeCache } from './fieldCodec';
import type { Field, StructureField } from './fields';
import { isSuccess, readStatus, writeStatus } from './status';
import type { Status } from './status';
import { readAny, readDelta, readValue } from './valueDecode';
import { writeAny, writeDelta, writeValue } from './valueEncode';
import { defaultValue } from './values';
import type { AnyValue, PvaData, PvaInput, PvaStructure } from './values';
import type { WireReader } from './wireReader';
import { WireWriter } from './wireWriter';

/** Every command whose requests begin with server id, request id and subcommand. */
export const operationCommands = [commands.GET, commands.PUT, commands.PUT_GET, commands.MONITOR, commands.ARRAY, commands.PROCESS, commands.RPC] as const;
export type OperationCommand = (typeof operationCommands)[number];

export interface OperationRequest { readonly serverId: number; readonly requestId: number; readonly subcommand: number }

/** The head of any request; the rest of the message is for the caller. */
export function readOperationRequest(reader: WireReader): OperationRequest {
  return { serverId: reader.u32(), requestId: reader.u32(), subcommand: reader.u8() };
}

/** A request without data: start, stop, get, destroy. */
export function writeOperation(writer: WireWriter, command: OperationCommand, request: OperationRequest): void {
  begin(writer, command, request);
  writer.end();
}

/** What was asked for, as bytes in either order: a thousand channels are asked for the same. */
const asked = new WeakMap<AnyValue, { big?: Uint8Array; little?: Uint8Array }>();

function requestBytes(request: AnyValue, littleEndian: boolean): Uint8Array {
  let known = asked.get(request);
  if (!known) asked.set(request, known = {});
  const order = littleEndian ? 'little' : 'big';
  let bytes = known[order];
  if (!bytes) {
    const writer = new WireWriter('client');
    writer.littleEndian = littleEndian;
    writeAny(writer, request);
    known[order] = bytes = writer.take();
  }
  return bytes;
}

/** `window`: MONITOR only, the queue size of a pipeline. `pvRequest` is not changed afterwards. */
export function writeInit(
  writer: WireWriter, command: OperationCommand, ids: { serverId: number; requestId: number }, pvRequest: AnyValue | null, window?: number,
): void {
  const { serverId, requestId } = ids;
  begin(writer, command, { serverId, requestId, subcommand: subcommands.init | (window === undefined ? 0 : subcommands.pipeline) });
  if (pvRequest) writer.append(requestBytes(pvRequest, writer.littleEndian));
  else writeAny(writer, null);
  if (window !== undefined) writer.u32(window);
  writer.end();
}

/** After the head. `pipeline`: the window of a MONITOR with 0x80, else null. */
export function readInit(reader: WireReader, cache: TypeCache, subcommand: number, command: OperationCommand): { pvRequest: AnyValue | null; window: number | null } {
  const pvRequest = readAny(reader, cache);
  const piped = command === commands.MONITOR && (subcommand & subcommands.pipeline) !== 0;
  return { pvRequest, window: piped ? reader.u32() : null };
}

export interface OperationResponse { readonly requestId: number; readonly subcommand: number; readonly status: Status }

/** The answer's head. A MONITOR has a status only in its init and its last answer: use `readMonitorHead`. */
export function readOperationResponse(reader: WireReader): OperationResponse {
  return { requestId: reader.u32(), subcommand: reader.u8(), status: readStatus(reader) };
}

/** An answer without data. */
export function writeOperationResponse(writer: WireWriter, command: OperationCommand, response: OperationResponse): void {
  beginResponse(writer, command, response);
  writer.end();
}

/** The init answer of GET, PUT, MONITOR, ARRAY (one type), PUT_GET (put, then get), RPC and PROCESS (none). */
export function writeInitResponse(
  writer: WireWriter, command: OperationCommand, response: OperationResponse, fields: readonly Field[], sent: SentTypes | null = null,
): void {
  beginResponse(writer, command, response);
  if (isSuccess(response.status)) for (const field of fields) writeField(writer, field, sent);
  writer.end();
}

/** The types of a successful init answer, after its head. `count`: 1, for PUT_GET 2, for RPC and PROCESS 0. */
export function readInitFields(reader: WireReader, cache: TypeCache, count: number): Field[] {
  const fields: Field[] = [];
  for (let i = 0; i < count; i += 1) {
    const field = readField(reader, cache);
    if (!field) throw new RemoteProtocolError('A request was accepted without a type.');
    fields.push(field);
  }
  return fields;
}

/** How many types the init answer of a command brings. */
export function initFieldCount(command: number): number {
  return command === commands.RPC || command === commands.PROCESS ? 0 : command === commands.PUT_GET ? 2 : 1;
}

/** PUT and PUT_GET: what is to be written, and which fields of it. */
export function writePut(
  writer: WireWriter, command: OperationCommand, request: OperationRequest, field: StructureField, value: PvaInput, changed: BitSet,
): void {
  begin(writer, command, request);
  writeDelta(writer, field, value, changed);
  writer.end();
}

/** What a PUT brings, on top of what the server holds (default: nothing yet). After the head. */
export function readPut(reader: WireReader, field: StructureField, cache: TypeCache, held?: PvaStructure): { changed: BitSet; value: PvaStructure } {
  return readDelta(reader, field, cache, held ?? defaultValue(field) as PvaStructure);
}

/** GET, PUT (get), PUT_GET: the answer with data. */
export function writeDataResponse(
  writer: WireWriter, command: OperationCommand, response: OperationResponse, field: StructureField, value: PvaInput, changed: BitSet, sent: SentTypes | null = null,
): void {
  beginResponse(writer, command, response);
  if (isSuccess(response.status)) writeDelta(writer, field, value, changed, sent);
  writer.end();
}

// --- monitor ----------------------------------------------------------------------------------------------------------

/** A client may receive `count` more updates. */
export function writeMonitorAck(writer: WireWriter, ids: { serverId: number; requestId: number }, count: number): void {
  begin(writer, commands.MONITOR, { ...ids, subcommand: subcommands.pipeline });
  writer.u32(count);
  writer.end();
}

/** Null where the message carries none: some clients start with 0xC4 and no count. */
export function readMonitorAck(reader: WireReader): number | null {
  return reader.remaining >= 4 ? reader.u32() : null;
}

/** The head of a MONITOR message to the client: a status is there in the init and in the last message only. */
export function readMonitorHead(reader: WireReader): { requestId: number; subcommand: number; status: Status | null } {
  const requestId = reader.u32();
  const subcommand = reader.u8();
  return { requestId, subcommand, status: (subcommand & (subcommands.init | subcommands.finish)) !== 0 ? readStatus(reader) : null };
}

export interface MonitorUpdate {
  readonly changed: BitSet;
  /** Fields that changed more than once since the last update. */
  readonly overrun: BitSet;
  readonly value: PvaStructure;
}

/** An update; with `finish` the last one, which says how the monitor ended. */
export function writeMonitorUpdate(
  writer: WireWriter, requestId: number, field: StructureField, update: { changed: BitSet; overrun: BitSet; value: PvaInput },
  finish: Status | null = null, sent: SentTypes | null = null,
): void {
  writer.begin(commands.MONITOR);
  writer.u32(requestId);
  writer.u8(finish ? subcommands.finish : 0);
  if (finish) writeStatus(writer, finish);
  writeDelta(writer, field, update.value, update.changed, sent);
  update.overrun.write(writer);
  writer.end();
}

/** The end of a monitor without a last value. */
export function writeMonitorFinish(writer: WireWriter, requestId: number, status: Status): void {
  writeOperationResponse(writer, commands.MONITOR, { requestId, subcommand: subcommands.finish, status });
}

/** After the head, on top of the last value. */
export function readMonitorUpdate(reader: WireReader, field: StructureField, cache: TypeCache, last: PvaStructure): MonitorUpdate {
  const { changed, value } = readDelta(reader, field, cache, last);
  return { changed, value, overrun: reader.remaining > 0 ? Bits.read(reader) : new Bits() };
}

// --- RPC and arrays ---------------------------------------------------------------------------------------------------

export function writeRpc(writer: WireWriter, request: OperationRequest, argument: AnyValue | null): void {
  begin(writer, commands.RPC, request);
  writeAny(writer, argument);
  writer.end();
}

export function writeRpcResponse(writer: WireWriter, response: OperationResponse, result: AnyValue | null, sent: SentTypes | null = null): void {
  beginResponse(writer, commands.RPC, response);
  if (isSuccess(response.status)) writeAny(writer, result, sent);
  writer.end();
}

/** A slice of an array; `count` 0: to its end. pvAccessCPP has a stride that the specification has not. */
export interface Slice { readonly offset: number; readonly count: number; readonly stride: number }

export function writeArrayGet(writer: WireWriter, request: OperationRequest, slice: Slice): void {
  begin(writer, commands.ARRAY, request);
  writer.size(slice.offset);
  writer.size(slice.count);
  writer.size(slice.stride);
  writer.end();
}

export function readArrayGet(reader: WireReader): Slice {
  const offset = reader.size();
  const count = reader.size();
  return { offset, count, stride: reader.remaining > 0 ? reader.size() : 1 };
}

export function writeArrayPut(writer: WireWriter, request: OperationRequest, slice: Pick<Slice, 'offset' | 'stride'>, field: Field, values: PvaInput): void {
  begin(writer, commands.ARRAY, request);
  writer.size(slice.offset);
  writer.size(slice.stride);
  writeValue(writer, field, values);
  writer.end();
}

export function readArrayPut(reader: WireReader, field: Field, cache: TypeCache): { offset: number; stride: number; values: PvaData } {
  return { offset: reader.size(), stride: reader.size(), values: readValue(reader, field, cache) };
}

/** The answer with the elements of a slice. */
export function writeArrayResponse(writer: WireWriter, response: OperationResponse, field: Field, values: PvaInput): void {
  beginResponse(writer, commands.ARRAY, response);
  if (isSuccess(response.status)) writeValue(writer, field, values);
  writer.end();
}

/** SET_LENGTH in a request, the length in the answer to GET_LENGTH. */
export function writeArrayLength(writer: WireWriter, request: OperationRequest, length: number): void {
  begin(writer, commands.ARRAY, request);
  writer.size(length);
  writer.end();
}

export function writeArrayLengthResponse(writer: WireWriter, response: OperationResponse, length: number): void {
  beginResponse(writer, commands.ARRAY, response);
  if (isSuccess(response.status)) writer.size(length);
  writer.end();
}

export function readArrayLength(reader: WireReader): number { return reader.size(); }

function begin(writer: WireWriter, command: OperationCommand, request: OperationRequest): void {
  writer.begin(command);
  writer.u32(request.serverId);
  writer.u32(request.requestId);
  writer.u8(request.subcommand);
}

function beginResponse(writer: WireWriter, command: OperationCommand, response: OperationResponse): void {
  writer.begin(command);
  writer.u32(response.requestId);
  writer.u8(response.subcommand);
  writeStatus(writer, response.status);
}
