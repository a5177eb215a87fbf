// Our pvAccess server and client on loopback, through the service that windows see.
import type { PvState } from '@shared/pv';
import { ndArrayType, ndArrayValue, PvaClient, PvaServer } from 'epics-ioc-connection';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CaSource } from './caSource';
import { MemoryClient } from './memoryClient.testing';
import { PvaSource } from './pvaSource';
import { PvService } from './pvService';
import { WriteLog } from './writeLog';
import { Writer } from './writer';

const server = new PvaServer();
const service = new PvService({}, new Writer(new WriteLog({ folder: null })));
beforeAll(async () => {
  await server.listen();
  await service.useNetwork(new CaSource(new MemoryClient()), new PvaSource(() => new PvaClient({ environment: {}, addressList: [`127.0.0.1:${server.udpPort}`], autoAddressList: false })));
});
afterAll(async () => {
  await service.dispose();
  await server.close();
});

/** The state once it is as wanted. */
function state(pv: string, isWanted: (state: PvState) => boolean): Promise<PvState> {
  return new Promise((resolve) => {
    const watching = service.watch(pv, (now) => {
      if (!isWanted(now)) return;
      watching.dispose();
      resolve(now);
    });
  });
}

it('a picture has its dimensions, also when they change; a plain array has none', async () => {
  const picture = (size: readonly number[]) => ndArrayValue({ data: new Uint8Array(size.reduce((all, length) => all * length, 1)), size, uniqueId: 1, timestamp: { seconds: 1, nanoseconds: 0 } });
  const served = server.addStructure('TEST:IMAGE', { type: ndArrayType, initial: picture([3, 4, 2]) });
  server.add('TEST:ARRAY', { type: 'DOUBLE', count: 3, initial: Float64Array.of(1, 2, 3) });
  expect(await state('pva://TEST:IMAGE', ({ value }) => value !== null)).toMatchObject({ value: new Uint8Array(24), count: 24, size: [3, 4, 2] });
  const changed = state('pva://TEST:IMAGE', ({ count }) => count === 30);
  served.update(picture([6, 5]));
  expect(await changed).toMatchObject({ size: [6, 5] });
  expect(await state('pva://TEST:ARRAY', ({ value }) => value !== null)).not.toHaveProperty('size');
});
