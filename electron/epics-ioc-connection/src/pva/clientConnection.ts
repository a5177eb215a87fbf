// The client's side of one TCP connection. Pure: bytes in -> events, requests -> bytes out (`out`), time passed in.
// pvAccess specification, "Connection life-cycle": byte order, validation, then channels and requests. Its type cache dies with it.
import { RemoteProtocolError } from '../ca/protocol/errors';
import * as wire from './protocol';
import type { AnyValue, Field, OperationCommand, SearchChannel, SearchResponse, Status, StructureField, TextMessage, WireReader } from './protocol';

const { commands, controls, subcommands } = wire;
/** Milliseconds; servers give up clients that say nothing for 40 s and more. */
const longestEchoPause = 15_000;
/** Milliseconds that a server has to say anything once something casts doubt on it. */
const doubtPatience = 5000;
/** Bytes of requests that are sent without waiting for the end of the tick: the server works on them while the program asks for more. */
export const sendAtOnce = 2048;
/** Ended requests whose late answers are still read, so that the types which they define are known. */
const maxRemembered = 256;

/** A request on the wire. What it throws (RemoteProtocolError) closes the connection. */
export interface RequestSink {
  readonly command: number;
  /** The init was answered; `fields` are the types, none where it failed. */
  initialised(status: Status, fields: readonly Field[]): void;
  /** The rest of an answer is in `reader`, whose bytes are valid only during the call. A MONITOR update has no status. */
  answered(status: Status | null, subcommand: number, reader: WireReader): void;
  /** The answer is larger than allowed and was thrown away. */
  tooLarge(): void;
  /** The connection or the channel went: no answer will come. */
  dropped(): void;
}

export interface ConnectionEvents {
  /** Validated: channels may be created. `refused`: the server did not accept who we are, and is used all the same. */
  ready(refused: Status | null): void;
  channelCreated(clientId: number, serverId: number): void;
  channelRefused(clientId: number, status: Status): void;
  /** There is output that could be sent before the rest is made. */
  outputWaits?(): void;
  /** The server destroyed a channel. */
  channelDropped(serverId: number): void;
  searchAnswered(answer: SearchResponse): void;
  textReceived(message: TextMessage): void;
}

export interface ConnectionOptions {
  readonly userName: string;
  readonly hostName: string;
  /** TLS shows the server a certificate of ours. */
  readonly certified: boolean;
  /** In searches over this connection. */
  readonly protocols: readonly string[];
  /** Milliseconds. */
  readonly connectionTimeout: number;
  /** Bytes. */
  readonly maxPayload: number;
}

export class ClientConnection {
  /** Bytes to send; what is asked for before the validation waits. */
  readonly out = new wire.WireWriter('client');
  ready = false;
  /** How the server was told who we are. */
  method: wire.AuthenticationMethod = 'anonymous';
  eventsReceived = 0;
  private readonly reader: wire.MessageReader;
  private readonly types = new wire.TypeCache();
  private readonly requests = new Map<number, RequestSink>();
  private readonly ended = new Map<number, StructureField>();
  private readonly creating = new Map<number, string>();
  private nextId = 1;
  /** When the server last said something, ms. */
  heardAt: number;
  private lastEcho: number;
  /** Since when it is doubted and has said nothing, ms. */
  private doubtedAt: number | null = null;

  constructor(private readonly options: ConnectionOptions, private readonly events: ConnectionEvents, now: number) {
    this.heardAt = now;
    this.lastEcho = now;
    this.reader = new wire.MessageReader({
      message: (command, payload, oversize) => this.dispatch(command, payload, oversize),
      control: (control, data, bigEndian) => this.onControl(control, data, bigEndian),
    }, { from: 'server', maxPayload: options.maxPayload });
  }

  get revision(): number { return this.reader.peerRevision; }
  get requestCount(): number { return this.requests.size; }

  /** Takes what came from the server. Throws RemoteProtocolError where it makes no sense: close the connection then. */
  receive(chunk: Uint8Array, now: number): void {
    this.heardAt = now;
    this.doubtedAt = null;
    this.reader.push(chunk);
  }

  /** Where the next bytes are wanted; see `ConnectionEvents.readInto`. */
  get target(): Uint8Array | null { return this.reader.target; }

  /** Does what is due and returns when to be called again (ms), or a text: why the server is to be given up. */
  tick(now: number): number | string {
    const { connectionTimeout } = this.options;
    const limit = this.heardAt + (connectionTimeout * 4) / 3;
    if (now >= limit) return `silent for ${Math.round((now - this.heardAt) / 1000)} s`;
    const end = this.doubtedAt === null ? limit : Math.min(limit, this.doubtedAt + doubtPatience);
    if (now >= end) return 'the server was restarted';
    const pause = Math.min(connectionTimeout / 2, longestEchoPause);
    if (now - this.lastEcho >= pause) this.probe(now);
    return Math.min(end, this.lastEcho + pause);
  }

  /** Asks at once whether the server is there. */
  probe(now: number): void {
    this.lastEcho = now;
    if (this.ready) wire.writeEcho(this.out);
  }

  /** A datagram says that this server is not there any more, which anybody may say: it is asked, and given up where it says nothing soon. */
  doubt(now: number): void {
    this.doubtedAt ??= now;
    this.probe(now);
  }

  createChannel(clientId: number, name: string): void {
    this.creating.set(clientId, name);
    if (this.ready) wire.writeCreateOne(this.out, clientId, name);
  }

  /** `serverId` null: its creation is still under way; should it succeed, it is undone then. */
  destroyChannel(serverId: number | null, clientId: number): void {
    this.creating.delete(clientId);
    if (serverId !== null) wire.writeDestroyChannel(this.out, { serverId, clientId });
  }

  /** `port`: our own for datagrams, where servers of pvAccessCPP answer even to this. */
  search(channels: readonly SearchChannel[], sequence: number, port: number): void {
    wire.writeSearch(this.out, { sequence, replyRequired: false, unicast: true, address: null, port, protocols: this.options.protocols, channels });
  }

  /** Sends an init and returns the request's id. `window`: of a MONITOR with a pipeline. */
  begin(sink: RequestSink, serverId: number, pvRequest: AnyValue, window?: number): number {
    const requestId = this.add(sink);
    wire.writeInit(this.out, sink.command as OperationCommand, { serverId, requestId }, pvRequest, window);
    return requestId;
  }

  getField(sink: RequestSink, serverId: number, subField: string): number {
    const requestId = this.add(sink);
    wire.writeGetField(this.out, { serverId, requestId, subField });
    return requestId;
  }

  /** The request is over for us; a late answer is ignored. `field`: the type of its answers. */
  end(serverId: number, requestId: number, field: Field | null, onWire: boolean): void {
    if (!this.requests.delete(requestId)) return;
    if (field?.kind === 'structure' && definesTypes(field)) {
      if (this.ended.size >= maxRemembered) this.ended.delete(this.ended.keys().next().value as number);
      this.ended.set(requestId, field);
    }
    if (onWire) wire.writeDestroyRequest(this.out, { serverId, requestId });
  }

  /** The channel or the request is gone from the server: nothing is sent. */
  forget(requestId: number): void { this.requests.delete(requestId); }

  /** The types that an answer refers to. */
  get typeCache(): wire.TypeCache { return this.types; }

  /** The connection is gone: every request hears it, nothing is delivered any more. */
  close(): void {
    this.reader.stop();
    const requests = [...this.requests.values()];
    this.requests.clear();
    this.creating.clear();
    this.ended.clear();
    this.types.clear();
    for (const request of requests) request.dropped();
  }

  private add(sink: RequestSink): number {
    let id: number;
    do {
      id = this.nextId;
      this.nextId = id === 0x7fffffff ? 1 : id + 1;
    } while (this.requests.has(id) || this.ended.has(id));
    this.requests.set(id, sink);
    return id;
  }

  private onControl(control: number, data: number, bigEndian: boolean): void {
    if (control === controls.SET_BYTE_ORDER) this.out.littleEndian = !bigEndian;
    else if (control === controls.ECHO_REQUEST) this.out.control(controls.ECHO_RESPONSE, data);
    else if (control === controls.MARK_TOTAL_BYTES) this.out.control(controls.ACKNOWLEDGE_TOTAL_BYTES, data);
  }

  private dispatch(command: number, reader: WireReader, oversize: boolean): void {
    if (oversize) return this.onOversize(command, reader);
    switch (command) {
      case commands.MONITOR: return this.onMonitor(reader);
      case commands.GET: case commands.PUT: case commands.PUT_GET: case commands.RPC: case commands.ARRAY: case commands.PROCESS:
        return this.onAnswer(command, reader);
      case commands.GET_FIELD: {
        const { requestId, status, field } = wire.readGetFieldResponse(reader, this.types);
        const sink = this.take(requestId, command);
        this.requests.delete(requestId);
        return sink?.initialised(status, field ? [field] : []);
      }
      case commands.CREATE_CHANNEL: return this.onCreated(reader);
      case commands.DESTROY_CHANNEL: return this.events.channelDropped(wire.readDestroyChannel(reader).serverId);
      case commands.CONNECTION_VALIDATION: return this.onValidation(reader);
      case commands.CONNECTION_VALIDATED: return this.onValidated(wire.readValidated(reader));
      case commands.SEARCH_RESPONSE: return this.events.searchAnswered(wire.readSearchResponse(reader));
      case commands.MESSAGE: return this.events.textReceived(wire.readMessage(reader));
      default: // ECHO, BEACON, ACL_CHANGE, AUTHNZ, and what newer servers may send.
        return undefined;
    }
  }

  private onValidation(reader: WireReader): void {
    const { methods } = wire.readValidationRequest(reader);
    const { userName: user, hostName: host, certified } = this.options;
    const method = wire.chooseMethod(methods, certified);
    this.method = method;
    wire.writeValidationResponse(this.out, { method, data: method === 'ca' ? { field: wire.caCredentials, value: { user, host } } : null });
  }

  private onValidated(status: Status): void {
    if (this.ready) return;
    this.ready = true;
    this.creating.forEach((name, id) => {
      wire.writeCreateOne(this.out, id, name);
      // The server begins while the rest is written.
      if (this.out.length >= sendAtOnce) this.events.outputWaits?.();
    });
    this.events.ready(wire.isSuccess(status) ? null : status);
  }

  private onCreated(reader: WireReader): void {
    const { clientId, serverId, status } = wire.readCreateChannelResponse(reader);
    const wanted = this.creating.delete(clientId);
    if (!wire.isSuccess(status)) {
      if (wanted) this.events.channelRefused(clientId, status);
    } else if (wanted) this.events.channelCreated(clientId, serverId);
    // Closed while its creation was under way.
    else wire.writeDestroyChannel(this.out, { serverId, clientId });
  }

  private onAnswer(command: number, reader: WireReader): void {
    const { requestId, subcommand, status } = wire.readOperationResponse(reader);
    if ((subcommand & subcommands.init) !== 0) {
      // Also of a request that is over: the types that it defines count for those that follow.
      const fields = wire.isSuccess(status) ? wire.readInitFields(reader, this.types, wire.initFieldCount(command)) : [];
      return this.take(requestId, command)?.initialised(status, fields);
    }
    const sink = this.take(requestId, command);
    if (sink) return sink.answered(status, subcommand, reader);
    if (command === commands.RPC && wire.isSuccess(status)) wire.readAny(reader, this.types);
    else if (command !== commands.RPC && wire.isSuccess(status)) this.readForTypes(requestId, reader);
    return undefined;
  }

  private onMonitor(reader: WireReader): void {
    const { requestId, subcommand, status } = wire.readMonitorHead(reader);
    if ((subcommand & subcommands.init) !== 0) {
      const fields = status && wire.isSuccess(status) ? wire.readInitFields(reader, this.types, 1) : [];
      return this.take(requestId, commands.MONITOR)?.initialised(status ?? wire.ok, fields);
    }
    const sink = this.take(requestId, commands.MONITOR);
    if (!sink) return this.readForTypes(requestId, reader);
    this.eventsReceived += 1;
    return sink.answered(status, subcommand, reader);
  }

  /** A late answer to a request that is over: only the types that its variants define matter. */
  private readForTypes(requestId: number, reader: WireReader): void {
    const field = this.ended.get(requestId);
    if (field && reader.remaining > 0) wire.readDelta(reader, field, this.types, wire.defaultValue(field) as wire.PvaStructure);
  }

  private onOversize(command: number, reader: WireReader): void {
    const answers: readonly number[] = [commands.GET, commands.PUT, commands.PUT_GET, commands.RPC, commands.MONITOR, commands.ARRAY];
    const requestId = reader.u32();
    const init = (reader.u8() & subcommands.init) !== 0;
    if (!answers.includes(command) || init) {
      throw new RemoteProtocolError(`A ${wire.commandName(command)} message is larger than the ${this.options.maxPayload} bytes that are allowed.`);
    }
    this.take(requestId, command)?.tooLarge();
  }

  private take(requestId: number, command: number): RequestSink | undefined {
    const sink = this.requests.get(requestId);
    if (sink && sink.command !== command) throw new RemoteProtocolError(`The server answered request ${requestId} with ${wire.commandName(command)}, which it is not.`);
    return sink;
  }
}

/** Values of this type may bring descriptions of their own. */
function definesTypes(field: Field): boolean {
  switch (field.kind) {
    case 'any': case 'anyArray': return true;
    case 'structure': case 'union': return field.members.some((member) => definesTypes(member.field));
    case 'structureArray': case 'unionArray': return definesTypes(field.element);
    default: return false;
  }
}
