// The server's side of one pvAccess connection, without the socket: bytes in; bytes out, and calls to the PVs. PURE.
import type { ClientIdentity } from '../../api';
import { EventGate } from '../../ca/server/eventGate';
import { OutputQueue } from '../../ca/server/outputQueue';
import type { PvDirectory } from '../../ca/server/pvDirectory';
import { RemoteProtocolError } from '../../ca/protocol/errors';
import type { TlsPeer } from '../../tls/peer';
import {
  commandName, commands, controls, fieldAt, maxNameBytes, MessageReader, ok, operationCommands, readCreateChannel, readDestroyChannel, readGetField, readInit,
  readOperationRequest, readRequestIds, readSearch, readValidationResponse, subcommands, TypeCache, valueAt, WireWriter, writeCreateChannelResponse,
  writeDestroyChannel, writeEcho, writeGetFieldResponse, writeOperationResponse, writeSetByteOrder, writeValidated, writeValidationRequest,
} from '../protocol';
import type { OperationCommand, SearchChannel, WireReader } from '../protocol';
import { failed, Refusal, textOf, type Operation } from './operation';
import { serverLittleEndian, type PvaServerPv } from './pvaServerPv';
import { answerSearch } from './searchResponder';
import { ServerChannel, type ChannelConnection } from './serverChannel';

export interface ConnectionSurroundings {
  readonly pvs: PvDirectory<PvaServerPv>;
  /** Bytes of a put. */
  readonly maxArrayBytes?: number | undefined;
  /** 24 hexadecimal digits. */
  guid(): string;
  tcpPort(): number;
  /** 0: the server has no TLS. */
  tlsPort(): number;
  /** There is output to take; may be called often. */
  outputReady(): void;
  /** The peer broke the protocol: send what waits, then hang up. */
  hangUp(): void;
}

/** Bytes; a larger put is refused, where nothing else is said. */
const usualMaxArrayBytes = 64 * 2 ** 20;
const putCommands: readonly number[] = [commands.PUT, commands.PUT_GET, commands.ARRAY];
/** Of what else comes, a question to a service may be long: texts take more memory than bytes on the wire. */
const largestQuestion = 8 * 2 ** 20;
const largestOther = 2 ** 20;
/** Bytes that may wait for the socket before answers with data wait too. */
const roomFor = 4 * 2 ** 20;
/** Of one connection. */
const mostChannels = 100_000;
const mostOperations = 200_000;
/** The client takes the last that it knows. Both are its own word and no boundary of security; `x509` comes with a certificate that TLS has proved. */
const methods = ['anonymous', 'ca'] as const;
const provedMethods = [...methods, 'x509'] as const;

type Handler = (connection: ServerConnection, payload: WireReader) => void;

/** What a client may send before it has said who it is, and after. What is in neither table is ignored: the protocol may grow. */
const openHandlers: Readonly<Partial<Record<number, Handler>>> = {
  [commands.CONNECTION_VALIDATION]: (connection, payload) => connection.validate(payload),
  [commands.ECHO]: (connection, payload) => writeEcho(connection.output.writer, payload.copy(payload.remaining)),
  [commands.SEARCH]: (connection, payload) => connection.search(payload),
};
const handlers: Readonly<Partial<Record<number, Handler>>> = {
  [commands.CREATE_CHANNEL]: (connection, payload) => connection.createChannels(readCreateChannel(payload)),
  [commands.DESTROY_CHANNEL]: (connection, payload) => connection.closeChannel(payload),
  [commands.GET_FIELD]: (connection, payload) => connection.getField(payload),
  [commands.CANCEL_REQUEST]: (connection, payload) => connection.operations.get(readRequestIds(payload).requestId)?.cancel(),
  [commands.DESTROY_REQUEST]: (connection, payload) => connection.forgetOperation(readRequestIds(payload).requestId),
  ...Object.fromEntries(operationCommands.map((command): [number, Handler] => [command, (connection, payload) => connection.operate(command, payload)])),
};

export class ServerConnection implements ChannelConnection {
  readonly output = new OutputQueue(new WireWriter('server'));
  readonly gate: EventGate;
  readonly received = new TypeCache();
  readonly operations = new Map<number, Operation>();
  user = 'anonymous';
  host: string;
  identity: ClientIdentity;
  closed = false;
  pending = 0;
  private readonly reader: MessageReader;
  private readonly channels = new Map<number, ServerChannel>();
  private nextServerId = 1;
  private validated = false;
  private waiting: (() => void)[] = [];
  private readonly maxArrayBytes: number;

  /** `address`: the client's, until it says its host's name. `tls`: by TLS, where the client showed a certificate with whose. */
  constructor(private readonly surroundings: ConnectionSurroundings, private readonly address: string, private readonly tls: { readonly client: TlsPeer | null } | null = null) {
    this.host = address;
    this.identity = { method: 'anonymous', authority: null, secured: tls !== null };
    this.maxArrayBytes = surroundings.maxArrayBytes ?? usualMaxArrayBytes;
    this.gate = new EventGate(this.output, () => surroundings.outputReady());
    this.reader = new MessageReader({
      message: (command, payload, oversize) => this.handle(command, payload, oversize),
      control: (control, data) => this.control(control, data),
    }, { from: 'client', maxPayload: Math.max(this.maxArrayBytes, largestQuestion) });
    const { writer } = this.output;
    // Types are described in full each time: a client that dropped a request may not have read what an id was defined as.
    writer.littleEndian = serverLittleEndian;
    writeSetByteOrder(writer);
    writeValidationRequest(writer, this.methods);
    surroundings.outputReady();
  }

  /** Never throws: bytes that are no pvAccess cost the connection. */
  receive(chunk: Uint8Array): void {
    try {
      this.reader.push(chunk);
    } catch {
      this.output.writer.abandon();
      this.giveUp();
    }
  }

  /** What to send now; all of it is the caller's. */
  takeOutput(): Uint8Array[] {
    return this.output.take();
  }

  get room(): number { return this.gate.room; }

  /** Whether the socket waits to be drained. */
  setBlocked(blocked: boolean): void {
    this.gate.setBlocked(blocked);
    while (!blocked && this.waiting.length > 0 && this.output.size <= roomFor) this.waiting.shift()?.();
  }

  /** The socket is gone. */
  close(): void {
    this.closed = true;
    this.reader.stop();
    for (const operation of this.operations.values()) operation.close();
    for (const channel of this.channels.values()) channel.close();
    this.operations.clear();
    this.channels.clear();
    this.waiting = [];
  }

  whenRoom(run: () => void): void {
    if (this.waiting.length === 0 && this.output.size <= roomFor) run();
    else this.waiting.push(run);
    this.surroundings.outputReady();
  }

  forgetOperation(requestId: number): void {
    const operation = this.operations.get(requestId);
    if (!operation) return;
    operation.close();
    this.operations.delete(requestId);
    this.channels.get(operation.serverId)?.requestIds.delete(requestId);
  }

  destroyChannel(channel: ServerChannel): void {
    this.forgetChannel(channel);
    writeDestroyChannel(this.output.writer, channel);
    this.surroundings.outputReady();
  }

  validate(payload: WireReader): void {
    const { method, data } = readValidationResponse(payload, this.received);
    const chosen = this.methods.find((offered) => offered === method);
    if (!chosen) {
      writeValidated(this.output.writer, failed(`The server takes ${this.methods.join(' or ')} and not "${method}".`));
      return this.giveUp();
    }
    const certified = chosen === 'x509' ? this.tls?.client ?? null : null;
    const said = (name: string): string => {
      const value = method === 'ca' && data ? valueAt(data.value, name) : undefined;
      return typeof value === 'string' ? value : '';
    };
    this.user = certified?.name ?? (said('user') || 'anonymous');
    this.host = said('host') || this.address;
    this.identity = { method: chosen, authority: certified?.authority ?? null, secured: this.tls !== null };
    this.validated = true;
    for (const channel of [...this.channels.values()]) channel.accessChanged();
    return writeValidated(this.output.writer, ok);
  }

  search(payload: WireReader): void {
    const { pvs } = this.surroundings;
    answerSearch(this.output.writer, readSearch(payload), { has: (name) => pvs.find(name) !== undefined, guid: this.surroundings.guid(), tcpPort: this.surroundings.tcpPort(), tlsPort: this.surroundings.tlsPort() });
  }

  private get methods(): readonly ClientIdentity['method'][] { return this.tls?.client?.name ? provedMethods : methods; }

  createChannels(wanted: readonly SearchChannel[]): void {
    for (const { id: clientId, name } of wanted) {
      const pv = name.length <= maxNameBytes ? this.surroundings.pvs.find(name) : undefined;
      const full = this.channels.size >= mostChannels;
      if (!pv || full) {
        const message = full ? `More than ${mostChannels} channels on one connection are not served.` : `This server has no PV "${name.slice(0, maxNameBytes)}".`;
        writeCreateChannelResponse(this.output.writer, { clientId, serverId: 0, status: failed(message) });
        continue;
      }
      const serverId = this.nextServerId++;
      this.channels.set(serverId, new ServerChannel(this, pv, clientId, serverId));
      writeCreateChannelResponse(this.output.writer, { clientId, serverId, status: ok });
    }
  }

  closeChannel(payload: WireReader): void {
    const ids = readDestroyChannel(payload);
    const channel = this.channels.get(ids.serverId);
    if (!channel) return;
    this.forgetChannel(channel);
    writeDestroyChannel(this.output.writer, ids);
  }

  getField(payload: WireReader): void {
    const { serverId, requestId, subField } = readGetField(payload);
    const pv = this.channels.get(serverId)?.pv;
    const field = pv && fieldAt(pv.type, subField)?.field;
    const status = !pv ? failed('There is no such channel.') : field ? ok : failed(`${pv.name} has no field "${subField}".`);
    writeGetFieldResponse(this.output.writer, { requestId, status, field: field ?? null });
  }

  operate(command: OperationCommand, payload: WireReader): void {
    const { serverId, requestId, subcommand } = readOperationRequest(payload);
    if ((subcommand & subcommands.init) === 0) {
      const operation = this.operations.get(requestId);
      // The server may have ended it just now: that is nobody's fault.
      if (!operation) return;
      if (operation.command !== command || operation.serverId !== serverId) throw new RemoteProtocolError(`Request ${requestId} is used for something else.`);
      return operation.request(subcommand, payload);
    }
    // Read in any case: it may describe types that later requests use.
    const init = readInit(payload, this.received, subcommand, command);
    if (this.operations.has(requestId)) throw new RemoteProtocolError(`Request ${requestId} is there already.`);
    const channel = this.channels.get(serverId);
    try {
      if (!channel) throw new Refusal('There is no such channel.');
      if (this.operations.size >= mostOperations) throw new Refusal(`More than ${mostOperations} requests on one connection are not served.`);
      this.operations.set(requestId, channel.createOperation(command, requestId, init));
      channel.requestIds.add(requestId);
    } catch (error) {
      this.output.writer.abandon();
      writeOperationResponse(this.output.writer, command, { requestId, subcommand, status: failed(textOf(error)) });
    }
    return undefined;
  }

  private handle(command: number, payload: WireReader, oversize: boolean): void {
    const largest = putCommands.includes(command) ? this.maxArrayBytes : command === commands.RPC ? largestQuestion : largestOther;
    if (oversize || payload.remaining > largest) this.refuseOversize(command, payload, largest);
    else {
      const known = openHandlers[command];
      if (known) known(this, payload);
      else if (this.validated) handlers[command]?.(this, payload);
      else if (handlers[command]) throw new RemoteProtocolError(`${commandName(command)} came before the client said who it is.`);
    }
    this.surroundings.outputReady();
  }

  private refuseOversize(command: number, payload: WireReader, largest: number): void {
    const operation = operationCommands.find((known) => known === command);
    if (operation === undefined || !this.validated) throw new RemoteProtocolError(`${commandName(command)} is too large.`);
    const { requestId, subcommand } = readOperationRequest(payload);
    writeOperationResponse(this.output.writer, operation, { requestId, subcommand, status: failed(`More than ${largest} bytes in one request are not taken.`) });
  }

  private control(control: number, data: number): void {
    if (control === controls.ECHO_REQUEST) this.output.writer.control(controls.ECHO_RESPONSE, data);
    if (control === controls.MARK_TOTAL_BYTES) this.output.writer.control(controls.ACKNOWLEDGE_TOTAL_BYTES, data);
    this.surroundings.outputReady();
  }

  private forgetChannel(channel: ServerChannel): void {
    for (const requestId of [...channel.requestIds]) this.forgetOperation(requestId);
    channel.close();
    this.channels.delete(channel.serverId);
  }

  private giveUp(): void {
    this.reader.stop();
    this.surroundings.hangUp();
    this.surroundings.outputReady();
  }
}
