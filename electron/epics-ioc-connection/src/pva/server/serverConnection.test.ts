// The server's connection through byte arrays: in both byte orders, whole, byte by byte and segmented.
import { describe, expect, it, vi } from 'vitest';
import {
  array, BitSet, commands, ok, readAny, readDelta, readGetFieldResponse, readOperationResponse, readSearchResponse, readStatus, scalar, structure, TypeCache,
  writeArrayGet, writeArrayLength, writeArrayPut, writeCancelRequest, writeCreateChannel, writeDestroyChannel, writeDestroyRequest, writeEcho, writeGetField, writePut, writeRpc, writeSearch,
  writeValidationResponse,
} from '../protocol';
import type { PvaStructure, StructureField } from '../protocol';
import { chunkings, orders, wire } from '../protocol/pvaBytes.testing';
import { bits, fromServer, guid, messages, TestConnection } from './connection.testing';
import { normativeType } from './normative/scalarTypes';

const double = { type: 'DOUBLE', initial: 1.5, description: 'a number' } as const;
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await null;
};
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

describe('put', () => {
  const valueBit = bits(1);
  const put = (test: TestConnection, serverId: number, requestId: number, field: StructureField, value: PvaStructure, changed: BitSet = valueBit, subcommand = 0): Uint8Array =>
    test.write((writer) => writePut(writer, commands.PUT, { serverId, requestId, subcommand }, field, value, changed));

  it('gives the value with who wrote it, and answers', () => {
    const test = new TestConnection().validate();
    const onWrite = vi.fn();
    test.add('A', { ...double, onWrite });
    const serverId = test.channel('A');
    const { fields: [field] } = test.init(commands.PUT, serverId, 1);
    expect([...put(test, serverId, 1, field!, { value: 4 })]).toEqual(fromServer.message('server', 11, [...fromServer.u32(1), 0, 0xff]));
    expect(onWrite).toHaveBeenCalledWith({ value: 4, user: 'ada', host: 'desk', notify: false });
  });

  it('with block is answered when the handler is done, after the monitors have what it changed', async () => {
    const test = new TestConnection().validate();
    let done: () => void = () => undefined;
    const pv = test.add('A', { ...double, onWrite: ({ notify }) => new Promise<void>((resolve) => {
      done = () => {
        pv.update({ value: notify ? 9 : 0 });
        resolve();
      };
    }) });
    const serverId = test.channel('A');
    const { fields: [field] } = test.init(commands.MONITOR, serverId, 2, 'value');
    test.bytes(...test.request(commands.MONITOR, serverId, 2, 0x44));
    test.init(commands.PUT, serverId, 1, 'record[block=true]');
    expect(put(test, serverId, 1, field!, { value: 4 })).toHaveLength(0);
    await settle();
    expect(test.output()).toHaveLength(0);
    test.connection.setBlocked(true);
    done();
    await settle();
    expect(test.output()).toHaveLength(0);
    test.connection.setBlocked(false);
    const sent = test.output();
    expect(messages(sent).map(({ command }) => command)).toEqual([commands.MONITOR, commands.PUT]);
    expect(test.updates(field!, sent, {})).toMatchObject([{ value: { value: 9 } }]);
  });

  it('without block does not wait, but still says what was refused at once', async () => {
    const test = new TestConnection().validate();
    test.add('A', { ...double, onWrite: async ({ value }) => {
      if (value === 1) throw new Error('A does not like 1.');
      await new Promise(() => undefined);
    } });
    const serverId = test.channel('A');
    const { fields: [field] } = test.init(commands.PUT, serverId, 1);
    put(test, serverId, 1, field!, { value: 1 });
    await settle();
    expect(textOf(test.output())).toBe('A does not like 1.');
    put(test, serverId, 1, field!, { value: 2 });
    await settle();
    expect(textOf(test.output())).toBe('');
  });

  it('that fails after its answer sends the client a text', async () => {
    const test = new TestConnection().validate();
    let fail: (error: Error) => void = () => undefined;
    test.add('A', { ...double, onWrite: () => new Promise((_resolve, reject) => { fail = reject; }) });
    const serverId = test.channel('A');
    const { fields: [field] } = test.init(commands.PUT, serverId, 1);
    put(test, serverId, 1, field!, { value: 1 });
    await settle();
    test.output();
    fail(new Error('stuck'));
    await settle();
    expect([...test.output()]).toEqual(fromServer.message('server', 18, [...fromServer.u32(1), 2, ...fromServer.text('stuck')]));
  });

  it.each<[string, Parameters<TestConnection['add']>[1], PvaStructure, number, string]>([
    ['a state that there is not', { type: 'ENUM', initial: 0, metadata: { states: ['Out', 'In'] }, onWrite: () => undefined }, { value: { index: 2 } }, 2, 'A has no state 2: it has Out, In.'],
    ['too many elements', { type: 'LONG', count: 2, initial: [], onWrite: () => undefined }, { value: Int32Array.of(1, 2, 3) }, 1, 'A holds 2 elements, not 3.'],
    ['another field than the value', { ...double, onWrite: () => undefined }, { alarm: { severity: 2 } }, 2, 'Of A only the field "value" can be written.'],
    ['what the handler throws', { ...double, onWrite: () => { throw new Error('A is locked.'); } }, { value: 1 }, 1, 'A is locked.'],
  ])('refuses %s', (_name, options, value, bit, text) => {
    const test = new TestConnection().validate();
    test.add('A', options);
    const serverId = test.channel('A');
    const { fields: [field] } = test.init(commands.PUT, serverId, 1, 'record[block=true]');
    expect(textOf(put(test, serverId, 1, field!, value, bits(bit)))).toBe(text);
  });

  it('is refused in its init for what is read-only, and where the client has no right', () => {
    const test = new TestConnection().validate();
    test.add('A', double);
    test.add('B', { ...double, onWrite: () => undefined, access: (user) => ({ read: true, write: user !== 'ada' }) });
    expect(test.init(commands.PUT, test.channel('A'), 1).status.message).toBe('A is read-only.');
    expect(test.init(commands.PUT, test.channel('B'), 2).status.message).toBe('B may not be written by ada at desk.');
  });

  it('changes only the fields of a structure that the BitSet names', () => {
    const test = new TestConnection().validate();
    const type = structure('', { a: scalar('int'), inner: structure('', { b: scalar('int'), c: array('double') }) });
    const pv = test.addStructure('S', { type, initial: { a: 1, inner: { b: 2, c: [3] } }, onWrite: ({ value, changed }) => pv.post(value, changed) });
    const serverId = test.channel('S');
    test.init(commands.PUT, serverId, 1);
    put(test, serverId, 1, type, { a: 10, inner: { b: 20, c: Float64Array.of(30) } }, bits(3));
    expect(pv.value).toEqual({ a: 1, inner: { b: 20, c: [3] } });
  });

  it('is not answered any more once it was cancelled or destroyed', async () => {
    const test = new TestConnection().validate();
    let resolve: () => void = () => undefined;
    test.add('A', { ...double, onWrite: () => new Promise<void>((done) => { resolve = done; }) });
    const serverId = test.channel('A');
    for (const end of [writeCancelRequest, writeDestroyRequest]) {
      const { fields: [field] } = test.init(commands.PUT, serverId, 1, 'record[block=true]');
      put(test, serverId, 1, field!, { value: 1 });
      test.write((writer) => end(writer, { serverId, requestId: 1 }));
      resolve();
      await settle();
      expect(test.output()).toHaveLength(0);
      // A cancelled request is still there.
      if (end === writeCancelRequest) test.write((writer) => writeDestroyRequest(writer, { serverId, requestId: 1 }));
    }
    expect(test.connection.operations.size).toBe(0);
  });

  it('reads back with the get bit', () => {
    const test = new TestConnection().validate();
    test.add('A', { ...double, onWrite: () => undefined });
    const serverId = test.channel('A');
    const { fields: [field] } = test.init(commands.PUT, serverId, 1, 'field(value)');
    const { payload } = messages(test.bytes(...test.request(commands.PUT, serverId, 1, 0x40)))[0]!;
    expect(readOperationResponse(payload)).toEqual({ requestId: 1, subcommand: 0x40, status: ok });
    expect(readDelta(payload, field!, new TypeCache(), {}).value).toEqual({ value: 1.5 });
  });

  it('of nothing only processes where that is asked for', () => {
    const test = new TestConnection().validate();
    const onWrite = vi.fn();
    test.add('A', { ...double, onWrite });
    const serverId = test.channel('A');
    const { fields: [field] } = test.init(commands.PUT, serverId, 1);
    expect(textOf(put(test, serverId, 1, field!, {}, new BitSet()))).toBe('');
    expect(onWrite).not.toHaveBeenCalled();
    test.init(commands.PUT, serverId, 2, 'record[process=true]');
    put(test, serverId, 2, field!, {}, new BitSet());
    test.init(commands.PROCESS, serverId, 3);
    test.bytes(...test.request(commands.PROCESS, serverId, 3, 0));
    expect(onWrite.mock.calls.map(([request]) => (request as { value: number }).value)).toEqual([1.5, 1.5]);
  });

  it('put-get answers with what is there when the put is done', async () => {
    const test = new TestConnection().validate();
    const pv = test.add('A', { ...double, onWrite: async ({ value }) => {
      await settle();
      pv.update({ value: (value as number) * 2 });
    } });
    const serverId = test.channel('A');
    const { fields: [field] } = test.init(commands.PUT_GET, serverId, 1, 'field(value)');
    test.write((writer) => writePut(writer, commands.PUT_GET, { serverId, requestId: 1, subcommand: 0 }, field!, { value: 21 }, valueBit));
    await settle();
    await settle();
    const { payload } = messages(test.output())[0]!;
    expect(readOperationResponse(payload).status).toEqual(ok);
    expect(readDelta(payload, field!, new TypeCache(), {}).value).toEqual({ value: 42 });
  });
});

describe('RPC', () => {
  const ask = async (test: TestConnection, serverId: number, requestId: number): Promise<ReturnType<typeof readAny> | string> => {
    test.write((writer) => writeRpc(writer, { serverId, requestId, subcommand: 0 }, { field: structure('', { a: scalar('int') }), value: { a: 20 } }));
    await settle();
    const { payload } = messages(test.output())[0]!;
    const { status } = readOperationResponse(payload);
    return status.type === 'OK' ? readAny(payload, new TypeCache()) : status.message;
  };

  it('answers with the type of the answer, and with the text of an error', async () => {
    const test = new TestConnection().validate();
    test.addStructure('R', { type: structure('', {}), onRpc: async ({ argument, user }) => {
      if (user === 'eve') throw new Error('Not for eve.');
      return { sum: (argument?.value as { a: number }).a + 1, user };
    } });
    const serverId = test.channel('R');
    expect(test.init(commands.RPC, serverId, 1).status).toEqual(ok);
    expect(await ask(test, serverId, 1)).toMatchObject({ field: { kind: 'structure' }, value: { sum: 21, user: 'ada' } });
    test.validate('eve');
    expect(await ask(test, serverId, 1)).toBe('Not for eve.');
  });

  it('is refused by a PV that answers none, and a service has no value', () => {
    const test = new TestConnection().validate();
    test.add('A', double);
    test.addStructure('R', { type: structure('', {}), onRpc: () => 1 });
    expect(test.init(commands.RPC, test.channel('A'), 1).status.message).toBe('A answers no RPC.');
    expect(test.init(commands.GET, test.channel('R'), 2).status.message).toBe('R holds no value: it answers RPC only.');
  });
});

describe('array slices', () => {
  it('reads and writes parts of an array, and its length', () => {
    const test = new TestConnection().validate();
    const pv = test.add('W', { type: 'DOUBLE', count: 8, initial: Float64Array.of(0, 1, 2, 3, 4, 5), onWrite: ({ value }) => pv.update({ value }) });
    const serverId = test.channel('W');
    const request = { serverId, requestId: 1, subcommand: 0x40 };
    expect(test.init(commands.ARRAY, serverId, 1, 'field(value)').fields).toEqual([array('double')]);
    const get = (slice: Parameters<typeof writeArrayGet>[2]): number[] => {
      const { payload } = messages(test.write((writer) => writeArrayGet(writer, request, slice)))[0]!;
      readOperationResponse(payload);
      return Array.from({ length: payload.size() }, () => payload.f64());
    };
    expect(get({ offset: 1, count: 2, stride: 2 })).toEqual([1, 3]);
    expect(get({ offset: 4, count: 0, stride: 1 })).toEqual([4, 5]);
    expect(get({ offset: 9, count: 1, stride: 1 })).toEqual([]);
    test.write((writer) => writeArrayPut(writer, { ...request, subcommand: 0 }, { offset: 5, stride: 2 }, array('double'), [50, 70]));
    expect(pv.state.value).toEqual(Float64Array.of(0, 1, 2, 3, 4, 50, 0, 70));
    test.write((writer) => writeArrayLength(writer, { ...request, subcommand: 0x80 }, 2));
    expect(pv.state.value).toEqual(Float64Array.of(0, 1));
    const { payload } = messages(test.bytes(...test.request(commands.ARRAY, serverId, 1, 0x04)))[0]!;
    expect([readOperationResponse(payload).status, payload.size()]).toEqual([ok, 2]);
    expect(textOf(test.write((writer) => writeArrayLength(writer, { ...request, subcommand: 0x80 }, 9)))).toBe('W holds 8 elements, not 9.');
    expect(textOf(test.write((writer) => writeArrayLength(writer, { ...request, subcommand: 0x80 }, 2 ** 30)))).toBe('W cannot hold 1073741824 elements.');
  });
});
