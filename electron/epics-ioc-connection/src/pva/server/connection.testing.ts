// A connection without a socket and the requests of a client, for tests.
import type { ServerPvOptions } from '../../api';
import type { TlsPeer } from '../../tls/peer';
import { PvDirectory } from '../../ca/server/pvDirectory';
import {
  BitSet, buildPvRequest, caCredentials, commands, parsePvRequest, readInitFields, readMonitorHead, readMonitorUpdate, readOperationResponse, readStatus,
  subcommands, TypeCache, WireReader, WireWriter, writeCreateChannel, writeInit, writeValidationResponse,
} from '../protocol';
import type { OperationCommand, PvaStructure, Status, StructureField } from '../protocol';
import { feed, wire, type Order } from '../protocol/pvaBytes.testing';
import { PvaServerPv, serverLittleEndian, type PvaStructureOptions } from './pvaServerPv';
import { PvaScalarPv } from './scalarPv';
import { ServerConnection } from './serverConnection';

export const stamp = { seconds: 1_700_000_000, nanoseconds: 5000 };
export const guid = '000102030405060708090a0b';
/** Builds what the server sends: it speaks in the platform's order. */
export const fromServer = wire(serverLittleEndian ? 'little' : 'big');

export interface Received { readonly command: number; readonly payload: WireReader }
export interface Update { readonly value: PvaStructure; readonly changed: number[]; readonly overrun: number[] }
export type MonitorMessage = Update | { readonly ended: Status };

export class TestConnection {
  readonly pvs = new PvDirectory<PvaServerPv>();
  readonly connection: ServerConnection;
  readonly greeting: Uint8Array;
  hungUp = false;
  private readonly types = new TypeCache();

  /** `cut`: how the client's bytes come in. `tls`: by TLS, with whose certificate. */
  constructor(
    readonly order: Order = 'little', private readonly cut: (bytes: number[]) => Uint8Array[] = (bytes) => [Uint8Array.from(bytes)],
    tls: { readonly client: TlsPeer | null } | null = null,
  ) {
    this.connection = new ServerConnection({
      pvs: this.pvs, guid: () => guid, tcpPort: () => 5075, tlsPort: () => tls ? 5443 : 0, outputReady: () => undefined, hangUp: () => { this.hungUp = true; },
    }, '127.0.0.1', tls);
    this.greeting = this.output();
  }

  add(name: string, options: ServerPvOptions): PvaScalarPv {
    const pv = new PvaScalarPv(name, options, { now: () => stamp, removed: (gone) => this.pvs.remove(gone) });
    this.pvs.add(pv.pv);
    return pv;
  }

  addStructure(name: string, options: PvaStructureOptions): PvaServerPv {
    const pv = new PvaServerPv(name, options, (gone) => this.pvs.remove(gone));
    this.pvs.add(pv);
    return pv;
  }

  output(): Uint8Array {
    return Uint8Array.from(Buffer.concat(this.connection.takeOutput()));
  }

  /** Feeds the bytes and returns what the server sends for them. */
  bytes(...bytes: readonly number[]): Uint8Array {
    return this.feed([...bytes]);
  }

  private feed(bytes: number[]): Uint8Array {
    for (const chunk of this.cut(bytes)) this.connection.receive(chunk);
    return this.output();
  }

  /** Writes messages with the codec's own writers. */
  write(write: (writer: WireWriter) => void): Uint8Array {
    const writer = new WireWriter('client');
    writer.littleEndian = this.order === 'little';
    write(writer);
    return this.feed([...writer.take()]);
  }

  validate(user = 'ada', host = 'desk'): this {
    this.write((writer) => writeValidationResponse(writer, { method: 'ca', data: { field: caCredentials, value: { user, host } } }));
    return this;
  }

  /** Creates a channel and gives its server id. */
  channel(name: string, clientId = 1): number {
    const [answer] = messages(this.write((writer) => writeCreateChannel(writer, [{ id: clientId, name }])));
    const { payload } = answer!;
    payload.u32();
    const serverId = payload.u32();
    if (readStatus(payload).type !== 'OK') throw new Error(`no channel ${name}`);
    return serverId;
  }

  /** The init of an operation: its status and types. */
  init(command: OperationCommand, serverId: number, requestId: number, request = '', window?: number): { status: Status; fields: StructureField[] } {
    const pvRequest = buildPvRequest(parsePvRequest(request));
    const [answer] = messages(this.write((writer) => writeInit(writer, command, { serverId, requestId }, pvRequest, window)));
    const { status } = readOperationResponse(answer!.payload);
    const count = command === commands.PUT_GET ? 2 : command === commands.RPC || command === commands.PROCESS ? 0 : 1;
    return { status, fields: status.type === 'OK' ? readInitFields(answer!.payload, this.types, count) as StructureField[] : [] };
  }

  /** Head of an operation's request, for `bytes`. */
  request(command: number, serverId: number, requestId: number, subcommand: number, ...rest: readonly number[]): number[] {
    const w = wire(this.order);
    return w.message('client', command, [...w.u32(serverId, requestId), subcommand, ...rest]);
  }

  /** The MONITOR messages in `bytes`, for one request of that type; `last` is what the client holds. */
  updates(field: StructureField, bytes: Uint8Array, last: PvaStructure): MonitorMessage[] {
    let held = last;
    return messages(bytes).filter(({ command }) => command === commands.MONITOR).map(({ payload }) => {
      const { status, subcommand } = readMonitorHead(payload);
      if (status && (subcommand & subcommands.finish) !== 0) return { ended: status };
      const update = readMonitorUpdate(payload, field, this.types, held);
      held = update.value;
      return { value: held, changed: update.changed.toArray(), overrun: update.overrun.toArray() };
    });
  }
}

/** The server's messages, each with a reader of its own. */
export function messages(bytes: Uint8Array): Received[] {
  const received: Received[] = [];
  feed('server', [Uint8Array.from(bytes)], (command, payload) => {
    received.push({ command, payload: WireReader.of(payload.bytes.slice(payload.at, payload.end), payload.littleEndian) });
  });
  return received;
}

export const bits = (...each: readonly number[]): BitSet => BitSet.of(...each);
