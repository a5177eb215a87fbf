// Every message of pvAccess with its payload, written by hand in either byte order, and how it is written and read.
import { BitSet } from './bitSet';
import * as channel from './channelMessages';
import { commands } from './commands';
import * as connection from './connectionMessages';
import { TypeCache } from './fieldCodec';
import { array, scalar, structure } from './fields';
import * as operation from './operationMessages';
import type { Wire } from './pvaBytes.testing';
import { buildPvRequest, readPvRequest } from './pvRequest';
import * as search from './searchMessages';
import { ok } from './status';
import { readValue } from './valueDecode';
import type { PvaStructure } from './values';
import type { WireReader } from './wireReader';
import type { Role, WireWriter } from './wireWriter';

const noSuch = { type: 'ERROR', message: 'no', callTree: '' } as const;
const doubles = array('double');
export const small = structure('', { value: scalar('int') });
const smallType = (w: Wire): number[] => [0x80, 0, 1, ...w.member('value', 0x22)];
export const guid = '000102030405060708090a0b';
export const guidBytes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const local = [...new Array<number>(10).fill(0), 255, 255, 127, 0, 0, 1];
export const nowhere = new Array<number>(16).fill(0);
const error = (w: Wire): number[] => [2, ...w.text('no'), 0];
const ids = { serverId: 5, requestId: 6 };
const head = (w: Wire, sub: number): number[] => [...w.u32(5, 6), sub];
const held: PvaStructure = { value: 0 };

export type MessageRow = [name: string, from: Role, command: number, payload: (w: Wire) => number[], write: (writer: WireWriter) => void, read: (reader: WireReader) => unknown, expected: unknown];
const cache = (): TypeCache => new TypeCache();
export const request = { ...ids, subcommand: 0 };
const response = { requestId: 6, subcommand: 0, status: ok };
export const messageRows: readonly MessageRow[] = [
  ['search', 'client', 3, (w) => [...w.u32(9), 0x81, 0, 0, 0, ...nowhere, ...w.u16(5076), 1, ...w.text('tcp'), ...w.u16(2), ...w.u32(1), ...w.text('a'), ...w.u32(2), ...w.text('bb')],
    (writer) => search.writeSearch(writer, { sequence: 9, replyRequired: true, unicast: true, address: null, port: 5076, protocols: ['tcp'], channels: [{ id: 1, name: 'a' }, { id: 2, name: 'bb' }] }),
    search.readSearch, { sequence: 9, replyRequired: true, unicast: true, address: null, port: 5076, protocols: ['tcp'], channels: [{ id: 1, name: 'a' }, { id: 2, name: 'bb' }] }],
  ['search by TLS or TCP', 'client', 3, (w) => [...w.u32(9), 0, 0, 0, 0, ...nowhere, ...w.u16(5076), 2, ...w.text('tls'), ...w.text('tcp'), ...w.u16(1), ...w.u32(1), ...w.text('a')],
    (writer) => search.writeSearch(writer, { sequence: 9, replyRequired: false, unicast: false, address: null, port: 5076, protocols: ['tls', 'tcp'], channels: [{ id: 1, name: 'a' }] }),
    search.readSearch, { sequence: 9, replyRequired: false, unicast: false, address: null, port: 5076, protocols: ['tls', 'tcp'], channels: [{ id: 1, name: 'a' }] }],
  ['search response, TLS', 'server', 4, (w) => [...guidBytes, ...w.u32(9), ...nowhere, ...w.u16(5443), ...w.text('tls'), 1, ...w.u16(1), ...w.u32(1)],
    (writer) => search.writeSearchResponse(writer, { guid, sequence: 9, address: null, port: 5443, protocol: 'tls', found: true, channelIds: [1] }),
    search.readSearchResponse, { guid, sequence: 9, address: null, port: 5443, protocol: 'tls', found: true, channelIds: [1] }],
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
  ['validation request, x509', 'server', 1, (w) => [...w.u32(0x10000), ...w.u16(0x7fff), 3, ...w.text('anonymous'), ...w.text('ca'), ...w.text('x509')],
    (writer) => connection.writeValidationRequest(writer, ['anonymous', 'ca', 'x509']), connection.readValidationRequest, { methods: ['anonymous', 'ca', 'x509'] }],
  ['validation response, x509', 'client', 1, (w) => [...w.u32(0x10000), ...w.u16(0x7fff), ...w.u16(0), ...w.text('x509'), 0xff],
    (writer) => connection.writeValidationResponse(writer, { method: 'x509', data: null }), (reader) => connection.readValidationResponse(reader, cache()), { method: 'x509', data: null }],
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
  ['search response, not found', 'server', 4, (w) => [...guidBytes, ...w.u32(9), ...nowhere, ...w.u16(5075), ...w.text('tcp'), 0, ...w.u16(1), ...w.u32(7)],
    (writer) => search.writeSearchResponse(writer, { guid, sequence: 9, address: null, port: 5075, protocol: 'tcp', found: false, channelIds: [7] }),
    search.readSearchResponse, { guid, sequence: 9, address: null, port: 5075, protocol: 'tcp', found: false, channelIds: [7] }],
  ['search by broadcast for an address', 'client', 3, (w) => [...w.u32(1), 0, 0, 0, 0, ...local, ...w.u16(40_000), 0, ...w.u16(1), ...w.u32(9), ...w.text('pv')],
    (writer) => search.writeSearch(writer, { sequence: 1, replyRequired: false, unicast: false, address: '127.0.0.1', port: 40_000, protocols: [], channels: [{ id: 9, name: 'pv' }] }),
    search.readSearch, { sequence: 1, replyRequired: false, unicast: false, address: '127.0.0.1', port: 40_000, protocols: [], channels: [{ id: 9, name: 'pv' }] }],
  ['validated with a warning', 'server', 9, (w) => [1, ...w.text('mind'), 0], (writer) => connection.writeValidated(writer, { type: 'WARNING', message: 'mind', callTree: '' }),
    connection.readValidated, { type: 'WARNING', message: 'mind', callTree: '' }],
  ['validated, refused', 'server', 9, (w) => [3, ...w.text('no'), ...w.text('here')], (writer) => connection.writeValidated(writer, { type: 'FATAL', message: 'no', callTree: 'here' }),
    connection.readValidated, { type: 'FATAL', message: 'no', callTree: 'here' }],
  ['echo of the server', 'server', 2, () => [], (writer) => connection.writeEcho(writer), (reader) => reader.remaining, 0],
  ['create channels', 'client', 7, (w) => [...w.u16(2), ...w.u32(4), ...w.text('pv'), ...w.u32(5), ...w.text('µ')],
    (writer) => channel.writeCreateChannel(writer, [{ id: 4, name: 'pv' }, { id: 5, name: 'µ' }]), channel.readCreateChannel, [{ id: 4, name: 'pv' }, { id: 5, name: 'µ' }]],
  ['destroy channel, by the client', 'client', 8, (w) => w.u32(5, 4), (writer) => channel.writeDestroyChannel(writer, { serverId: 5, clientId: 4 }), channel.readDestroyChannel, { serverId: 5, clientId: 4 }],
  ['put init', 'client', 11, (w) => [...head(w, 8), 0xff], (writer) => operation.writeInit(writer, commands.PUT, ids, null),
    (reader) => [operation.readOperationRequest(reader), operation.readInit(reader, cache(), 8, commands.PUT)], [{ ...ids, subcommand: 8 }, { pvRequest: null, window: null }]],
  ['put init response', 'server', 11, (w) => [...w.u32(6), 8, 0xff, ...smallType(w)], (writer) => operation.writeInitResponse(writer, commands.PUT, { ...response, subcommand: 8 }, [small]),
    (reader) => [operation.readOperationResponse(reader), operation.readInitFields(reader, cache(), 1)], [{ ...response, subcommand: 8 }, [small]]],
  ['put init refused', 'server', 11, (w) => [...w.u32(6), 8, ...error(w)], (writer) => operation.writeInitResponse(writer, commands.PUT, { ...response, subcommand: 8, status: noSuch }, []),
    operation.readOperationResponse, { ...response, subcommand: 8, status: noSuch }],
  ['put, what is there', 'client', 11, (w) => head(w, 0x40), (writer) => operation.writeOperation(writer, commands.PUT, { ...ids, subcommand: 0x40 }), operation.readOperationRequest, { ...ids, subcommand: 0x40 }],
  ['put, what is there, response', 'server', 11, (w) => [...w.u32(6), 0x40, 0xff, 1, 2, ...w.u32(7)],
    (writer) => operation.writeDataResponse(writer, commands.PUT, { ...response, subcommand: 0x40 }, small, { value: 7 }, BitSet.of(1)),
    (reader) => [operation.readOperationResponse(reader).subcommand, operation.readPut(reader, small, cache()).value], [0x40, { value: 7 }]],
  ['put done', 'server', 11, (w) => [...w.u32(6), 0, 0xff], (writer) => operation.writeOperationResponse(writer, commands.PUT, response), operation.readOperationResponse, response],
  ['put-get', 'client', 12, (w) => [...head(w, 0), 1, 2, ...w.u32(7)], (writer) => operation.writePut(writer, commands.PUT_GET, request, small, { value: 7 }, BitSet.of(1)),
    (reader) => [operation.readOperationRequest(reader), operation.readPut(reader, small, cache(), held).value], [request, { value: 7 }]],
  ['put-get response', 'server', 12, (w) => [...w.u32(6), 0, 0xff, 1, 1, ...w.u32(8)], (writer) => operation.writeDataResponse(writer, commands.PUT_GET, response, small, { value: 8 }, BitSet.of(0)),
    (reader) => [operation.readOperationResponse(reader), operation.readPut(reader, small, cache()).value], [response, { value: 8 }]],
  ['put-get, what would be put', 'client', 12, (w) => head(w, 0x80), (writer) => operation.writeOperation(writer, commands.PUT_GET, { ...ids, subcommand: 0x80 }), operation.readOperationRequest, { ...ids, subcommand: 0x80 }],
  ['monitor init', 'client', 13, (w) => [...head(w, 8), 0xff], (writer) => operation.writeInit(writer, commands.MONITOR, ids, null),
    (reader) => [operation.readOperationRequest(reader).subcommand, operation.readInit(reader, cache(), 8, commands.MONITOR)], [8, { pvRequest: null, window: null }]],
  ['monitor init response', 'server', 13, (w) => [...w.u32(6), 8, 0xff, ...smallType(w)], (writer) => operation.writeInitResponse(writer, commands.MONITOR, { ...response, subcommand: 8 }, [small]),
    (reader) => [operation.readMonitorHead(reader), operation.readInitFields(reader, cache(), 1)], [{ requestId: 6, subcommand: 8, status: ok }, [small]]],
  ['monitor init refused', 'server', 13, (w) => [...w.u32(6), 8, ...error(w)], (writer) => operation.writeInitResponse(writer, commands.MONITOR, { ...response, subcommand: 8, status: noSuch }, []),
    operation.readMonitorHead, { requestId: 6, subcommand: 8, status: noSuch }],
  ['monitor stop', 'client', 13, (w) => head(w, 0x04), (writer) => operation.writeOperation(writer, commands.MONITOR, { ...ids, subcommand: 0x04 }), operation.readOperationRequest, { ...ids, subcommand: 0x04 }],
  ['monitor update of nothing', 'server', 13, (w) => [...w.u32(6), 0, 0, 0],
    (writer) => operation.writeMonitorUpdate(writer, 6, small, { changed: BitSet.of(), overrun: BitSet.of(), value: { value: 7 } }),
    (reader) => [operation.readMonitorHead(reader), operation.readMonitorUpdate(reader, small, cache(), held).value], [{ requestId: 6, subcommand: 0, status: null }, held]],
  ['process init', 'client', 16, (w) => [...head(w, 8), 0xff], (writer) => operation.writeInit(writer, commands.PROCESS, ids, null),
    (reader) => [operation.readOperationRequest(reader), operation.readInit(reader, cache(), 8, commands.PROCESS)], [{ ...ids, subcommand: 8 }, { pvRequest: null, window: null }]],
  ['process', 'client', 16, (w) => head(w, 0x10), (writer) => operation.writeOperation(writer, commands.PROCESS, { ...ids, subcommand: 0x10 }), operation.readOperationRequest, { ...ids, subcommand: 0x10 }],
  ['process response', 'server', 16, (w) => [...w.u32(6), 0, 0xff], (writer) => operation.writeOperationResponse(writer, commands.PROCESS, response), operation.readOperationResponse, response],
  ['rpc init', 'client', 20, (w) => [...head(w, 8), 0xff], (writer) => operation.writeInit(writer, commands.RPC, ids, null),
    (reader) => [operation.readOperationRequest(reader), operation.readInit(reader, cache(), 8, commands.RPC)], [{ ...ids, subcommand: 8 }, { pvRequest: null, window: null }]],
  ['rpc init response', 'server', 20, (w) => [...w.u32(6), 8, 0xff], (writer) => operation.writeInitResponse(writer, commands.RPC, { ...response, subcommand: 8 }, []),
    operation.readOperationResponse, { ...response, subcommand: 8 }],
  ['rpc of nothing', 'client', 20, (w) => [...head(w, 0), 0xff], (writer) => operation.writeRpc(writer, request, null),
    (reader) => [operation.readOperationRequest(reader), operation.readInit(reader, cache(), 0, commands.RPC).pvRequest], [request, null]],
  ['rpc refused', 'server', 20, (w) => [...w.u32(6), 0, ...error(w)], (writer) => operation.writeRpcResponse(writer, { ...response, status: noSuch }, null), operation.readOperationResponse, { ...response, status: noSuch }],
  ['array init response', 'server', 14, (w) => [...w.u32(6), 8, 0xff, 0x4b], (writer) => operation.writeInitResponse(writer, commands.ARRAY, { ...response, subcommand: 8 }, [doubles]),
    (reader) => [operation.readOperationResponse(reader), operation.readInitFields(reader, cache(), 1)], [{ ...response, subcommand: 8 }, [doubles]]],
  ['array get response', 'server', 14, (w) => [...w.u32(6), 0x40, 0xff, 2, ...w.f64(1.5, -2)],
    (writer) => operation.writeArrayResponse(writer, { ...response, subcommand: 0x40 }, doubles, Float64Array.of(1.5, -2)),
    (reader) => [operation.readOperationResponse(reader).subcommand, readValue(reader, doubles, cache())], [0x40, Float64Array.of(1.5, -2)]],
  ['array put', 'client', 14, (w) => [...head(w, 0), 2, 1, 2, ...w.f64(1.5, -2)], (writer) => operation.writeArrayPut(writer, request, { offset: 2, stride: 1 }, doubles, [1.5, -2]),
    (reader) => [operation.readOperationRequest(reader), operation.readArrayPut(reader, doubles, cache())], [request, { offset: 2, stride: 1, values: Float64Array.of(1.5, -2) }]],
  ['array get of much', 'client', 14, (w) => [...head(w, 0x40), 254, ...w.u32(70_000), 254, ...w.u32(300), 2], (writer) => operation.writeArrayGet(writer, { ...ids, subcommand: 0x40 }, { offset: 70_000, count: 300, stride: 2 }),
    (reader) => [operation.readOperationRequest(reader).subcommand, operation.readArrayGet(reader)], [0x40, { offset: 70_000, count: 300, stride: 2 }]],
  ['array set length', 'client', 14, (w) => [...head(w, 0x80), 254, ...w.u32(1000)], (writer) => operation.writeArrayLength(writer, { ...ids, subcommand: 0x80 }, 1000),
    (reader) => [operation.readOperationRequest(reader).subcommand, operation.readArrayLength(reader)], [0x80, 1000]],
  ['array length response', 'server', 14, (w) => [...w.u32(6), 4, 0xff, 254, ...w.u32(1000)], (writer) => operation.writeArrayLengthResponse(writer, { ...response, subcommand: 4 }, 1000),
    (reader) => [operation.readOperationResponse(reader).subcommand, operation.readArrayLength(reader)], [4, 1000]],
];
