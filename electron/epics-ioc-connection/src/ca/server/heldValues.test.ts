// What both servers take for a PV, at once, and what they refuse at the call.
import { describe, expect, it } from 'vitest';
import type { ServerPvOptions, Server } from '../../api';
import { PvaServer } from '../../pva/server';
import { ServerGroup } from '../../serverGroup';
import type { NativeType, PvValue } from '../../value';
import { CaClient } from '../client';
import { CaServer } from './caServer';

const servers: readonly (readonly [string, () => Pick<Server, 'add' | 'names'>])[] = [
  ['CaServer', () => new CaServer()], ['PvaServer', () => new PvaServer({ tls: false })],
  ['ServerGroup', () => new ServerGroup([new CaServer(), new PvaServer({ tls: false })])],
];
const initials: Readonly<Record<NativeType, PvValue>> = { STRING: '', SHORT: 0, FLOAT: 0, ENUM: 0, CHAR: 0, LONG: 0, DOUBLE: 0 };
const anything = (value: unknown): PvValue => value as PvValue;

const refused: readonly (readonly [NativeType, number, unknown, string])[] = [
  ['LONG', 1, 1e12, 'X is of type LONG and cannot hold 1000000000000: it takes a whole number from -2147483648 to 2147483647.'],
  ['LONG', 1, 2 ** 31, 'cannot hold 2147483648'], ['LONG', 1, -(2 ** 31) - 1, 'cannot hold'], ['LONG', 1, NaN, 'cannot hold NaN'], ['LONG', 1, Infinity, 'cannot hold Infinity'],
  ['SHORT', 1, 32768, 'a whole number from -32768 to 32767.'], ['CHAR', 1, 256, 'from -128 to 255.'], ['CHAR', 1, -129, 'from -128 to 255.'],
  ['ENUM', 1, -1, 'the index of a state, 0 to 65535.'], ['ENUM', 1, 'Open', 'the index of a state, here 1.'], ['ENUM', 1, 65536, 'cannot hold 65536'],
  ['FLOAT', 1, 1e300, 'it takes a number up to 3.4e38.'], ['FLOAT', 1, '1', 'cannot hold "1"'],
  ['DOUBLE', 1, 'abc', 'X is of type DOUBLE and cannot hold "abc": it takes a number.'], ['DOUBLE', 1, '1', 'cannot hold "1"'], ['DOUBLE', 1, true, 'cannot hold true'],
  ['DOUBLE', 1, null, 'cannot hold null'], ['DOUBLE', 1, {}, 'cannot hold an object'], ['DOUBLE', 1, 5n, 'cannot hold 5'], ['DOUBLE', 1, ['a'], 'cannot hold "a" as element 0'],
  ['STRING', 1, 5, 'X is of type STRING and cannot hold 5: it takes a text.'], ['STRING', 3, ['a', 5], 'cannot hold 5 as element 1: it takes a text, or an array of up to 3.'],
  ['LONG', 4, Float64Array.of(1, 2, 3e9), 'cannot hold 3000000000 as element 2: it takes a whole number from -2147483648 to 2147483647, or an array of up to 4.'],
  ['SHORT', 4, Uint16Array.of(40_000), 'cannot hold 40000 as element 0'], ['DOUBLE', 4, [1, undefined], 'cannot hold undefined as element 1'], ['DOUBLE', 4, new DataView(new ArrayBuffer(8)), 'an object'],
  ['CHAR', 10, 'text', 'it takes the bytes of a text'],
];
const taken: readonly (readonly [NativeType, number, unknown])[] = [
  ['LONG', 1, 2.7], ['LONG', 1, 2 ** 31 - 0.5], ['LONG', 1, -(2 ** 31)], ['SHORT', 1, -32768], ['CHAR', 1, 255], ['CHAR', 1, -128], ['ENUM', 1, 7], ['ENUM', 1, 65535],
  ['FLOAT', 1, NaN], ['FLOAT', 1, -Infinity], ['FLOAT', 1, 3.4e38], ['DOUBLE', 1, NaN], ['DOUBLE', 1, 1e300], ['STRING', 1, 'x'.repeat(60)], ['STRING', 3, 'a'], ['STRING', 3, ['a', 'b']],
  ['DOUBLE', 4, 5], ['DOUBLE', 4, [1, 2]], ['DOUBLE', 4, Int32Array.of(1)], ['DOUBLE', 4, new Float64Array(0)], ['DOUBLE', 1, Float64Array.of(4)], ['CHAR', 10, Buffer.from('text')],
  ['SHORT', 4, Uint16Array.of(32767)], ['ENUM', 4, Uint16Array.of(1, 0)], ['LONG', 4, Int32Array.of(1, 2, 3, 4)],
];

describe.each(servers)('%s', (_name, make) => {
  const options = (type: NativeType, count: number): ServerPvOptions =>
    ({ type, count, initial: initials[type], ...(type === 'ENUM' ? { metadata: { states: ['Closed', 'Open'] } } : {}) });

  it.each(refused)('refuses for a %s of %i: %s', (type, count, value, message) => {
    const server = make();
    const problem = expect.objectContaining({ name: 'ValueError', code: 'BAD_TYPE', pv: 'X', message: expect.stringContaining(message) as string }) as Error;
    expect(() => server.add('X', { ...options(type, count), initial: anything(value) })).toThrow(problem);
    expect(server.names).toEqual([]);
    const pv = server.add('X', options(type, count));
    const { state } = pv;
    expect(() => pv.update({ value: anything(value), severity: 'MAJOR' })).toThrow(problem);
    expect(pv.state).toEqual(state);
  });

  it.each(taken)('takes for a %s of %i: %s', (type, count, value) => {
    const server = make();
    server.add('X', { ...options(type, count), initial: anything(value) });
    const pv = server.add('Y', options(type, count));
    pv.update({ value: anything(value) });
    expect(pv.state.value).toBe(value);
  });

  it('has room for as many elements as it begins with, where nobody says', () => {
    const server = make();
    const pv = server.add('X', { type: 'DOUBLE', initial: Float64Array.of(1, 2, 3) });
    pv.update({ value: Float64Array.of(4, 5, 6) });
    const tooMany = (message: string): Error => expect.objectContaining({ code: 'BAD_COUNT', pv: message.split(' ')[0], message }) as Error;
    expect(() => pv.update({ value: new Float64Array(4) })).toThrow(tooMany('X holds 3 elements, not 4.'));
    expect(() => server.add('Y', { type: 'DOUBLE', count: 1, initial: new Float64Array(2) })).toThrow(tooMany('Y holds 1 elements, not 2.'));
    expect(server.names).toEqual(['X']);
  });

  it.each([
    [{ type: 'double', initial: 0 }, 'The type of X is "double": it must be one of STRING, SHORT, FLOAT, ENUM, CHAR, LONG, DOUBLE.'],
    [{ type: 'DOUBLE' }, 'X has no "initial": give it the value that it begins with.'],
    [{ type: 'DOUBLE', initial: 0, count: 0 }, 'The count of X is 0: it must be 1 or more, the largest number of elements.'],
  ])('says what is wrong with %j', (given, message) => {
    expect(() => make().add('X', given as unknown as ServerPvOptions)).toThrow(expect.objectContaining({ code: 'BAD_OPTION', pv: 'X', message }) as Error);
  });
});

it('serves a waveform whose count nobody said', async () => {
  const server = new CaServer();
  server.add('X', { type: 'DOUBLE', initial: Float64Array.of(1, 2, 3) });
  await server.listen();
  const client = new CaClient({ addressList: [`127.0.0.1:${server.udpPort}`], autoAddressList: false, environment: {} });
  expect((await client.channel('X').get()).value).toEqual(Float64Array.of(1, 2, 3));
  await client.close();
  await server.close();
});
