// A pvAccess server for tests of the client: it answers as the test scripts it, in either byte order, and records what it was asked.
import { MemoryNetwork } from '../transport/memory';
import type { ServerEnd, ServerEvents } from '../transport/memory';
import * as wire from './protocol';
import type { AnyValue, BitSet, PvaInput, SearchRequest, StructureField, WireReader, WireWriter } from './protocol';

const { commands, subcommands } = wire;

export const ntDouble = wire.structure('epics:nt/NTScalar:1.0', {
  value: wire.scalar('double'), alarm: wire.structure('alarm_t', { severity: wire.scalar('int'), status: wire.scalar('int'), message: wire.scalar('string') }),
});

/** One request of the client, after its head was read. */
export interface Asked { readonly command: number; readonly requestId: number; readonly subcommand: number; readonly window: number | null; readonly acknowledged: number | null }
export interface Served { readonly field: StructureField; value: PvaInput; /** Not answered by the server itself. */ readonly silent?: boolean; /** GET_FIELD is not answered. */ readonly undescribed?: boolean }

export class ScriptedConnection {
  readonly writer = new wire.WireWriter('server');
  readonly asked: Asked[] = [];
  readonly created: { clientId: number; name: string; serverId: number }[] = [];
  readonly destroyed: number[] = [];
  readonly ended: number[] = [];
  readonly searches: SearchRequest[] = [];
  validation: wire.ValidationResponse | null = null;
  /** Bytes that came with another order than the one that was set. */
  wrongOrder = 0;
  closed = false;
  /** Half open: nothing comes from it any more. */
  mute = false;
  private readonly reader: wire.MessageReader;
  private readonly types = new wire.TypeCache();
  readonly sent = new wire.SentTypes();

  constructor(private readonly server: ScriptedServer, readonly end: ServerEnd) {
    this.reader = new wire.MessageReader({ message: (command, payload) => this.dispatch(command, payload), control: () => undefined }, { from: 'client' });
    this.writer.littleEndian = server.order === 'little';
    this.reader.fixByteOrder(server.order);
  }

  greet(): void {
    this.send((writer) => {
      wire.writeSetByteOrder(writer);
      wire.writeValidationRequest(writer, this.server.methods);
    });
  }

  receive(bytes: Uint8Array): void {
    for (let at = 0; at + 8 <= bytes.length;) {
      const little = ((bytes[at + 2] as number) & wire.flags.bigEndian) === 0;
      if (little !== (this.server.order === 'little')) this.wrongOrder += 1;
      at += 8 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 4, little);
    }
    this.reader.push(bytes);
  }

  send(write: (writer: WireWriter) => void): void {
    write(this.writer);
    const bytes = this.writer.take();
    if (!this.mute) this.end.send(bytes);
  }

  /** The last request of a command that was asked and whose subcommand fits. */
  last(command: number): Asked {
    const found = this.asked.filter((each) => each.command === command).at(-1);
    if (!found) throw new Error(`${wire.commandName(command)} was not asked for.`);
    return found;
  }

  update(requestId: number, field: StructureField, value: PvaInput, changed: BitSet): void {
    this.send((writer) => wire.writeMonitorUpdate(writer, requestId, field, { value, changed, overrun: new wire.BitSet() }, null, this.sent));
  }

  private dispatch(command: number, reader: WireReader): void {
    switch (command) {
      case commands.CONNECTION_VALIDATION:
        this.validation = wire.readValidationResponse(reader, this.types);
        return this.server.validates ? this.send((writer) => wire.writeValidated(writer, this.server.validatedStatus)) : undefined;
      case commands.CREATE_CHANNEL: for (const { id, name } of wire.readCreateChannel(reader)) this.create(id, name); return undefined;
      case commands.DESTROY_CHANNEL: this.destroyed.push(wire.readDestroyChannel(reader).serverId); return undefined;
      case commands.DESTROY_REQUEST: this.ended.push(wire.readRequestIds(reader).requestId); return undefined;
      case commands.ECHO: return this.server.echoes ? this.send((writer) => wire.writeEcho(writer)) : undefined;
      case commands.SEARCH: { const search = wire.readSearch(reader); this.searches.push(search); return this.server.onTcpSearch?.(this, search); }
      case commands.GET_FIELD: {
        const { serverId, requestId } = wire.readGetField(reader);
        this.server.askedForTypes += 1;
        const served = this.servedBy(serverId);
        if (served && !served.undescribed) this.send((writer) => wire.writeGetFieldResponse(writer, { requestId, status: wire.ok, field: served.field }, this.sent));
        return undefined;
      }
      default: return this.operate(command as wire.OperationCommand, reader);
    }
  }

  private create(clientId: number, name: string): void {
    if (!this.server.creates) return;
    const serverId = this.created.length + 100;
    const served = this.server.pvs.get(name);
    if (served) this.created.push({ clientId, name, serverId });
    this.send((writer) => wire.writeCreateChannelResponse(writer, {
      clientId, serverId: served ? serverId : 0, status: served ? wire.ok : { type: 'ERROR', message: 'no such channel', callTree: '' },
    }));
    this.server.afterCreate?.(this);
  }

  private servedBy(serverId: number): Served | undefined {
    return this.server.pvs.get(this.created.find((each) => each.serverId === serverId)?.name ?? '');
  }

  private operate(command: wire.OperationCommand, reader: WireReader): void {
    const { serverId, requestId, subcommand } = wire.readOperationRequest(reader);
    const served = this.servedBy(serverId);
    const init = (subcommand & subcommands.init) !== 0;
    const piped = command === commands.MONITOR && (subcommand & subcommands.pipeline) !== 0;
    const start = init ? wire.readInit(reader, this.types, subcommand, command) : null;
    this.asked.push({ command, requestId, subcommand, window: start?.window ?? null, acknowledged: piped && !init ? wire.readMonitorAck(reader) : null });
    if (!served || served.silent || this.server.silentFor(subcommand)) return;
    const response = { requestId, subcommand, status: wire.ok };
    if (init) {
      this.send((writer) => wire.writeInitResponse(writer, command, response, command === commands.RPC ? [] : command === commands.PUT_GET ? [served.field, served.field] : [served.field], this.sent));
    } else if (command === commands.PUT && (subcommand & subcommands.get) === 0) {
      served.value = { ...served.value as object, ...wire.readPut(reader, served.field, this.types, served.value as wire.PvaStructure).value };
      this.send((writer) => wire.writeOperationResponse(writer, command, response));
    } else if (command === commands.GET || command === commands.PUT) {
      this.send((writer) => wire.writeDataResponse(writer, command, response, served.field, served.value, wire.BitSet.of(0), this.sent));
    } else if (command === commands.RPC) {
      const argument: AnyValue | null = wire.readAny(reader, this.types);
      this.send((writer) => wire.writeRpcResponse(writer, response, argument, this.sent));
    }
  }
}

/** How it is by TLS. */
export interface ScriptedTls { readonly port: number; readonly secure: NonNullable<ServerEvents['secure']> }

/** At 10.0.0.1, TCP 5075, UDP 5076 of a network in memory. */
export class ScriptedServer {
  readonly connections: ScriptedConnection[] = [];
  readonly pvs = new Map<string, Served>();
  readonly datagrams: SearchRequest[] = [];
  guid = '000000000000000000000001';
  methods: readonly string[] = ['anonymous', 'ca'];
  tls: ScriptedTls | null = null;
  validates = true;
  validatedStatus: wire.Status = wire.ok;
  creates = true;
  echoes = true;
  answers = true;
  askedForTypes = 0;
  /** Requests that are not answered, by their subcommand. */
  silentFor: (subcommand: number) => boolean = () => false;
  afterCreate: ((connection: ScriptedConnection) => void) | null = null;
  onTcpSearch: ((connection: ScriptedConnection, search: SearchRequest) => void) | null = null;

  constructor(readonly network: MemoryNetwork, readonly order: 'little' | 'big' = 'little', readonly host = '10.0.0.1') {
    this.start();
    network.serveUdp(`${host}:5076`, (bytes, reply) => {
      wire.readDatagram(bytes, (command, reader) => {
        if (command !== commands.SEARCH) return;
        const search = wire.readSearch(reader);
        this.datagrams.push(search);
        const found = search.channels.filter(({ name }) => this.pvs.has(name)).map(({ id }) => id);
        const tls = search.protocols.includes('tls') ? this.tls : null;
        if (this.answers && found.length > 0) reply(tls ? this.searchResponse(found, null, tls.port, 'tls') : this.searchResponse(found));
      });
    });
  }

  get connection(): ScriptedConnection {
    const last = this.connections.at(-1);
    if (!last) throw new Error('Nobody has connected.');
    return last;
  }

  searchResponse(channelIds: readonly number[], address: string | null = null, port = 5075, protocol: 'tcp' | 'tls' = 'tcp'): Uint8Array {
    const writer = new wire.WireWriter('server');
    writer.littleEndian = this.order === 'little';
    wire.writeSearchResponse(writer, { guid: this.guid, sequence: 0, address, port, protocol, found: true, channelIds });
    return writer.take();
  }

  start(): void {
    this.serve(5075, {});
    if (this.tls) this.serve(this.tls.port, { secure: this.tls.secure });
  }

  private serve(port: number, secure: Pick<ServerEvents, 'secure'>): void {
    const byEnd = new Map<ServerEnd, ScriptedConnection>();
    this.network.serveTcp(`${this.host}:${port}`, {
      ...secure,
      opened: (end) => {
        const connection = new ScriptedConnection(this, end);
        this.connections.push(connection);
        byEnd.set(end, connection);
        connection.greet();
      },
      received: (bytes, end) => byEnd.get(end)?.receive(bytes),
      closed: () => { for (const connection of byEnd.values()) connection.closed = true; },
    });
  }

  /** As when the process is killed: connections break, nothing answers. */
  stop(): void {
    this.answers = false;
    for (const port of [5075, ...(this.tls ? [this.tls.port] : [])]) this.network.serveTcp(`${this.host}:${port}`, null);
    for (const connection of this.connections) connection.end.drop();
  }

  /** The process is back, with another GUID. */
  restart(): void {
    this.guid = `${(Number.parseInt(this.guid, 16) + 1).toString(16).padStart(24, '0')}`;
    this.answers = true;
    this.start();
  }
}
