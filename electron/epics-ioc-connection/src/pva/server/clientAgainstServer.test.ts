// Our client's core against our server's core in memory: whole and byte by byte, no socket, no time but the test's own.
import { afterEach, describe, expect, it } from 'vitest';
import { PvDirectory } from '../../ca/server/pvDirectory';
import { MemoryNetwork, type ServerEnd } from '../../transport/memory';
import { PvaClient } from '../client';
import { array, scalar, structure } from '../protocol';
import type { ServerPvOptions } from '../../api';
import { guid, stamp } from './connection.testing';
import { ndArrayType, ndArrayValue } from './normative/ndArray';
import { PvaServerPv, type PvaStructureOptions } from './pvaServerPv';
import { PvaScalarPv } from './scalarPv';
import { answerSearches } from './searchResponder';
import { ServerConnection } from './serverConnection';

const [host, tcpPort, udpPort] = ['10.0.0.1', 5075, 5076];
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

class World {
  readonly network = new MemoryNetwork();
  readonly pvs = new PvDirectory<PvaServerPv>();
  readonly client: PvaClient;
  private connection: ServerConnection | null = null;
  private end: ServerEnd | null = null;

  constructor({ bytewise = false } = {}) {
    this.network.serveTcp(`${host}:${tcpPort}`, {
      opened: (end) => {
        const connection: ServerConnection = new ServerConnection({
          pvs: this.pvs, guid: () => guid, tcpPort: () => tcpPort, tlsPort: () => 0, hangUp: () => end.drop('hung up'), outputReady: () => this.network.clock.soon(() => {
            for (const chunk of connection.takeOutput()) {
              if (bytewise && chunk.length < 100_000) for (const byte of chunk) end.send(Uint8Array.of(byte));
              else end.send(chunk);
            }
            connection.setBlocked(false);
          }),
        }, '10.0.0.2');
        [this.connection, this.end] = [connection, end];
      },
      received: (bytes) => {
        if (bytewise) for (const byte of bytes) this.connection?.receive(Uint8Array.of(byte));
        else this.connection?.receive(bytes);
      },
      closed: () => this.connection?.close(),
    });
    this.network.serveUdp(`${host}:${udpPort}`, (bytes, reply) => {
      for (const { datagram } of answerSearches(bytes, { has: (name) => this.pvs.find(name) !== undefined, guid, tcpPort, tlsPort: 0 })) reply(datagram);
    });
    this.client = new PvaClient({ addressList: [`${host}:${udpPort}`], autoAddressList: false, environment: {}, userName: 'ada', hostName: 'desk' }, this.network);
    closers.push(() => this.client.close());
  }

  add(name: string, options: ServerPvOptions): PvaScalarPv {
    const pv = new PvaScalarPv(name, options, { now: () => stamp, removed: (gone) => this.pvs.remove(gone) });
    this.pvs.add(pv.pv);
    return pv;
  }

  addStructure(name: string, options: PvaStructureOptions): PvaServerPv {
    const pv = new PvaServerPv(name, options, (gone) => this.pvs.remove(gone));
    this.pvs.add(pv);
    return pv;
  }

  /** The server goes and comes back: its connection is gone. */
  drop(): void {
    this.connection?.close();
    this.end?.drop();
  }

  /** Lets the clock go on until the promise is settled. */
  async after<Result>(promise: Promise<Result>): Promise<Result> {
    let settled = false;
    const watched = promise.finally(() => { settled = true; });
    watched.catch(() => undefined);
    for (let turn = 0; turn < 200 && !settled; turn += 1) await this.network.clock.advance(50);
    return watched;
  }

  async pass(milliseconds = 100): Promise<void> {
    await this.network.clock.advance(milliseconds);
  }
}

describe.each([['whole', false], ['byte by byte', true]])('%s', (_name, bytewise) => {
  it('gets a number with all that belongs to it', async () => {
    const world = new World({ bytewise });
    world.add('A', { type: 'DOUBLE', initial: 1.5, metadata: { units: 'mm', precision: 3, display: { low: -1, high: 1 }, alarm: { low: -9, high: 9 } }, severity: 'MINOR', status: 'HIGH' });
    const reading = await world.after(world.client.channel('A').get({ metadata: true }));
    expect(reading).toMatchObject({
      type: 'DOUBLE', value: 1.5, count: 1, severity: 'MINOR', status: 'HIGH', timestamp: stamp,
      metadata: { units: 'mm', precision: 3, display: { low: -1, high: 1 }, alarm: { low: -9, high: 9 } },
    });
  });

  it.each([
    ['STRING', 'Röntgen', 'x'.repeat(300)], ['SHORT', -5, 7], ['FLOAT', 0.5, NaN], ['CHAR', 200, 3], ['LONG', -70_000, 2 ** 31 - 1], ['DOUBLE', Infinity, -0.1],
  ] as const)('writes %s and reads it back', async (type, initial, written) => {
    const world = new World({ bytewise });
    const pv = world.add('A', { type, initial, onWrite: ({ value, user, host: from }) => {
      expect([user, from]).toEqual(['ada', 'desk']);
      pv.update({ value });
    } });
    const channel = world.client.channel('A');
    expect((await world.after(channel.get())).value).toBe(initial);
    await world.after(channel.put(written, { wait: true }));
    expect((await world.after(channel.get())).value).toBe(written);
  });

  it('writes a choice by its name, and is told of one that there is not', async () => {
    const world = new World({ bytewise });
    const pv = world.add('E', { type: 'ENUM', initial: 0, metadata: { states: ['Out', 'In'] }, onWrite: ({ value }) => pv.update({ value }) });
    const channel = world.client.channel('E');
    await world.after(channel.put('In', { wait: true }));
    expect(await world.after(channel.get({ as: 'string' }))).toMatchObject({ value: 'In' });
    await expect(world.after(channel.put(5, { wait: true }))).rejects.toThrow('5');
    expect(pv.state.value).toBe(1);
  });

  it('carries waveforms both ways', async () => {
    const world = new World({ bytewise });
    const pv = world.add('W', { type: 'DOUBLE', count: 1000, initial: Float64Array.of(1, 2), onWrite: ({ value }) => pv.update({ value }) });
    const channel = world.client.channel('W');
    expect((await world.after(channel.get())).value).toEqual(Float64Array.of(1, 2));
    const ramp = Float64Array.from({ length: 1000 }, (_, index) => index / 3);
    await world.after(channel.put(ramp, { wait: true }));
    expect((await world.after(channel.get())).value).toEqual(ramp);
    await expect(world.after(channel.put(new Float64Array(1001), { wait: true }))).rejects.toThrow('W holds 1000 elements, not 1001.');
  });

  it('monitors every change', async () => {
    const world = new World({ bytewise });
    const pv = world.add('A', { type: 'LONG', initial: 0 });
    const values: unknown[] = [];
    world.client.channel('A').monitor({}, ({ value, severity }) => values.push([value, severity]));
    await world.pass();
    for (let value = 1; value <= 20; value += 1) pv.update({ value });
    pv.update({ severity: 'MAJOR', status: 'HIHI' });
    await world.pass();
    expect(values).toEqual([...Array.from({ length: 21 }, (_, value) => [value, 'NO_ALARM']), [20, 'MAJOR']]);
  });

  it('monitors with a pipeline, and hears of the end', async () => {
    const world = new World({ bytewise });
    const pv = world.add('A', { type: 'LONG', initial: 0 });
    const values: unknown[] = [];
    const ended: string[] = [];
    world.client.channel('A').monitorStructure({ pipeline: true, queueSize: 3, ended: ({ type }) => ended.push(type) }, ({ value }) => values.push((value as { value: number }).value));
    await world.pass();
    for (let value = 1; value <= 9; value += 1) {
      pv.update({ value });
      await world.pass(1);
    }
    pv.pv.finish();
    await world.pass();
    expect(values).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(ended).toEqual(['OK']);
  });

  it('asks services, and structures', async () => {
    const world = new World({ bytewise });
    world.addStructure('R', { type: structure('', {}), onRpc: ({ argument }) => ({ twice: 2 * (argument!.value as { n: number }).n }) });
    expect(await world.after(world.client.channel('R').rpc({ n: 21 }))).toMatchObject({ value: { twice: 42 } });
    const type = structure('group', { a: scalar('int'), inner: structure('', { b: array('string') }) });
    const pv = world.addStructure('S', { type, initial: { inner: { b: ['x'] } }, onWrite: ({ value, changed }) => pv.post(value, changed) });
    const channel = world.client.channel('S');
    expect(await world.after(channel.fieldDescription('inner.b'))).toEqual(array('string'));
    await world.after(channel.putStructure({ a: 5 }, { wait: true }));
    expect((await world.after(channel.getStructure())).value).toEqual({ a: 5, inner: { b: ['x'] } });
    expect((await world.after(channel.putGetStructure({ inner: { b: ['y', 'z'] } }))).value).toEqual({ a: 5, inner: { b: ['y', 'z'] } });
  });
});

it('carries pictures as they are', async () => {
  const world = new World();
  const pixels = Int16Array.from({ length: 12_000 }, (_, index) => index % 3000);
  world.addStructure('IMAGE', { type: ndArrayType, initial: ndArrayValue({ data: pixels, size: [120, 100], uniqueId: 7, timestamp: stamp }) });
  const { value } = await world.after(world.client.channel('IMAGE').getStructure());
  expect(value).toMatchObject({ value: { member: 'shortValue', value: pixels }, uniqueId: 7, dimension: [{ size: 120 }, { size: 100 }] });
});

it('is refused with the server\'s words', async () => {
  const world = new World();
  world.add('A', { type: 'DOUBLE', initial: 1 });
  const channel = world.client.channel('A');
  await expect(world.after(channel.put(2, { wait: true }))).rejects.toThrow('A is read-only.');
  await expect(world.after(channel.rpc({ n: 1 }))).rejects.toThrow('A answers no RPC.');
});

it('comes back with its monitors after the server was away', async () => {
  const world = new World();
  const pv = world.add('A', { type: 'LONG', initial: 1 });
  const values: unknown[] = [];
  const channel = world.client.channel('A');
  channel.monitor({}, ({ value }) => values.push(value));
  await world.pass();
  world.drop();
  expect(pv.pv.subscribers.size).toBe(0);
  pv.update({ value: 2 });
  await world.pass(5000);
  pv.update({ value: 3 });
  await world.pass();
  expect(values).toEqual([1, 2, 3]);
  expect(pv.pv.subscribers.size).toBe(1);
});

it('loses a PV that is taken away and finds it again when it is back', async () => {
  const world = new World();
  const channel = world.client.channel('A');
  const options = { type: 'LONG', initial: 1 } as const;
  const first = world.add('A', options);
  await world.after(channel.whenConnected());
  first.remove();
  await world.pass();
  expect(channel.connected).toBe(false);
  world.add('A', { ...options, initial: 5 });
  expect((await world.after(channel.get({ timeout: 9 }))).value).toBe(5);
});

it('leaves nothing behind when the client closes', async () => {
  const world = new World();
  const pv = world.add('A', { type: 'LONG', initial: 1 });
  const channel = world.client.channel('A');
  const monitor = channel.monitor({}, () => undefined);
  await world.pass();
  expect([pv.pv.subscribers.size, pv.pv.users.size]).toEqual([1, 1]);
  monitor.dispose();
  await world.pass();
  expect([pv.pv.subscribers.size, pv.pv.users.size]).toEqual([0, 1]);
  channel.close();
  await world.pass();
  expect(pv.pv.users.size).toBe(0);
});
