// Whatever a server sends, a connection ends by RemoteProtocolError at worst; what it allocates stays near what it was sent.
import { describe, expect, it } from 'vitest';
import { RemoteProtocolError } from '../ca/protocol/errors';
import { ClientConnection } from './clientConnection';
import type { ConnectionEvents, RequestSink } from './clientConnection';
import * as wire from './protocol';
import type { StructureField } from './protocol';

/** A small generator of its own, so that a failing seed can be run again. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const ignore = (): void => undefined;
const events: ConnectionEvents = { ready: ignore, channelCreated: ignore, channelRefused: ignore, channelDropped: ignore, searchAnswered: ignore, textReceived: ignore };
const field: StructureField = wire.structure('t', {
  value: wire.variantUnion, list: wire.variantUnionArray, numbers: wire.array('double'), choice: wire.union('', { a: wire.scalar('int'), b: wire.array('string') }),
  items: wire.arrayOf(wire.structure('', { n: wire.scalar('long'), s: wire.scalar('string') })),
});
const value = {
  value: { field: wire.scalar('double'), value: 1 }, list: [1, 'a', null], numbers: [1, 2, 3], choice: { member: 'b', value: ['x', 'y'] }, items: [{ n: 1, s: 'a' }, null],
};

/** A conversation as a good server has it. */
function conversation(little: boolean): Uint8Array {
  const writer = new wire.WireWriter('server');
  writer.littleEndian = little;
  const sent = new wire.SentTypes();
  const response = { subcommand: 8, status: wire.ok };
  wire.writeSetByteOrder(writer);
  wire.writeValidationRequest(writer, ['anonymous', 'ca']);
  wire.writeValidated(writer, wire.ok);
  wire.writeCreateChannelResponse(writer, { clientId: 1, serverId: 2, status: wire.ok });
  wire.writeInitResponse(writer, wire.commands.GET, { requestId: 1, ...response }, [field], sent);
  wire.writeDataResponse(writer, wire.commands.GET, { requestId: 1, subcommand: 0x40, status: wire.ok }, field, value, wire.BitSet.of(0), sent);
  wire.writeInitResponse(writer, wire.commands.MONITOR, { requestId: 2, ...response }, [field], sent);
  wire.writeMonitorUpdate(writer, 2, field, { value, changed: wire.BitSet.of(1, 2, 5), overrun: wire.BitSet.of(70) }, null, sent);
  wire.writeRpcResponse(writer, { requestId: 3, subcommand: 0, status: wire.ok }, { field, value: value as unknown as wire.PvaStructure }, sent);
  wire.writeGetFieldResponse(writer, { requestId: 4, status: wire.ok, field }, sent);
  wire.writeMessage(writer, { requestId: 1, type: 'error', text: 'text' });
  wire.writeSearchResponse(writer, { guid: '00', sequence: 1, address: null, port: 1, protocol: 'tcp', found: true, channelIds: [1] });
  return new Uint8Array(writer.take());
}

class Taker implements RequestSink {
  type: StructureField | null = null;
  answers = 0;
  constructor(readonly command: number, private readonly cache: () => wire.TypeCache) {}
  initialised(_status: wire.Status, [type]: readonly wire.Field[]): void { if (type?.kind === 'structure') this.type = type; }
  answered(_status: wire.Status | null, _subcommand: number, reader: wire.WireReader): void {
    this.answers += 1;
    if (this.command === wire.commands.RPC) wire.readAny(reader, this.cache());
    else if (this.type) wire.readDelta(reader, this.type, this.cache(), wire.defaultValue(this.type) as wire.PvaStructure);
  }
  tooLarge(): void { this.answers += 1; }
  dropped(): void { /* The end of every round. */ }
}

function run(bytes: Uint8Array, cut: () => number): { broken: boolean; answers: number } {
  const connection = new ClientConnection({ userName: 'u', hostName: 'h', certified: false, protocols: ['tcp'], connectionTimeout: 30_000, maxPayload: 2 ** 20 }, events, 0);
  const cache = (): wire.TypeCache => connection.typeCache;
  const request = wire.buildPvRequest({ fields: [], options: {} });
  connection.createChannel(1, 'PV');
  const takers = [wire.commands.GET, wire.commands.MONITOR, wire.commands.RPC].map((command) => {
    const taker = new Taker(command, cache);
    connection.begin(taker, 2, request);
    return taker;
  });
  const described = new Taker(wire.commands.GET_FIELD, cache);
  connection.getField(described, 2, '');
  let broken = false;
  try {
    for (let at = 0; at < bytes.length;) {
      const size = cut();
      connection.receive(bytes.slice(at, at + size), at);
      at += size;
    }
  } catch (error) {
    if (!(error instanceof RemoteProtocolError)) throw error;
    broken = true;
  }
  connection.close();
  return { broken, answers: takers.reduce((sum, taker) => sum + taker.answers, 0) };
}

describe.each([true, false])('a client connection, little-endian %s', (little) => {
  const good = conversation(little);
  it('understands the good conversation, however it is cut', () => {
    for (const size of [1, 2, 7, 64, 100_000]) expect(run(good, () => size)).toEqual({ broken: false, answers: 3 });
  });

  it('survives changed, cut, doubled and inserted bytes', () => {
    let broken = 0;
    for (let seed = 0; seed < 4000; seed += 1) {
      const next = random(seed * 2 + (little ? 1 : 0));
      let bytes = Uint8Array.from(good);
      for (let changes = 1 + Math.floor(next() * 4); changes > 0; changes -= 1) {
        const at = Math.floor(next() * bytes.length);
        const kind = next();
        if (kind < 0.6) bytes[at] = next() < 0.3 ? 0xff : Math.floor(next() * 256);
        else if (kind < 0.8) bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + Math.floor(next() * 9))]);
        else bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(Math.max(0, at - 20), at), ...bytes.subarray(at)]);
      }
      if (run(bytes, () => 1 + Math.floor(next() * 300)).broken) broken += 1;
    }
    expect(broken).toBeGreaterThan(500);
  });

  it('survives values that are noise behind good heads', () => {
    for (let seed = 0; seed < 4000; seed += 1) {
      const next = random(seed + 77_000);
      const noise = Uint8Array.from({ length: Math.floor(next() * 200) }, () => (next() < 0.2 ? [0x80, 0x82, 0x88, 0x8a, 0xfd, 0xfe, 0xff, 0x4b][Math.floor(next() * 8)] as number : Math.floor(next() * 256)));
      const writer = new wire.WireWriter('server');
      writer.littleEndian = little;
      writer.append(good.subarray(0, 8));
      for (const [command, id] of [[wire.commands.GET, 1], [wire.commands.MONITOR, 2], [wire.commands.RPC, 3], [wire.commands.GET_FIELD, 4]] as const) {
        writer.begin(command);
        writer.u32(id);
        if (command !== wire.commands.GET_FIELD) writer.u8(next() < 0.5 ? 8 : 0);
        writer.u8(0xff);
        writer.append(noise);
        writer.end();
      }
      run(new Uint8Array(writer.take()), () => 4096);
    }
  });
});
