// A connection's own messages: validation, echo, byte order, texts (specification: CMD_CONNECTION_VALIDATION 1, 9, ECHO 2, AUTHNZ 5, MESSAGE 18).
// Who a client says to be by `ca` is its own word: never a security boundary. `x509` points to the certificate that TLS has proved.
import { commands, controls, orderByFlag } from './commands';
import type { TypeCache } from './fieldCodec';
import { scalar, structure } from './fields';
import { readStatus, writeStatus } from './status';
import type { Status } from './status';
import { readAny } from './valueDecode';
import { writeAny } from './valueEncode';
import type { AnyValue } from './values';
import type { WireReader } from './wireReader';
import type { WireWriter } from './wireWriter';

/** Said by every implementation and used by none. */
const receiveBufferSize = 0x10000;
const registrySize = 0x7fff;

/** What a server sends first: after SET_BYTE_ORDER the methods that it accepts, the preferred one last. */
export interface ValidationRequest { readonly methods: readonly string[] }

export function writeSetByteOrder(writer: WireWriter, byFlag = false): void {
  writer.control(controls.SET_BYTE_ORDER, byFlag ? orderByFlag : 0);
}

export function writeValidationRequest(writer: WireWriter, methods: readonly string[]): void {
  writer.begin(commands.CONNECTION_VALIDATION);
  writer.u32(receiveBufferSize);
  writer.u16(registrySize);
  writer.size(methods.length);
  for (const method of methods) writer.string(method);
  writer.end();
}

export function readValidationRequest(reader: WireReader): ValidationRequest {
  reader.take(6);
  const methods: string[] = [];
  for (let left = reader.count(1); left > 0; left -= 1) methods.push(reader.string());
  return { methods };
}

export interface ValidationResponse { readonly method: string; readonly data: AnyValue | null }

/** What a client answers with the method `ca`. */
export const caCredentials = structure('', { user: scalar('string'), host: scalar('string') });

export type AuthenticationMethod = 'x509' | 'ca' | 'anonymous';

/** What of the server's methods says most. `certified`: TLS showed a certificate of ours. */
export function chooseMethod(methods: readonly string[], certified: boolean): AuthenticationMethod {
  if (certified && methods.includes('x509')) return 'x509';
  return methods.includes('ca') ? 'ca' : 'anonymous';
}

export function writeValidationResponse(writer: WireWriter, response: ValidationResponse): void {
  writer.begin(commands.CONNECTION_VALIDATION);
  writer.u32(receiveBufferSize);
  writer.u16(registrySize);
  writer.u16(0);
  writer.string(response.method);
  writeAny(writer, response.data);
  writer.end();
}

export function readValidationResponse(reader: WireReader, cache: TypeCache): ValidationResponse {
  reader.take(8);
  const method = reader.string();
  return { method, data: reader.remaining > 0 ? readAny(reader, cache) : null };
}

export function writeValidated(writer: WireWriter, status: Status): void {
  writer.begin(commands.CONNECTION_VALIDATED);
  writeStatus(writer, status);
  writer.end();
}

export function readValidated(reader: WireReader): Status { return readStatus(reader); }

export function writeAuthNz(writer: WireWriter, data: AnyValue | null): void {
  writer.begin(commands.AUTHNZ);
  writeAny(writer, data);
  writer.end();
}

export function readAuthNz(reader: WireReader, cache: TypeCache): AnyValue | null { return readAny(reader, cache); }

/** The answer carries the same bytes as the question. */
export function writeEcho(writer: WireWriter, data: Uint8Array = new Uint8Array(0)): void {
  writer.begin(commands.ECHO);
  writer.append(data);
  writer.end();
}

export const messageTypes = ['info', 'warning', 'error', 'fatal'] as const;
export interface TextMessage { readonly requestId: number; readonly type: (typeof messageTypes)[number]; readonly text: string }

export function writeMessage(writer: WireWriter, message: TextMessage): void {
  writer.begin(commands.MESSAGE);
  writer.u32(message.requestId);
  writer.u8(messageTypes.indexOf(message.type));
  writer.string(message.text);
  writer.end();
}

export function readMessage(reader: WireReader): TextMessage {
  const requestId = reader.u32();
  const type = messageTypes[reader.u8()] ?? 'fatal';
  return { requestId, type, text: reader.string() };
}
