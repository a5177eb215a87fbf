// Group PVs: several records as one structure, by our client over TCP.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PvaClient, updatedPaths } from '../index';
import type { ServerPv } from '../../api';
import { PvaServer } from './pvaServer';

let server: PvaServer;
let client: PvaClient;
let order: string[];
const pvs: Record<string, ServerPv> = {};

beforeEach(async () => {
  server = new PvaServer();
  order = [];
  const stored = (name: string, options: Parameters<PvaServer['add']>[1]): void => {
    const pv: ServerPv = server.add(name, {
      ...options, onWrite: ({ value }) => {
        order.push(name);
        pv.update({ value });
      },
    });
    pvs[name] = pv;
  };
  stored('X', { type: 'DOUBLE', initial: 1, metadata: { units: 'mm' } });
  stored('Y', { type: 'DOUBLE', initial: 2 });
  stored('MODE', { type: 'ENUM', initial: 0, metadata: { states: ['Idle', 'Busy'] } });
  pvs['RO'] = server.add('RO', { type: 'LONG', initial: 7 });
  server.addGroup('AXES', { id: 'test:axes', members: { y: { pv: 'Y', as: 'value' }, x: { pv: 'X' }, mode: { pv: 'MODE', as: 'value' }, when: { pv: 'Y', as: 'meta', trigger: 'none' } } });
  server.addGroup('MIXED', { members: { x: { pv: 'X', as: 'value', trigger: '*' }, ro: { pv: 'RO', as: 'value', trigger: 'none' } } });
  await server.listen();
  client = new PvaClient({ environment: {}, addressList: [`127.0.0.1:${server.udpPort}`], autoAddressList: false });
});
afterEach(async () => {
  await client.close();
  await server.close();
});

it('reads its records as one structure, of its own type', async () => {
  const { field, value } = await client.channel('AXES').getStructure();
  expect(field.id).toBe('test:axes');
  expect(value).toMatchObject({ y: 2, x: { value: 1, display: { units: 'mm' } }, mode: { index: 0, choices: ['Idle', 'Busy'] }, when: { alarm: { severity: 0 } } });
  pvs['Y']!.update({ value: 5 });
  expect((await client.channel('AXES').getStructure({ request: 'field(y)' })).value).toMatchObject({ y: 5 });
});

it('posts what a record changes, what its trigger names, and nothing for one that triggers nothing', async () => {
  const updates: string[][] = [];
  const mixed: string[][] = [];
  client.channel('AXES').monitorStructure({}, (update) => updates.push(updatedPaths(update)));
  client.channel('MIXED').monitorStructure({}, (update) => mixed.push(updatedPaths(update)));
  const until = async (condition: () => boolean): Promise<void> => { while (!condition()) await new Promise((resolve) => { setTimeout(resolve, 2); }); };
  await until(() => updates.length === 1 && mixed.length === 1);
  pvs['RO']!.update({ value: 8 });
  pvs['X']!.update({ value: 3 });
  await until(() => updates.length === 2 && mixed.length === 2);
  expect(updates[1]).toEqual(['x.value', 'x.timeStamp']);
  // Both fields are the whole structure.
  expect(mixed[1]).toEqual(['x', 'ro']);
  expect((await client.channel('MIXED').getStructure()).value).toEqual({ x: 3, ro: 8 });
});

it('writes several records by one put, in the group\'s order, and posts them as one update', async () => {
  const updates: string[][] = [];
  const channel = client.channel('AXES');
  channel.monitorStructure({}, (update) => updates.push(updatedPaths(update)));
  await channel.putStructure({ x: { value: 11 }, y: 22 }, { wait: true });
  expect([order, pvs['X']!.state.value, pvs['Y']!.state.value]).toEqual([['Y', 'X'], 11, 22]);
  await channel.putStructure({ mode: { index: 1 } }, { wait: true });
  expect(pvs['MODE']!.state.value).toBe(1);
  expect(updates.slice(1)).toEqual([['y', 'x.value', 'x.timeStamp'], ['mode']]);
});

it('writes nothing at all where one of them may not be written', async () => {
  await expect(client.channel('MIXED').putStructure({ x: 5, ro: 6 }, { wait: true })).rejects.toMatchObject({
    code: 'PUT_FAILED', message: 'The server refused to write "MIXED": The field "ro" of MIXED (RO) may not be written: nothing was.',
  });
  expect([order, pvs['X']!.state.value, pvs['RO']!.state.value]).toEqual([[], 1, 7]);
  await client.channel('MIXED').putStructure({ x: 5 }, { wait: true });
  expect(pvs['X']!.state.value).toBe(5);
});

it('lets its records go when it is removed, and needs records that are there', () => {
  const group = server.addGroup('GONE', { members: { x: { pv: 'X', as: 'value' } } });
  group.remove();
  expect(server.names).not.toContain('GONE');
  pvs['X']!.update({ value: 9 });
  expect(group.value).toEqual({ x: 1 });
  expect(() => server.addGroup('BAD', { members: { x: { pv: 'NONE' } } })).toThrow(expect.objectContaining({ code: 'BAD_OPTION', pv: 'BAD', message: 'The group BAD names NONE, which this server has not: add that first.' }) as Error);
});

it('tells its clients when the rights to one of its records change, and goes when a record goes', async () => {
  let readable = true;
  const secret = server.add('SECRET', { type: 'LONG', initial: 3, access: () => ({ read: readable, write: false }) });
  server.addGroup('WITH:SECRET', { members: { x: { pv: 'X', as: 'value' }, secret: { pv: 'SECRET', as: 'value' } } });
  const channel = client.channel('WITH:SECRET');
  expect((await channel.getStructure()).value).toEqual({ x: 1, secret: 3 });
  const states: string[] = [];
  channel.onState((state) => states.push(state));
  readable = false;
  secret.accessChanged();
  await expect.poll(() => states).toEqual(['disconnected', 'connected']);
  await expect(channel.getStructure()).rejects.toMatchObject({ code: 'GET_FAILED' });
  secret.remove();
  await expect.poll(() => states).toEqual(['disconnected', 'connected', 'disconnected']);
  expect(server.names).not.toContain('WITH:SECRET');
  pvs['X']!.update({ value: 2 });
});

it('of a name that is taken leaves its records, and the PV of that name, alone', () => {
  const before = server.names;
  expect(() => server.addGroup('Y', { members: { x: { pv: 'X', as: 'value' } } })).toThrow('has a PV Y already');
  pvs['X']!.remove();
  // The groups of X went with it.
  expect(server.names).toEqual(before.filter((name) => !['X', 'AXES', 'MIXED'].includes(name)));
});

it('a record that fails later and one that refuses at once are told as one refusal', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => { unhandled.push(error); };
  process.on('unhandledRejection', note);
  try {
    server.add('LATE', { type: 'LONG', initial: 1, onWrite: () => Promise.reject(new Error('too late')) });
    server.add('NEVER', { type: 'LONG', initial: 1, onWrite: () => { throw new Error('never'); } });
    server.addGroup('BOTH', { members: { a: { pv: 'LATE', as: 'value' }, b: { pv: 'NEVER', as: 'value' } } });
    await expect(client.channel('BOTH').putStructure({ a: 2, b: 3 }, { wait: true })).rejects.toMatchObject({ code: 'PUT_FAILED', message: expect.stringContaining('never') as string });
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});
