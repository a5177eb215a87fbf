// The pvAccess cores as targets: each input meets a connection that is validated, with a request of each kind under way.
import { RemoteProtocolError } from '../../src/ca/protocol/errors';
import { PvDirectory } from '../../src/ca/server/pvDirectory';
import { ClientConnection } from '../../src/pva/clientConnection';
import type { ConnectionEvents, RequestSink } from '../../src/pva/clientConnection';
import * as wire from '../../src/pva/protocol';
import { PvaServerPv } from '../../src/pva/server/pvaServerPv';
import { PvaScalarPv } from '../../src/pva/server/scalarPv';
import { answerSearches } from '../../src/pva/server/searchResponder';
import { ServerConnection } from '../../src/pva/server/serverConnection';
import { pvaDatagram, pvaInput, requestIds } from './pvaInputs';
import type { Random } from './random';
import { fed, type Cut, type Input, type Session, type Target } from './target';

const clientCap = 2 ** 20;
const serverCap = 64 * 2 ** 20;
const ignore = (): void => undefined;
const guid = '000102030405060708090a0b';
const { commands } = wire;
const events: ConnectionEvents = { ready: ignore, channelCreated: ignore, channelRefused: ignore, channelDropped: ignore, searchAnswered: ignore, textReceived: ignore };
const everything = wire.buildPvRequest({ fields: [], options: {} });
const structured = wire.structure('t', {
  n: wire.scalar('int'), text: wire.scalar('string'), many: wire.array('double'), any: wire.variantUnion, choice: wire.union('', { a: wire.scalar('int'), b: wire.array('string') }),
  items: wire.arrayOf(wire.structure('', { s: wire.scalar('string') })), inner: wire.structure('', { x: wire.scalar('byte'), y: wire.scalar('long') }),
});

class Taker implements RequestSink {
  type: wire.StructureField | null = null;
  last: wire.PvaStructure | null = null;
  ended = 0;
  constructor(readonly command: number, private readonly cache: () => wire.TypeCache) {}

  initialised(_status: wire.Status, [type]: readonly wire.Field[]): void {
    if (type?.kind !== 'structure') return;
    this.type = type;
    this.last = wire.defaultValue(type) as wire.PvaStructure;
  }

  answered(status: wire.Status | null, _subcommand: number, reader: wire.WireReader): void {
    if (status && !wire.isSuccess(status)) return;
    if (this.command === commands.RPC) wire.readAny(reader, this.cache());
    else if (this.command === commands.ARRAY) wire.readValue(reader, wire.array('double'), this.cache());
    else if (this.command === commands.MONITOR && this.type && this.last) this.last = wire.readMonitorUpdate(reader, this.type, this.cache(), this.last).value;
    else if (this.type && this.last) wire.readDelta(reader, this.type, this.cache(), this.last);
  }

  tooLarge(): void { /* The bytes were thrown away. */ }
  dropped(): void { this.ended += 1; }
}

function serverOpening(little: boolean): Uint8Array {
  const writer = new wire.WireWriter('server');
  writer.littleEndian = little;
  wire.writeSetByteOrder(writer);
  wire.writeValidationRequest(writer, ['anonymous', 'ca']);
  wire.writeValidated(writer, wire.ok);
  wire.writeCreateChannelResponse(writer, { clientId: 1, serverId: 2, status: wire.ok });
  return new Uint8Array(writer.take());
}
const fromServer = [serverOpening(false), serverOpening(true)] as const;

/** A control message that is to be answered: it shows whether the connection still understands. */
function echo(direction: number, little: boolean): Uint8Array {
  return Uint8Array.of(0xca, 2, 1 | direction | (little ? 0 : 0x80), wire.controls.ECHO_REQUEST, 1, 2, 3, 4);
}

class ClientSession implements Session {
  readonly ids = 0;
  private readonly connection = new ClientConnection({ userName: 'u', hostName: 'h', certified: true, protocols: ['tls', 'tcp'], connectionTimeout: 30_000, maxPayload: clientCap }, events, 0);
  private readonly takers: Taker[] = [];

  constructor(private readonly little: boolean) {
    const { connection } = this;
    connection.createChannel(1, 'PV');
    connection.receive(fromServer[little ? 1 : 0], 0);
    for (const name of Object.keys(requestIds) as (keyof typeof requestIds)[]) {
      const taker = new Taker(commands[name], () => connection.typeCache);
      this.takers.push(taker);
      const id = name === 'GET_FIELD' ? connection.getField(taker, 2, '') : connection.begin(taker, 2, everything);
      if (id !== requestIds[name]) throw new Error(`${name} has request ${id}.`);
    }
    connection.out.take();
  }

  make(random: Random): Input {
    return random.oneIn(10) ? { datagram: true, bytes: pvaDatagram(random) } : { datagram: false, bytes: pvaInput(random, 'client', this.little, structured) };
  }

  run({ datagram, bytes }: Input, cut: Cut): boolean {
    if (datagram) {
      clientDatagram(bytes);
      return true;
    }
    const { connection } = this;
    let going = false;
    try {
      fed(bytes, cut, (chunk, at) => connection.receive(chunk, at));
      const { length } = connection.out;
      connection.receive(echo(0x40, this.little), 0);
      going = connection.out.length === length + 8;
    } catch (error) {
      if (!(error instanceof RemoteProtocolError)) throw error;
    }
    if (connection.out.length > 1 << 18) throw new Error(`The client would send ${connection.out.length} bytes.`);
    connection.out.take();
    return going;
  }

  end(): void {
    this.connection.close();
    if (this.takers.some(({ ended }) => ended > 1)) throw new Error('A request was dropped twice.');
    if (this.connection.requestCount > 0) throw new Error('A request was left over.');
  }
}

export const pvaClient: Target = { cap: clientCap, open: (random) => new ClientSession(random.oneIn(2)) };

function clientDatagram(bytes: Uint8Array): void {
  wire.readDatagram(bytes, (command, reader) => {
    if (command === commands.SEARCH_RESPONSE) wire.readSearchResponse(reader);
    else if (command === commands.BEACON) wire.readBeacon(reader, new wire.TypeCache());
  });
}

function clientOpening(little: boolean): Uint8Array {
  const writer = new wire.WireWriter('client');
  writer.littleEndian = little;
  wire.writeValidationResponse(writer, { method: 'ca', data: { field: wire.caCredentials, value: { user: 'u', host: 'h' } } });
  ['S', 'A', 'W'].forEach((name, i) => wire.writeCreateChannel(writer, [{ id: i + 1, name }]));
  for (const name of Object.keys(requestIds) as (keyof typeof requestIds)[]) {
    if (name === 'GET_FIELD') continue;
    const request = name === 'ARRAY' ? wire.buildPvRequest({ fields: ['many'], options: {} }) : name === 'MONITOR' ? wire.buildPvRequest({ fields: [], options: { pipeline: 'true' } }) : everything;
    wire.writeInit(writer, commands[name], { serverId: 1, requestId: requestIds[name] }, request, name === 'MONITOR' ? 4 : undefined);
  }
  return new Uint8Array(writer.take());
}
const fromClient = [clientOpening(false), clientOpening(true)] as const;
const stamp = { seconds: 1_700_000_000, nanoseconds: 0 };

function servedPvs(): PvDirectory<PvaServerPv> {
  const pvs = new PvDirectory<PvaServerPv>();
  const removed = (gone: PvaServerPv): void => { pvs.remove(gone); };
  const s: PvaServerPv = new PvaServerPv('S', { type: structured, onWrite: ({ value, changed }) => s.post(value, changed), onRpc: ({ argument }) => argument }, removed);
  pvs.add(s);
  pvs.add(new PvaScalarPv('A', { type: 'ENUM', initial: 0, metadata: { states: ['a', 'b'] }, onWrite: ignore }, { now: () => stamp, removed }).pv);
  pvs.add(new PvaScalarPv('W', { type: 'DOUBLE', count: 10, initial: new Float64Array(3), onWrite: () => Promise.reject(new Error('no')) }, { now: () => stamp, removed }).pv);
  return pvs;
}

class ServerSession implements Session {
  readonly ids = 0;
  private over = false;
  private readonly connection: ServerConnection;

  constructor(private readonly little: boolean, readonly pvs: PvDirectory<PvaServerPv>) {
    this.connection = new ServerConnection({ pvs, guid: () => guid, tcpPort: () => 5075, tlsPort: () => 5076, outputReady: ignore, hangUp: () => { this.over = true; } }, '127.0.0.1', { client: { name: 'x', authority: null } });
    this.connection.receive(fromClient[little ? 1 : 0]);
    if (this.connection.operations.size !== Object.keys(requestIds).length - 1 || this.over) throw new Error('The opening was not taken.');
    this.connection.takeOutput();
  }

  make(random: Random): Input {
    return random.oneIn(10) ? { datagram: true, bytes: pvaDatagram(random) } : { datagram: false, bytes: pvaInput(random, 'server', this.little, structured) };
  }

  run({ datagram, bytes }: Input, cut: Cut): boolean {
    if (datagram) {
      const answers = answerSearches(bytes, { has: (name) => name !== 'nobody', guid, tcpPort: 1, tlsPort: 2 });
      if (answers.length > 1 + bytes.length / 8) throw new Error(`${answers.length} datagrams answer one of ${bytes.length} bytes.`);
      return true;
    }
    const { connection } = this;
    fed(bytes, cut, (chunk) => { if (!this.over) connection.receive(chunk); });
    const { size } = connection.output;
    if (size > serverCap + (8 << 20)) throw new Error(`${size} bytes wait for a client that sent ${bytes.length}.`);
    if (this.over) return false;
    connection.receive(echo(0, this.little));
    const going = connection.output.size === size + 8;
    connection.takeOutput();
    return going;
  }

  end(): void { this.connection.close(); }
}

export const pvaServer: Target = { cap: serverCap, open: (random, ended) => new ServerSession(random.oneIn(2), ended instanceof ServerSession ? ended.pvs : servedPvs()) };
