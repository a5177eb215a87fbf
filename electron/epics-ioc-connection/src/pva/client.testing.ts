// A client and a scripted server on a network in memory, new for each test that calls `useClient`.
import { afterEach, beforeEach, expect } from 'vitest';
import { MemoryNetwork } from '../transport/memory';
import { PvaClient } from './client';
import * as wire from './protocol';
import type { Status } from './protocol';
import { ntDouble, ScriptedServer } from './scriptedServer.testing';
import type { StructureUpdate } from './structureSubscription';

const { commands } = wire;
const options = { environment: {}, addressList: ['10.0.0.1'], autoAddressList: false, userName: 'ada', hostName: 'desk' } as const;
export const quiet = { severity: 0, status: 0, message: '' };

export let network: MemoryNetwork;
export let server: ScriptedServer;
export let client: PvaClient;
export let warnings: { code: string; message: string }[];

/** A new client and server; `order`: the server's, `prepare`: before the client is there. */
export function begin(order: 'little' | 'big' = 'little', extra: Partial<ConstructorParameters<typeof PvaClient>[0]> = {}, prepare: (server: ScriptedServer) => void = () => undefined): void {
  network = new MemoryNetwork();
  server = new ScriptedServer(network, order);
  server.pvs.set('PV', { field: ntDouble, value: { value: 1.5, alarm: quiet } });
  prepare(server);
  warnings = [];
  client = new PvaClient({ ...options, ...extra }, network);
  client.onWarning((warning) => warnings.push(warning));
}
/** For every test of the file; after it no timer may be left. */
export function useClient(): void {
  beforeEach(() => begin());
  afterEach(async () => {
    await client.close();
    await network.clock.settle();
    expect(network.clock.pendingTimers).toBe(0);
  });
}

/** Lets the network work until the promise is settled. */
export async function soon<Result>(promise: Promise<Result>): Promise<Result> {
  let settled = false;
  const watched = promise.finally(() => { settled = true; });
  watched.catch(() => undefined);
  for (let i = 0; i < 100 && !settled; i += 1) await network.clock.advance(20);
  return watched;
}

/** A monitor that has been started; `update` sends the next value. */
export async function monitored(request: { pipeline?: boolean; queueSize?: number } = {}) {
  const channel = client.channel('PV');
  const seen: StructureUpdate[] = [];
  const ends: Status[] = [];
  const stop = channel.monitorStructure({ ...request, ended: (status) => ends.push(status) }, (update) => seen.push(update));
  await network.clock.advance(100);
  const { connection } = server;
  const [init] = connection.asked.filter((each) => each.command === commands.MONITOR);
  const id = init?.requestId ?? -1;
  return { channel, seen, ends, stop, connection, id, update: (value: number, ...bits: number[]) => connection.update(id, ntDouble, { value }, wire.BitSet.of(...bits)) };
}
