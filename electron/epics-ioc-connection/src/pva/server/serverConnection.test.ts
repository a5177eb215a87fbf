// The server's connection through byte arrays: in both byte orders, whole, byte by byte and segmented.
import { describe, expect, it } from 'vitest';
import {
  commands, ok, readDelta, readGetFieldResponse, readOperationResponse, readSearchResponse, readStatus, scalar, structure, TypeCache,
  writeCreateChannel, writeDestroyChannel, writeEcho, writeGetField, writeSearch, writeValidationResponse,
} from '../protocol';
import { chunkings, orders, wire } from '../protocol/pvaBytes.testing';
import { fromServer, guid, messages, TestConnection } from './connection.testing';
import { normativeType } from './normative/scalarTypes';

const double = { type: 'DOUBLE', initial: 1.5, description: 'a number' } as const;
const textOf = (bytes: Uint8Array): string => readOperationResponse(messages(bytes)[0]!.payload).status.message;

describe('a connection', () => {
  it('begins with the byte order and the ways to say who one is, the preferred one last', () => {
    const w = fromServer;
    expect([...new TestConnection().greeting]).toEqual([
      ...w.control('server', 2, 0),
      ...w.message('server', 1, [...w.u32(0x10000), ...w.u16(0x7fff), 2, ...w.text('anonymous'), ...w.text('ca')]),
    ]);
  });

  describe.each(orders)('%s endian', (order) => {
    const w = wire(order);
    it.each(chunkings)('takes validation, channel and get, %s', (_name, cut) => {
      const test = new TestConnection(order, cut);
      test.addStructure('P', { type: structure('point', { x: scalar('int'), y: scalar('double') }), initial: { x: 7, y: -1.5 } });
      const validation = w.message('client', 1, [...w.u32(0), ...w.u16(0, 0), ...w.text('ca'), 0xfd, ...w.u16(1), 0x80, 0, 2, ...w.member('user', 0x60), ...w.member('host', 0x60), ...w.text('ada'), ...w.text('desk')]);
      expect([...test.bytes(...validation)]).toEqual(fromServer.message('server', 9, [0xff]));
      expect([test.connection.user, test.connection.host]).toEqual(['ada', 'desk']);
      const create = w.message('client', 7, [...w.u16(1), ...w.u32(77), ...w.text('P')]);
      expect([...test.bytes(...create)]).toEqual(fromServer.message('server', 7, [...fromServer.u32(77, 1), 0xff]));
      const init = test.request(10, 1, 9, 8, 0x80, 0, 0);
      expect([...test.bytes(...init)]).toEqual(fromServer.message('server', 10, [
        ...fromServer.u32(9), 8, 0xff, 0x80, ...fromServer.text('point'), 2, ...fromServer.member('x', 0x22), ...fromServer.member('y', 0x43),
      ]));
      expect([...test.bytes(...test.request(10, 1, 9, 0))]).toEqual(fromServer.message('server', 10, [
        ...fromServer.u32(9), 0, 0xff, 1, 1, ...fromServer.u32(7), ...fromServer.f64(-1.5),
      ]));
    });

    it('puts segments together, with a control message in between', () => {
      const test = new TestConnection(order);
      const payload = [...w.u32(0), ...w.u16(0, 0), ...w.text('anonymous'), 0xff];
      const sent = [
        ...w.message('client', 1, payload.slice(0, 5), 0x10), ...w.control('client', 3, 42), ...w.message('client', 1, payload.slice(5, 9), 0x30), ...w.message('client', 1, payload.slice(9), 0x20),
      ];
      expect([...test.bytes(...sent)]).toEqual([...fromServer.control('server', 4, 42), ...fromServer.message('server', 9, [0xff])]);
    });
  });

  it('takes a client without a name, and none that wants to say it in a way that was not offered', () => {
    const test = new TestConnection();
    test.write((writer) => writeValidationResponse(writer, { method: 'anonymous', data: null }));
    expect([test.connection.user, test.connection.host, test.hungUp]).toEqual(['anonymous', '127.0.0.1', false]);
    const other = new TestConnection();
    const [answer] = messages(other.write((writer) => writeValidationResponse(writer, { method: 'gssapi', data: null })));
    expect(readStatus(answer!.payload)).toMatchObject({ type: 'ERROR', message: 'The server takes anonymous or ca and not "gssapi".' });
    expect(other.hungUp).toBe(true);
  });

  it('by TLS offers x509 to whom a certificate has proved, and then knows that name and no other', () => {
    const client = { name: 'Fred F.', authority: 'EPICS root' };
    const test = new TestConnection('little', undefined, { client });
    const w = fromServer;
    expect([...test.greeting].slice(8)).toEqual(w.message('server', 1, [...w.u32(0x10000), ...w.u16(0x7fff), 3, ...w.text('anonymous'), ...w.text('ca'), ...w.text('x509')]));
    test.write((writer) => writeValidationResponse(writer, { method: 'x509', data: null }));
    expect([test.connection.user, test.connection.host, test.connection.identity]).toEqual(['Fred F.', '127.0.0.1', { method: 'x509', authority: 'EPICS root', secured: true }]);
    // It may still say another name, which is its own word and told as such.
    test.validate('operator');
    expect([test.connection.user, test.connection.identity]).toEqual(['operator', { method: 'ca', authority: null, secured: true }]);
  });

  it.each([['by plain TCP', null], ['by TLS without a certificate', { client: null }], ['by TLS with one that names nobody', { client: { name: null, authority: 'EPICS root' } }]])('refuses x509 %s', (_name, tls) => {
    const test = new TestConnection('little', undefined, tls);
    const [answer] = messages(test.write((writer) => writeValidationResponse(writer, { method: 'x509', data: null })));
    expect(readStatus(answer!.payload)).toMatchObject({ type: 'ERROR', message: 'The server takes anonymous or ca and not "x509".' });
    expect([test.hungUp, test.connection.user, test.connection.identity]).toEqual([true, 'anonymous', { method: 'anonymous', authority: null, secured: tls !== null }]);
  });

  it('asks who may write what with the name and how it was proved', () => {
    const asked: unknown[] = [];
    const test = new TestConnection('little', undefined, { client: { name: 'Fred F.', authority: 'EPICS root' } });
    test.add('A', { ...double, access: (user, host, identity) => { asked.push([user, host, identity]); return { read: true, write: identity.method === 'x509' }; } });
    test.write((writer) => writeValidationResponse(writer, { method: 'x509', data: null }));
    test.channel('A');
    expect(asked).toEqual([['Fred F.', '127.0.0.1', { method: 'x509', authority: 'EPICS root', secured: true }]]);
  });

  it('answers echoes with the same bytes, before the validation too', () => {
    const [answer] = messages(new TestConnection().write((writer) => writeEcho(writer, Uint8Array.of(1, 2, 3))));
    expect([answer!.command, ...answer!.payload.bytes]).toEqual([commands.ECHO, 1, 2, 3]);
  });

  it('answers searches with the zero address, which is this connection', () => {
    const test = new TestConnection().validate();
    test.add('A', double);
    const search = (names: readonly string[], replyRequired = false): Uint8Array => test.write((writer) => writeSearch(writer, {
      sequence: 5, replyRequired, unicast: true, address: null, port: 1, protocols: ['tcp'], channels: names.map((name, id) => ({ id, name })),
    }));
    expect(readSearchResponse(messages(search(['B', 'A']))[0]!.payload)).toEqual({ guid, sequence: 5, address: null, port: 5075, protocol: 'tcp', found: true, channelIds: [1] });
    expect(search(['B'])).toHaveLength(0);
    expect(readSearchResponse(messages(search(['B'], true))[0]!.payload)).toMatchObject({ found: false, channelIds: [] });
  });

  it('ignores messages that it does not know', () => {
    const test = new TestConnection().validate();
    expect(test.bytes(...wire('little').message('client', 99, [1, 2, 3]))).toHaveLength(0);
    expect(test.hungUp).toBe(false);
  });

  const w = wire('little');
  it.each([
    ['a channel before the validation', new TestConnection(), w.message('client', 7, [...w.u16(1), ...w.u32(1), ...w.text('A')])],
    ['no pvAccess', new TestConnection(), [...Buffer.from('GET / HTTP/1.1\r\n')]],
    ['a server\'s message', new TestConnection(), w.message('server', 2, [])],
    ['a message that ends before its value', new TestConnection().validate(), w.message('client', 7, [...w.u16(9), ...w.u32(1), ...w.text('A')])],
    ['a segment without the first', new TestConnection().validate(), w.message('client', 2, [1], 0x20)],
    ['a type that does not exist', new TestConnection().validate(), w.message('client', 10, [...w.u32(1, 1), 8, 0x55])],
    ['an echo beyond all bounds', new TestConnection().validate(), [...w.message('client', 2, []).slice(0, 4), ...w.u32(0x7fffffff), ...new Array<number>(64).fill(0)]],
  ])('hangs up after %s, and reads no further', (_name, test, sent) => {
    test.add('A', double);
    test.bytes(...sent, ...w.message('client', 2, [7]));
    expect(test.hungUp).toBe(true);
    expect(messages(test.output()).filter(({ command }) => command === commands.ECHO)).toEqual([]);
  });

  it('refuses a put that is too large and goes on', () => {
    const test = new TestConnection().validate();
    test.add('A', { ...double, onWrite: () => undefined });
    test.init(commands.PUT, test.channel('A'), 5);
    const size = 65 * 2 ** 20;
    const head = [...w.message('client', commands.PUT, []).slice(0, 4), ...w.u32(size), ...w.u32(1, 5), 0];
    test.bytes(...head);
    const rest = new Uint8Array(size - 9);
    test.connection.receive(rest);
    expect(textOf(test.output())).toBe('More than 67108864 bytes in one request are not taken.');
    expect([...test.bytes(...w.message('client', 2, [7]))]).toEqual(fromServer.message('server', 2, [7]));
  });
});

describe('a channel', () => {
  it('is refused with a reason for a PV that is not there', () => {
    const test = new TestConnection().validate();
    const [answer] = messages(test.write((writer) => writeCreateChannel(writer, [{ id: 3, name: 'NOPE' }])));
    expect([answer!.payload.u32(), answer!.payload.u32(), readStatus(answer!.payload).message]).toEqual([3, 0, 'This server has no PV "NOPE".']);
  });

  it('is destroyed with its requests, and answers to its dead ids are none', () => {
    const test = new TestConnection().validate();
    test.add('A', double);
    const serverId = test.channel('A', 8);
    test.init(commands.GET, serverId, 1);
    const sent = test.write((writer) => writeDestroyChannel(writer, { serverId, clientId: 8 }));
    expect([...sent]).toEqual(fromServer.message('server', 8, fromServer.u32(serverId, 8)));
    expect(test.bytes(...test.request(commands.GET, serverId, 1, 0))).toHaveLength(0);
    expect(test.init(commands.GET, serverId, 2).status.message).toBe('There is no such channel.');
    expect(test.hungUp).toBe(false);
  });

  it('is destroyed by the server when its PV goes, and when the client\'s rights change', () => {
    const test = new TestConnection().validate();
    let mayWrite = false;
    const pv = test.add('A', { ...double, onWrite: () => undefined, access: (user) => ({ read: true, write: mayWrite && user === 'ada' }) });
    const first = test.channel('A', 1);
    pv.accessChanged();
    expect(test.output()).toHaveLength(0);
    mayWrite = true;
    pv.accessChanged();
    expect([...test.output()]).toEqual(fromServer.message('server', 8, fromServer.u32(first, 1)));
    const second = test.channel('A', 2);
    pv.remove();
    expect([...test.output()]).toEqual(fromServer.message('server', 8, fromServer.u32(second, 2)));
    expect(() => test.channel('A')).toThrow('no channel');
  });

  it('describes its type, and a part of it', () => {
    const test = new TestConnection().validate();
    test.add('A', double);
    const serverId = test.channel('A');
    const ask = (subField: string): ReturnType<typeof readGetFieldResponse> =>
      readGetFieldResponse(messages(test.write((writer) => writeGetField(writer, { serverId, requestId: 4, subField })))[0]!.payload, new TypeCache());
    expect(ask('')).toEqual({ requestId: 4, status: ok, field: normativeType({ type: 'DOUBLE', count: 1 }) });
    expect(ask('display.units').field).toEqual(scalar('string'));
    expect(ask('display.colour')).toMatchObject({ status: { type: 'ERROR', message: 'A has no field "display.colour".' }, field: null });
  });
});

describe('get', () => {
  it('sends the fields that were asked for, and leaves out what does not exist', () => {
    const test = new TestConnection().validate();
    test.add('A', { ...double, metadata: { units: 'mm' } });
    const serverId = test.channel('A');
    const { fields: [field] } = test.init(commands.GET, serverId, 1, 'field(value,display.units,colour)');
    const { payload } = messages(test.bytes(...test.request(commands.GET, serverId, 1, 0)))[0]!;
    expect(readOperationResponse(payload).status).toEqual(ok);
    const { changed, value } = readDelta(payload, field!, new TypeCache(), {});
    expect(changed.toArray()).toEqual([1, 14]);
    expect(value).toEqual({ value: 1.5, display: { units: 'mm' } });
    expect(test.init(commands.GET, serverId, 2, 'field(colour)').status.message).toBe('A has none of the fields colour.');
  });

  it('ends with its last answer when that was asked for', () => {
    const test = new TestConnection().validate();
    test.add('A', double);
    const serverId = test.channel('A');
    test.init(commands.GET, serverId, 1);
    expect(test.bytes(...test.request(commands.GET, serverId, 1, 0x10))).not.toHaveLength(0);
    expect(test.bytes(...test.request(commands.GET, serverId, 1, 0))).toHaveLength(0);
    expect(test.connection.operations.size).toBe(0);
  });

  it('is refused without the right to read', () => {
    const test = new TestConnection().validate('eve', 'far');
    test.add('A', { ...double, access: () => ({ read: false, write: false }) });
    expect(test.init(commands.GET, test.channel('A'), 1).status.message).toBe('A may not be read by eve at far.');
  });

  it('keeps many large answers back until the client has taken the first ones', () => {
    const test = new TestConnection().validate();
    test.add('A', { type: 'DOUBLE', count: 200_000, initial: new Float64Array(200_000) });
    const serverId = test.channel('A');
    test.init(commands.GET, serverId, 1);
    const request = test.request(commands.GET, serverId, 1, 0);
    test.connection.receive(Uint8Array.from(Array.from({ length: 100 }, () => request).flat()));
    expect(test.connection.output.size).toBeLessThan(8 * 2 ** 20);
    let answers = 0;
    for (let turn = 0; turn < 200 && answers < 100; turn += 1) {
      answers += messages(test.output()).length;
      test.connection.setBlocked(false);
    }
    expect(answers).toBe(100);
  });

  it('costs one request when the value cannot be said', () => {
    const test = new TestConnection().validate();
    const pv = test.addStructure('S', { type: structure('', { x: scalar('int'), text: scalar('string') }) });
    const serverId = test.channel('S');
    test.init(commands.GET, serverId, 1);
    pv.update({ text: 5 });
    expect(textOf(test.bytes(...test.request(commands.GET, serverId, 1, 0)))).toBe('A field of type string cannot hold 5.');
    pv.update({ text: 'five' });
    expect(textOf(test.bytes(...test.request(commands.GET, serverId, 1, 0)))).toBe('');
  });
});
