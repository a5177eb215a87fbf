// Parts of an array: our client against our server, which has the request, and the refusals.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PvaStructurePv, ServerPv } from '../index';
import { array, PvaClient, PvaServer, structure } from '../index';

const server = new PvaServer();
let client: PvaClient;
let wave: ServerPv;
let texts: PvaStructurePv;
beforeAll(async () => {
  wave = server.add('WAVE', { type: 'DOUBLE', count: 20, initial: Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7), onWrite: ({ value }) => wave.update({ value }) });
  server.add('SCALAR', { type: 'DOUBLE', initial: 1 });
  server.add('READONLY', { type: 'LONG', count: 4, initial: Int32Array.of(1, 2) });
  texts = server.addStructure('TEXTS', {
    type: structure('', { names: array('string'), inner: structure('', { numbers: array('int') }) }),
    initial: { names: ['a', 'b', 'c'], inner: { numbers: Int32Array.of(1, 2, 3) } }, onWrite: ({ value }) => texts.update(value),
  });
  await server.listen();
  client = new PvaClient({ environment: {}, addressList: [`127.0.0.1:${server.udpPort}`], autoAddressList: false });
});
afterAll(async () => {
  await client.close();
  await server.close();
});

it('reads a part by offset, count and stride', async () => {
  const channel = client.channel('WAVE');
  expect(await channel.getSlice()).toEqual(Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7));
  expect(await channel.getSlice({ offset: 2, count: 3 })).toEqual(Float64Array.of(2, 3, 4));
  expect(await channel.getSlice({ offset: 1, stride: 3 })).toEqual(Float64Array.of(1, 4, 7));
  expect(await channel.getSlice({ offset: 6, count: 9 })).toEqual(Float64Array.of(6, 7));
  expect(await channel.getSlice({ offset: 100 })).toEqual(new Float64Array(0));
  expect(await channel.arrayLength()).toBe(8);
});

it('writes a part, beyond the end too, and sets the length', async () => {
  const channel = client.channel('WAVE');
  await channel.putSlice([10, 20], { offset: 1, stride: 2 });
  expect(wave.state.value).toEqual(Float64Array.of(0, 10, 2, 20, 4, 5, 6, 7));
  await channel.putSlice(Float64Array.of(9, 9), { offset: 8 });
  expect(await channel.arrayLength()).toBe(10);
  await channel.setArrayLength(3);
  expect(wave.state.value).toEqual(Float64Array.of(0, 10, 2));
});

it('reaches arrays of texts and arrays within structures', async () => {
  const channel = client.channel('TEXTS');
  expect(await channel.getSlice({ field: 'names', offset: 1 })).toEqual(['b', 'c']);
  await channel.putSlice(['x'], { field: 'names', offset: 1 });
  await channel.putSlice([7, 8], { field: 'inner.numbers', offset: 2 });
  expect(texts.value).toEqual({ names: ['a', 'x', 'c'], inner: { numbers: Int32Array.of(1, 2, 7, 8) } });
});

it('says what cannot be', async () => {
  const error = (code: string): unknown => expect.objectContaining({ code }) as unknown;
  await expect(client.channel('SCALAR').getSlice()).rejects.toEqual(error('BAD_TYPE'));
  await expect(client.channel('SCALAR').putSlice([1])).rejects.toEqual(error('REQUEST_FAILED'));
  await expect(client.channel('READONLY').putSlice([1])).rejects.toEqual(error('PUT_FAILED'));
  await expect(client.channel('WAVE').putSlice([1], { offset: 50 })).rejects.toEqual(error('PUT_FAILED'));
  await expect(client.channel('WAVE').getSlice({ offset: -1 })).rejects.toEqual(error('BAD_OPTION'));
  await expect(client.channel('NONE').getSlice({ timeout: 0.05 })).rejects.toEqual(error('TIMEOUT'));
  expect(() => client.channel('WAVE').setArrayLength(1.5)).toThrow(error('BAD_OPTION') as Error);
});
