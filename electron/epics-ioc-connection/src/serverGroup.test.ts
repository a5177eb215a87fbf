// One definition on both servers: updates and writes of either.
import { createSocket } from 'node:dgram';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Server, ServerPv } from './api';
import { CaServer, PortInUseError } from './ca/server';
import { Client } from './client';
import { PvaServer } from './pva/server';
import { ServerGroup } from './serverGroup';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Sockets that listen, of this process. */
async function openSockets(): Promise<number> {
  // The system closes them at the end of a turn of the loop.
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
  return process.getActiveResourcesInfo().filter((name) => /^(TCPServer|UDP)/.test(name)).length;
}

/** One that is free. */
let sharedPort = 0;
beforeAll(async () => {
  const trial = createSocket('udp4');
  await new Promise<void>((resolve) => { trial.bind(0, '127.0.0.1', resolve); });
  sharedPort = trial.address().port;
  await new Promise<void>((resolve) => { trial.close(resolve); });
});

function handing(server: Server, pv: ServerPv): Server {
  return Object.assign(Object.create(server) as Server, { add: () => pv });
}

it('gives every server the same value, at the same time', () => {
  const [ca, pva] = [new CaServer(), new PvaServer()];
  const group = new ServerGroup([ca, pva]);
  const pv = group.add('A', { type: 'DOUBLE', initial: 1 });
  const direct = [ca.add('CA', { type: 'DOUBLE', initial: 0 }), pva.add('PVA', { type: 'DOUBLE', initial: 0 })];
  // Two servers that hand out PVs of the real ones, to be looked into.
  const seen = new ServerGroup([handing(ca, direct[0]!), handing(pva, direct[1]!)]);
  seen.add('B', { type: 'DOUBLE', initial: 0 }).update({ value: 2 });
  expect(direct.map(({ state }) => state.value)).toEqual([2, 2]);
  expect(direct[0]!.state.timestamp).toEqual(direct[1]!.state.timestamp);
  group.alias('A2', 'A');
  expect([ca.names, pva.names, group.names]).toEqual([['A', 'CA', 'A2'], ['A', 'PVA', 'A2'], ['A', 'CA', 'A2']]);
  pv.update({ value: 5 });
  expect(pv.state.value).toBe(5);
  pv.remove();
  expect([ca.names, pva.names]).toEqual([['CA'], ['PVA']]);
});

it('adds a PV to all or to none', () => {
  const [ca, pva] = [new CaServer(), new PvaServer()];
  pva.add('A', { type: 'DOUBLE', initial: 0 });
  expect(() => new ServerGroup([ca, pva]).add('A', { type: 'DOUBLE', initial: 1 })).toThrow('has a PV A already');
  expect([ca.names, pva.names]).toEqual([[], ['A']]);
});

it('leaves nothing open when one of them cannot listen', async () => {
  const taken = new PvaServer();
  await taken.listen();
  closers.push(() => taken.close());
  const ca = new CaServer();
  await expect(new ServerGroup([ca, new PvaServer({ port: taken.tcpPort })]).listen()).rejects.toThrow(PortInUseError);
  expect([ca.tcpPort, ca.udpPort]).toEqual([0, 0]);
});

describe.each([
  ['a CaServer', () => new CaServer()], ['a PvaServer', () => new PvaServer({ environment: {} })], ['one that shares its search port', () => new PvaServer({ environment: {}, udpPort: sharedPort })],
  ['one that sends beacons', () => new CaServer({ beaconAddresses: ['127.0.0.1:9'] })], ['one that sends them by pvAccess', () => new PvaServer({ environment: {}, beaconAddresses: ['127.0.0.1:9'] })],
  ['a group', () => new ServerGroup([new CaServer(), new PvaServer({ environment: {} })])],
])('%s', (_name, make) => {
  it('that is closed while it begins to listen leaves nothing open, and listens again', async () => {
    const before = await openSockets();
    // After each step of it.
    for (let steps = 0; steps < 40; steps += 1) {
      const server = make();
      const listening = server.listen();
      for (let step = 0; step < steps; step += 1) await (step % 4 === 3 ? new Promise((resolve) => { setImmediate(resolve); }) : Promise.resolve());
      await Promise.all([server.close(), listening]);
      expect(await openSockets()).toBe(before);
    }
    const server = make();
    closers.push(() => server.close());
    await Promise.all([server.listen(), server.close(), server.listen(), server.close(), server.close()]);
    expect(await openSockets()).toBe(before);
    await server.listen();
    const once = await openSockets();
    await server.listen();
    expect([await openSockets(), once > before]).toEqual([once, true]);
  });
});

it.each(['ca', 'pva'] as const)('takes writes up to `maxArrayBytes`, and refuses larger ones, by %s', async (protocol) => {
  const [ca, pva] = [new CaServer({ maxArrayBytes: 10_000 }), new PvaServer({ maxArrayBytes: 10_000 })];
  const servers = new ServerGroup([ca, pva]);
  const pv = servers.add('WAVE', { type: 'DOUBLE', count: 2000, initial: new Float64Array(0), onWrite: ({ value }) => pv.update({ value }) });
  await servers.listen();
  await using client = new Client({ environment: {}, defaultProtocol: protocol, ca: { addressList: [`127.0.0.1:${ca.udpPort}`], autoAddressList: false }, pva: { addressList: [`127.0.0.1:${pva.udpPort}`], autoAddressList: false } });
  const channel = client.channel('WAVE');
  await channel.put(new Float64Array(1200).fill(3), { wait: true });
  expect((await channel.get()).count).toBe(1200);
  await expect(channel.put(new Float64Array(1300), { wait: true })).rejects.toMatchObject(
    protocol === 'ca' ? { code: 'TOO_LARGE', message: expect.stringContaining('The IOC of "WAVE" takes no write of that size') as string } : { code: 'PUT_FAILED', message: expect.stringContaining('More than 10000 bytes') as string });
  expect((await channel.get()).count).toBe(1200);
  await servers.close();
});
