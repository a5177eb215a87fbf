// Put, put-get, process, RPC and array slices through byte arrays.
import { describe, expect, it, vi } from 'vitest';
import {
  array, BitSet, commands, ok, readAny, readDelta, readOperationResponse, scalar, structure, TypeCache, WireWriter,
  writeArrayGet, writeArrayLength, writeArrayPut, writeCancelRequest, writeDestroyRequest, writePut, writeRpc,
} from '../protocol';
import type { PvaStructure, StructureField } from '../protocol';
import { bits, fromServer, messages, TestConnection } from './connection.testing';

const double = { type: 'DOUBLE', initial: 1.5, description: 'a number' } as const;
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};
const textOf = (bytes: Uint8Array): string => readOperationResponse(messages(bytes)[0]!.payload).status.message;

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
    expect(onWrite).toHaveBeenCalledWith({ value: 4, user: 'ada', host: 'desk', identity: { method: 'ca', authority: null, secured: false }, notify: false });
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

  it('is refused where very many are under way', async () => {
    const test = new TestConnection().validate();
    let running = 0;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => { end = resolve; });
    test.add('A', { ...double, onWrite: () => {
      running += 1;
      return ended;
    } });
    const serverId = test.channel('A');
    const { fields: [field] } = test.init(commands.PUT, serverId, 1, 'record[block=true]');
    const sent = test.write((writer) => {
      for (let each = 0; each < 10_001; each += 1) writePut(writer, commands.PUT, { serverId, requestId: 1, subcommand: 0 }, field!, { value: each }, valueBit);
    });
    expect([running, textOf(sent)]).toEqual([10_000, 'More than 10000 requests at once are not served.']);
    end();
    await settle();
    expect(test.connection.pending).toBe(0);
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
      return { sum: (argument!.value as { a: number }).a + 1, user };
    } });
    const serverId = test.channel('R');
    expect(test.init(commands.RPC, serverId, 1).status).toEqual(ok);
    expect(await ask(test, serverId, 1)).toMatchObject({ field: { kind: 'structure' }, value: { sum: 21, user: 'ada' } });
    test.validate('eve');
    expect(await ask(test, serverId, 1)).toBe('Not for eve.');
  });

  it('is refused where the question is larger than any should be', () => {
    const test = new TestConnection().validate();
    test.addStructure('R', { type: structure('', {}), onRpc: () => 1 });
    const serverId = test.channel('R');
    test.init(commands.RPC, serverId, 1);
    const writer = new WireWriter('client');
    writer.littleEndian = true;
    writeRpc(writer, { serverId, requestId: 1, subcommand: 0 }, { field: array('ubyte'), value: new Uint8Array(9 * 2 ** 20) });
    test.connection.receive(writer.take());
    expect(textOf(test.output())).toBe('More than 8388608 bytes in one request are not taken.');
    expect(test.hungUp).toBe(false);
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
