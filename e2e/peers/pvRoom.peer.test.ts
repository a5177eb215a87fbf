// PvService on the real client and real softIocs: stale at once, live again by itself, another network without a restart.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CaClient, PvaClient } from 'epics-ioc-connection';
import type { PvState } from '@shared/pv';
import { createPvRoom } from '../../electron/pv';
import { startSoftIoc, type SoftIoc } from '../ioc/softIoc';

let one: SoftIoc;
let other: SoftIoc;
const room = createPvRoom({ createClient: (options) => new CaClient(options), createPvaClient: (options) => new PvaClient(options), writesFolder: null });
const network = (ioc: SoftIoc, profile: string) => {
  const client = { environment: ioc.environment };
  return { profile, simulation: false, client, pva: client, limits: [], names: [] };
};

beforeAll(async () => {
  [one, other] = await Promise.all([startSoftIoc({ pva: true }), startSoftIoc({ pva: true })]);
});
afterAll(async () => {
  await room.dispose();
  await Promise.all([one.kill(), other.kill()]);
});

/** Resolves with the first state that fits; fails after 20 s. */
function until(states: PvState[], fits: (state: PvState) => boolean): Promise<PvState> {
  return new Promise((resolve, reject) => {
    const began = Date.now();
    const look = (): void => {
      const found = states.find(fits);
      if (found) resolve(found);
      else if (Date.now() - began > 20_000) reject(new Error(`not seen among ${JSON.stringify(states.at(-1))}`));
      else setTimeout(look, 20);
    };
    look();
  });
}

it.each(['E2E:ao', 'pva://E2E:ao'])('%s is stale when its IOC is killed, live again when it is back, and then on another network', async (pv) => {
  const hostOf = (ioc: SoftIoc) => `127.0.0.1:${pv.startsWith('pva:') ? ioc.pvaPort : ioc.port}`;
  const states: PvState[] = [];
  const context = { source: 'pvs', user: 'ada' };
  const watching = room.access.watch(pv, (state) => states.push(state));
  expect(room.access.peek(pv)).toMatchObject({ connection: 'connecting', value: null });

  await room.configure(network(one, 'one'));
  await until(states, (state) => state.value === 1.5 && state.units === 'mm');
  expect(await room.access.write(pv, 2.5, context, { wait: true })).toMatchObject({ outcome: 'done', old: '1.5', value: '2.5' });
  await until(states, (state) => state.value === 2.5);

  await one.kill();
  const stale = await until(states, (state) => state.connection === 'disconnected');
  expect(stale).toMatchObject({ value: 2.5, staleSince: expect.any(Number) as number });
  await expect(room.access.write(pv, 3, context)).rejects.toMatchObject({ code: 'DISCONNECTED' });

  states.length = 0;
  await one.start();
  const live = await until(states, (state) => state.staleSince === null && state.connection === 'connected');
  // A restarted pvAccess server takes another port while its own is not free again.
  expect(live).toMatchObject({ value: 1.5, host: pv.startsWith('pva:') ? expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string : hostOf(one) });

  states.length = 0;
  await room.configure(network(other, 'other'));
  expect(states[0]).toMatchObject({ connection: 'connecting', value: null });
  const moved = await until(states, (state) => state.value !== null && state.units !== undefined);
  expect(moved).toMatchObject({ value: 1.5, host: hostOf(other), staleSince: null });
  watching.dispose();
});

it.each(['E2E:slow', 'pva://E2E:slow'])('a put-callback of %s whose IOC dies has an unknown outcome, and is never repeated', async (pv) => {
  await other.start();
  await room.configure(network(other, 'other'));
  await room.access.ready(pv, { timeout: 10 });
  const writing = room.access.write(pv, 1, { source: 'pvs', user: 'ada' }, { wait: true, timeout: 20 });
  const refused = expect(writing).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await new Promise((resolve) => setTimeout(resolve, 150));
  await other.kill();
  await refused;
});
