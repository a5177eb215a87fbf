// Headers, segments, byte order and every message against bytes written by hand, in both byte orders, whole and byte by byte.
import { describe, expect, it } from 'vitest';
import { RemoteProtocolError } from '../../ca/protocol/errors';
import { BitSet } from './bitSet';
import * as channel from './channelMessages';
import { commands, controls } from './commands';
import * as connection from './connectionMessages';
import { TypeCache } from './fieldCodec';
import { scalar, structure } from './fields';
import { readDatagram } from './messageReader';
import * as operation from './operationMessages';
import { chunkings, feed, orders, wire } from './pvaBytes.testing';
import type { Order, Wire } from './pvaBytes.testing';
import { buildPvRequest, parsePvRequest, readPvRequest } from './pvRequest';
import * as search from './searchMessages';
import { ok } from './status';
import type { PvaStructure } from './values';
import type { WireReader } from './wireReader';
import { WireWriter } from './wireWriter';
import type { Role } from './wireWriter';

const noSuch = { type: 'ERROR', message: 'no', callTree: '' } as const;
const small = structure('', { value: scalar('int') });
const smallType = (w: Wire): number[] => [0x80, 0, 1, ...w.member('value', 0x22)];
const guid = '000102030405060708090a0b';
const guidBytes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const local = [...new Array<number>(10).fill(0), 255, 255, 127, 0, 0, 1];
const nowhere = new Array<number>(16).fill(0);
const error = (w: Wire): number[] => [2, ...w.text('no'), 0];
const ids = { serverId: 5, requestId: 6 };
const head = (w: Wire, sub: number): number[] => [...w.u32(5, 6), sub];
const held: PvaStructure = { value: 0 };

type Row = [name: string, from: Role, command: number, payload: (w: Wire) => number[], write: (writer: WireWriter) => void, read: (reader: WireReader) => unknown, expected: unknown];
const cache = (): TypeCache => new TypeCache();
const request = { ...ids, subcommand: 0 };
const response = { requestId: 6, subcommand: 0, status: ok };
const rows: Row[] = [
  ['search', 'client', 3, (w) => [...w.u32(9), 0x81, 0, 0, 0, ...nowhere, ...w.u16(5076), 1, ...w.text('tcp'), ...w.u16(2), ...w.u32(1), ...w.text('a'), ...w.u32(2), ...w.text('bb')],
    (writer) => search.writeSearch(writer, { sequence: 9, replyRequired: true, unicast: true, address: null, port: 5076, protocols: ['tcp'], channels: [{ id: 1, name: 'a' }, { id: 2, name: 'bb' }] }),
    search.readSearch, { sequence: 9, replyRequired: true, unicast: true, address: null, port: 5076, protocols: ['tcp'], channels: [{ id: 1, name: 'a' }, { id: 2, name: 'bb' }] }],
  ['search response', 'server', 4, (w) => [...guidBytes, ...w.u32(9), ...local, ...w.u16(5075), ...w.text('tcp'), 1, ...w.u16(2), ...w.u32(1, 2)],
    (writer) => search.writeSearchResponse(writer, { guid, sequence: 9, address: '127.0.0.1', port: 5075, protocol: 'tcp', found: true, channelIds: [1, 2] }),
    search.readSearchResponse, { guid, sequence: 9, address: '127.0.0.1', port: 5075, protocol: 'tcp', found: true, channelIds: [1, 2] }],
  ['beacon', 'server', 0, (w) => [...guidBytes, 0, 3, ...w.u16(4), ...nowhere, ...w.u16(5075), ...w.text('tcp'), 0xff],
    (writer) => search.writeBeacon(writer, { guid, sequence: 3, changes: 4, address: null, port: 5075, protocol: 'tcp', serverStatus: null }),
    (reader) => search.readBeacon(reader, cache()), { guid, sequence: 3, changes: 4, address: null, port: 5075, protocol: 'tcp', serverStatus: null }],
  ['origin tag', 'client', 22, () => local, (writer) => search.writeOriginTag(writer, '127.0.0.1'), search.readOriginTag, '127.0.0.1'],
  ['validation request', 'server', 1, (w) => [...w.u32(0x10000), ...w.u16(0x7fff), 2, ...w.text('anonymous'), ...w.text('ca')],
    (writer) => connection.writeValidationRequest(writer, ['anonymous', 'ca']), connection.readValidationRequest, { methods: ['anonymous', 'ca'] }],
  ['validation response, ca', 'client', 1,
    (w) => [...w.u32(0x10000), ...w.u16(0x7fff), ...w.u16(0), ...w.text('ca'), 0x80, 0, 2, ...w.member('user', 0x60), ...w.member('host', 0x60), ...w.text('me'), ...w.text('here')],
    (writer) => connection.writeValidationResponse(writer, { method: 'ca', data: { field: connection.caCredentials, value: { user: 'me', host: 'here' } } }),
    (reader) => (connection.readValidationResponse(reader, cache()).data?.value), { user: 'me', host: 'here' }],
  ['validation response, anonymous', 'client', 1, (w) => [...w.u32(0x10000), ...w.u16(0x7fff), ...w.u16(0), ...w.text('anonymous'), 0xff],
    (writer) => connection.writeValidationResponse(writer, { method: 'anonymous', data: null }), (reader) => connection.readValidationResponse(reader, cache()), { method: 'anonymous', data: null }],
  ['validated', 'server', 9, () => [0xff], (writer) => connection.writeValidated(writer, ok), connection.readValidated, ok],
  ['authNZ', 'server', 5, (w) => [0x22, ...w.u32(1)], (writer) => connection.writeAuthNz(writer, { field: scalar('int'), value: 1 }),
    (reader) => connection.readAuthNz(reader, cache()), { field: scalar('int'), value: 1 }],
  ['echo', 'client', 2, () => [1, 2, 3], (writer) => connection.writeEcho(writer, Uint8Array.of(1, 2, 3)), (reader) => [...reader.copy(reader.remaining)], [1, 2, 3]],
  ['message', 'server', 18, (w) => [...w.u32(6), 1, ...w.text('mind')], (writer) => connection.writeMessage(writer, { requestId: 6, type: 'warning', text: 'mind' }),
    connection.readMessage, { requestId: 6, type: 'warning', text: 'mind' }],
  ['create channel', 'client', 7, (w) => [...w.u16(1), ...w.u32(4), ...w.text('pv')], (writer) => channel.writeCreateChannel(writer, [{ id: 4, name: 'pv' }]), channel.readCreateChannel, [{ id: 4, name: 'pv' }]],
  ['create channel response', 'server', 7, (w) => [...w.u32(4, 5), 0xff], (writer) => channel.writeCreateChannelResponse(writer, { clientId: 4, serverId: 5, status: ok }),
    channel.readCreateChannelResponse, { clientId: 4, serverId: 5, status: ok }],
  ['create channel refused', 'server', 7, (w) => [...w.u32(4, 0), ...error(w)], (writer) => channel.writeCreateChannelResponse(writer, { clientId: 4, serverId: 0, status: noSuch }),
    channel.readCreateChannelResponse, { clientId: 4, serverId: 0, status: noSuch }],
  ['destroy channel', 'server', 8, (w) => w.u32(5, 4), (writer) => channel.writeDestroyChannel(writer, { serverId: 5, clientId: 4 }), channel.readDestroyChannel, { serverId: 5, clientId: 4 }],
  ['destroy request', 'client', 15, (w) => w.u32(5, 6), (writer) => channel.writeDestroyRequest(writer, ids), channel.readRequestIds, ids],
  ['cancel request', 'client', 21, (w) => w.u32(5, 6), (writer) => channel.writeCancelRequest(writer, ids), channel.readRequestIds, ids],
  ['get-field', 'client', 17, (w) => [...w.u32(5, 6), ...w.text('value')], (writer) => channel.writeGetField(writer, { ...ids, subField: 'value' }), channel.readGetField, { ...ids, subField: 'value' }],
  ['get-field response', 'server', 17, (w) => [...w.u32(6), 0xff, 0x22], (writer) => channel.writeGetFieldResponse(writer, { requestId: 6, status: ok, field: scalar('int') }),
    (reader) => channel.readGetFieldResponse(reader, cache()), { requestId: 6, status: ok, field: scalar('int') }],
  ['get-field refused', 'server', 17, (w) => [...w.u32(6), ...error(w)], (writer) => channel.writeGetFieldResponse(writer, { requestId: 6, status: noSuch, field: null }),
    (reader) => channel.readGetFieldResponse(reader, cache()), { requestId: 6, status: noSuch, field: null }],
  ['get init', 'client', 10, (w) => [...head(w, 8), 0x80, 0, 1, ...w.member('field', 0x80, 0, 0)], (writer) => operation.writeInit(writer, commands.GET, ids, buildPvRequest({ fields: [], options: {} })),
    (reader) => [operation.readOperationRequest(reader), readPvRequest(operation.readInit(reader, cache(), 8, commands.GET).pvRequest)], [{ ...ids, subcommand: 8 }, { fields: [], options: {} }]],
  ['get init response', 'server', 10, (w) => [...w.u32(6), 8, 0xff, ...smallType(w)], (writer) => operation.writeInitResponse(writer, commands.GET, { ...response, subcommand: 8 }, [small]),
    (reader) => [operation.readOperationResponse(reader), operation.readInitFields(reader, cache(), 1)], [{ ...response, subcommand: 8 }, [small]]],
  ['get', 'client', 10, (w) => head(w, 0x50), (writer) => operation.writeOperation(writer, commands.GET, { ...ids, subcommand: 0x50 }), operation.readOperationRequest, { ...ids, subcommand: 0x50 }],
  ['get response', 'server', 10, (w) => [...w.u32(6), 0x40, 0xff, 1, 1, ...w.u32(7)],
    (writer) => operation.writeDataResponse(writer, commands.GET, { ...response, subcommand: 0x40 }, small, { value: 7 }, BitSet.of(0)),
    (reader) => [operation.readOperationResponse(reader), operation.readPut(reader, small, cache()).value], [{ ...response, subcommand: 0x40 }, { value: 7 }]],
  ['put', 'client', 11, (w) => [...head(w, 0), 1, 2, ...w.u32(7)], (writer) => operation.writePut(writer, commands.PUT, request, small, { value: 7 }, BitSet.of(1)),
    (reader) => [operation.readOperationRequest(reader), operation.readPut(reader, small, cache(), held).value], [request, { value: 7 }]],
  ['put response', 'server', 11, (w) => [...w.u32(6), 0, ...error(w)], (writer) => operation.writeOperationResponse(writer, commands.PUT, { ...response, status: noSuch }),
    operation.readOperationResponse, { ...response, status: noSuch }],
  ['put-get init response', 'server', 12, (w) => [...w.u32(6), 8, 0xff, ...smallType(w), ...smallType(w)],
    (writer) => operation.writeInitResponse(writer, commands.PUT_GET, { ...response, subcommand: 8 }, [small, small]),
    (reader) => [operation.readOperationResponse(reader), operation.readInitFields(reader, cache(), operation.initFieldCount(commands.PUT_GET))], [{ ...response, subcommand: 8 }, [small, small]]],
  ['monitor init with a pipeline', 'client', 13, (w) => [...head(w, 0x88), 0xff, ...w.u32(4)], (writer) => operation.writeInit(writer, commands.MONITOR, ids, null, 4),
    (reader) => [operation.readOperationRequest(reader).subcommand, operation.readInit(reader, cache(), 0x88, commands.MONITOR)], [0x88, { pvRequest: null, window: 4 }]],
  ['monitor start', 'client', 13, (w) => head(w, 0x44), (writer) => operation.writeOperation(writer, commands.MONITOR, { ...ids, subcommand: 0x44 }), operation.readOperationRequest, { ...ids, subcommand: 0x44 }],
  ['monitor ack', 'client', 13, (w) => [...head(w, 0x80), ...w.u32(3)], (writer) => operation.writeMonitorAck(writer, ids, 3),
    (reader) => [operation.readOperationRequest(reader).subcommand, operation.readMonitorAck(reader)], [0x80, 3]],
  ['monitor update', 'server', 13, (w) => [...w.u32(6), 0, 1, 2, ...w.u32(7), 1, 2],
    (writer) => operation.writeMonitorUpdate(writer, 6, small, { changed: BitSet.of(1), overrun: BitSet.of(1), value: { value: 7 } }),
    (reader) => [operation.readMonitorHead(reader), operation.readMonitorUpdate(reader, small, cache(), held)],
    [{ requestId: 6, subcommand: 0, status: null }, { changed: BitSet.of(1), value: { value: 7 }, overrun: BitSet.of(1) }]],
  ['monitor finish with data', 'server', 13, (w) => [...w.u32(6), 0x10, 0xff, 1, 2, ...w.u32(7), 0],
    (writer) => operation.writeMonitorUpdate(writer, 6, small, { changed: BitSet.of(1), overrun: BitSet.of(), value: { value: 7 } }, ok),
    (reader) => [operation.readMonitorHead(reader), operation.readMonitorUpdate(reader, small, cache(), held).value], [{ requestId: 6, subcommand: 0x10, status: ok }, { value: 7 }]],
  ['monitor finish', 'server', 13, (w) => [...w.u32(6), 0x10, ...error(w)], (writer) => operation.writeMonitorFinish(writer, 6, noSuch), operation.readMonitorHead, { requestId: 6, subcommand: 0x10, status: noSuch }],
  ['rpc', 'client', 20, (w) => [...head(w, 0), ...smallType(w), ...w.u32(7)], (writer) => operation.writeRpc(writer, request, { field: small, value: { value: 7 } }),
    (reader) => [operation.readOperationRequest(reader), operation.readInit(reader, cache(), 0, commands.RPC).pvRequest], [request, { field: small, value: { value: 7 } }]],
  ['rpc response', 'server', 20, (w) => [...w.u32(6), 0, 0xff, 0x22, ...w.u32(8)], (writer) => operation.writeRpcResponse(writer, response, { field: scalar('int'), value: 8 }),
    (reader) => [operation.readOperationResponse(reader), operation.readInit(reader, cache(), 0, commands.RPC).pvRequest], [response, { field: scalar('int'), value: 8 }]],
  ['array get', 'client', 14, (w) => [...head(w, 0x40), 2, 3, 1], (writer) => operation.writeArrayGet(writer, { ...ids, subcommand: 0x40 }, { offset: 2, count: 3, stride: 1 }),
    (reader) => [operation.readOperationRequest(reader).subcommand, operation.readArrayGet(reader)], [0x40, { offset: 2, count: 3, stride: 1 }]],
];

describe.each(orders)('messages, %s-endian', (order) => {
  const w = wire(order);
  const written = (from: Role, write: (writer: WireWriter) => void): number[] => {
    const writer = new WireWriter(from);
    writer.littleEndian = order === 'little';
    write(writer);
    return [...writer.take()];
  };
  it.each(rows)('%s: written', (_name, from, command, payload, write) => {
    expect(written(from, write)).toEqual(w.message(from, command, payload(w)));
  });
  describe.each(chunkings)('read %s', (_chunking, cut) => {
    it.each(rows)('%s', (_name, from, command, payload, _write, read, expected) => {
      const got: unknown[] = [];
      feed(from, cut([...w.control(from, controls.MARK_TOTAL_BYTES, 1), ...w.message(from, command, payload(w)), ...w.message(from, 2, [])]), (is, reader) => {
        if (is === 2 && got.length > 0) return;
        expect(is).toBe(command);
        got.push(read(reader));
        expect(reader.remaining).toBe(0);
      });
      expect(got).toEqual([expected]);
    });

    it('PVA 2: segments are joined; only control messages may come between them', () => {
      const controlled: [number, number][] = [];
      const got: [number, number[]][] = [];
      const bytes = [
        ...w.message('server', 13, [1, 2], 0x10), ...w.control('server', controls.MARK_TOTAL_BYTES, 77), ...w.message('server', 13, [3], 0x30),
        ...w.message('server', 13, [], 0x30), ...w.control('server', controls.ECHO_REQUEST, 5), ...w.message('server', 13, [4, 5], 0x20), ...w.message('server', 2, [9]),
      ];
      feed('server', cut(bytes), (command, reader) => got.push([command, [...reader.copy(reader.remaining)]]), { onControl: (control, data) => controlled.push([control, data]) });
      expect(got).toEqual([[13, [1, 2, 3, 4, 5]], [2, [9]]]);
      expect(controlled).toEqual([[0, 77], [3, 5]]);
      const wrong = [
        [...w.message('server', 13, [1], 0x10), ...w.message('server', 2, [])], [...w.message('server', 13, [1], 0x10), ...w.message('server', 10, [], 0x20)],
        w.message('server', 13, [1], 0x20), w.message('server', 13, [1], 0x30), [...w.message('server', 13, [1], 0x10), ...w.message('server', 13, [1], 0x10)],
      ];
      for (const message of wrong) expect(() => feed('server', cut(message), () => undefined)).toThrow(RemoteProtocolError);
    });

    it('PVA 1: after SET_BYTE_ORDER the flags in the headers do not count; control messages carry their data in the size field', () => {
      const other = wire(order === 'big' ? 'little' : 'big');
      const controlled: [number, number, boolean][] = [];
      const flip = (message: number[]): number[] => message.map((byte, i) => (i === 2 ? byte ^ 0x80 : byte));
      const got: number[] = [];
      const read = (bytes: number[]): void => feed('server', cut(bytes), (_command, reader) => got.push(reader.u32()), { onControl: (...all) => controlled.push(all) });
      read([...w.control('server', controls.SET_BYTE_ORDER, 0), ...flip(w.message('server', 10, w.u32(7))), ...w.message('server', 10, w.u32(8))]);
      // 0xFFFFFFFF: every message says its own.
      read([...w.control('server', controls.SET_BYTE_ORDER, 0xffffffff), ...other.message('server', 10, other.u32(9)), ...w.message('server', 10, w.u32(10))]);
      // Without it too.
      read([...other.message('server', 10, other.u32(11)), ...w.message('server', 10, w.u32(12))]);
      expect(got).toEqual([7, 8, 9, 10, 11, 12]);
      expect(controlled).toEqual([[2, 0, order === 'big'], [2, 0xffffffff, order === 'big']]);
    });

    it('skips what is larger than allowed, says whose it is, and goes on', () => {
      const got: [number, boolean, number][] = [];
      const large = [...w.u32(42), ...new Array<number>(5000).fill(1)];
      feed('server', cut([...w.message('server', 10, large), ...w.message('server', 10, w.u32(43))]), (command, reader, oversize) => got.push([command, oversize, reader.u32()]), { maxPayload: 100 });
      expect(got).toEqual([[10, true, 42], [10, false, 43]]);
      const segments = [...w.message('server', 10, large.slice(0, 80), 0x10), ...w.message('server', 10, large.slice(0, 80), 0x20)];
      expect(() => feed('server', cut(segments), () => undefined, { maxPayload: 100 })).toThrow(/larger than/);
    });

    it('gathers a large message in one buffer of its own', () => {
      const got: number[] = [];
      const large = Array.from({ length: 70_000 }, (_, i) => i & 255);
      feed('server', cut([...w.message('server', 10, large), ...w.message('server', 2, [])]), (command, reader) => { if (command === 10) got.push(...reader.copy(reader.remaining)); });
      expect(got).toEqual(large);
    });

    it('refuses what is not pvAccess and what goes the wrong way', () => {
      expect(() => feed('server', cut([...'HTTP/1.1 400 Bad Request'].map((c) => c.charCodeAt(0))), () => undefined)).toThrow(RemoteProtocolError);
      expect(() => feed('server', cut(w.message('client', 10, [])), () => undefined)).toThrow(/direction/);
    });
  });

  it('PVA 8: a search reply with address zero names no address, over TCP no port either; its count is a u16', () => {
    const many = Array.from({ length: 300 }, (_, i) => i);
    const bytes = w.message('server', 4, [...guidBytes, ...w.u32(1), ...nowhere, ...w.u16(0), ...w.text('tcp'), 1, ...w.u16(300), ...w.u32(...many)]);
    const got: search.SearchResponse[] = [];
    readDatagram(Uint8Array.from(bytes), (_command, reader) => got.push(search.readSearchResponse(reader)));
    expect(got).toEqual([{ guid, sequence: 1, address: null, port: 0, protocol: 'tcp', found: true, channelIds: many }]);
  });

  it('a datagram costs at most its own bytes', () => {
    const good = w.message('client', 2, [1]);
    const seen = (bytes: number[]): number => {
      let count = 0;
      readDatagram(Uint8Array.from(bytes), (_command, reader) => { reader.u8(); count += 1; });
      return count;
    };
    expect(seen([...good, ...good])).toBe(2);
    expect(seen([...good, ...good.slice(0, -1)])).toBe(1);
    expect(seen([...good, ...w.message('client', 2, []), ...good])).toBe(1);
    expect(seen([1, 2, 3])).toBe(0);
    expect(seen([...w.control('server', 2, 0xffffff), ...good])).toBe(1);
  });
});

describe('pvRequest', () => {
  it.each<[string, readonly string[], Record<string, string>]>([
    ['', [], {}], ['value', ['value'], {}], ['field()', [], {}], ['value, alarm', ['value', 'alarm'], {}],
    ['field(value,alarm)record[pipeline=true]', ['value', 'alarm'], { pipeline: 'true' }],
    ['record[pipeline=true,queueSize=4]field(display.units)', ['display.units'], { pipeline: 'true', queueSize: '4' }],
  ])('%s', (text, fields, options) => {
    expect(parsePvRequest(text)).toEqual({ fields, options });
    expect(readPvRequest(buildPvRequest({ fields, options }))).toEqual({ fields, options });
  });
  it('refuses what it does not understand', () => {
    for (const text of ['field(value', 'record[pipeline]', 'putField(value)']) expect(() => parsePvRequest(text), text).toThrow(/write/);
  });
});

it('takes back a message that cannot be said', () => {
  const writer = new WireWriter('client');
  connection.writeEcho(writer, Uint8Array.of(1));
  expect(() => operation.writePut(writer, commands.PUT, request, small, { value: 'text' }, BitSet.of(1))).toThrow(/cannot hold string/);
  writer.abandon();
  connection.writeEcho(writer);
  const order: Order = 'big';
  expect([...writer.take()]).toEqual([...wire(order).message('client', 2, [1]), ...wire(order).message('client', 2, [])]);
});
