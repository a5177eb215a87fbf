// The surface of epics-ioc-connection 0.0.10, as its README uses it, against a real softIoc.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CA, ConError, PutError } from 'epics-ioc-connection';
import { startSoftIoc } from '../ioc/softIoc';
import type { SoftIoc } from '../ioc/softIoc';

let ioc: SoftIoc;
const before = { ...process.env };

beforeAll(async () => {
  ioc = await startSoftIoc();
  Object.assign(process.env, ioc.environment);
}, 60_000);
afterAll(async () => {
  process.env = before;
  await ioc.kill();
});

it('gets and puts by name, one or several, as native numbers', async () => {
  await CA.put('E2E:ao', 4);
  expect(await CA.get('E2E:ao')).toBe(4);
  await CA.put('E2E:shorts', [1, 2, 3]);
  expect(await CA.get(['E2E:ao', 'E2E:shorts', 'E2E:string'])).toEqual([4, [1, 2, 3], 'hello EPICS']);
});

it('holds a channel, with methods that may be passed on', async () => {
  const channel = await CA.connect('E2E:ao');
  expect([channel.connected, channel.state]).toEqual([true, CA.ConState.CS_CONN]);
  const { get, put, monitor, disconnect } = channel;
  const values: unknown[] = [];
  channel.on('value', (value) => values.push(value));
  await monitor();
  await put(7);
  await put(8);
  expect(await get()).toBe(8);
  expect(await get({ type: CA.DataType.STRING })).toBe('8.0000');
  await expect.poll(() => values.at(-1)).toBe(8);
  expect(values.slice(-3)).toEqual([4, 7, 8]);
  await disconnect();
  expect([channel.connected, channel.state]).toEqual([false, CA.ConState.CS_CLOSED]);
});

it('tells when the connection goes and comes', async () => {
  const [channel] = await CA.connect(['E2E:ao']);
  const heard: number[] = [];
  channel!.on('connection', (state) => heard.push(state));
  await ioc.kill();
  await expect.poll(() => channel!.state).toBe(CA.ConState.CS_PREV_CONN);
  await ioc.start();
  await expect.poll(() => channel!.connected, { timeout: 10_000 }).toBe(true);
  expect(heard).toEqual([CA.CAConState.OP_CONN_DOWN, CA.CAConState.OP_CONN_UP]);
  await channel!.disconnect();
}, 60_000);

it('gives errors of its own classes', async () => {
  await expect(CA.connect('E2E:none', { timeout: 200 })).rejects.toBeInstanceOf(ConError);
  const error = await CA.put('E2E:readonly', 1).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(PutError);
  expect(error).toMatchObject({ name: 'PutError', code: 'NO_WRITE_ACCESS' });
});
