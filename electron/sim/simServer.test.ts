// The simulation on its sockets: loopback only, real time, ports of its own.
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { CaClient } from 'epics-ioc-connection';
import { afterEach, expect, it } from 'vitest';
import { SimServer } from './simServer';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function started(options: ConstructorParameters<typeof SimServer>[0] = {}): Promise<SimServer> {
  const server = new SimServer(options);
  await server.start();
  closers.push(() => server.stop());
  return server;
}

const reaches = (host: string, port: number): Promise<boolean> => new Promise((resolve) => {
  const socket = connect(port, host);
  socket.once('connect', () => {
    socket.destroy();
    resolve(true);
  });
  socket.once('error', () => resolve(false));
});

it('answers on 127.0.0.1 and on no other address of the machine', async () => {
  const { caPort } = await started();
  expect(await reaches('127.0.0.1', caPort)).toBe(true);
  const others = Object.values(networkInterfaces()).flat().filter((address) => address !== undefined && address.address !== '127.0.0.1');
  for (const { address } of others as { address: string }[]) expect(await reaches(address, caPort), address).toBe(false);
});

it('serves two simulations at once, on ports of their own', async () => {
  const [first, second] = [await started(), await started()];
  expect(first.caPort).not.toBe(second.caPort);
});

it('moves a motor in real time and completes the put with a fresh counter', async () => {
  const { udpPort } = await started();
  const client = new CaClient({ addressList: [`127.0.0.1:${udpPort}`], autoAddressList: false, environment: {} });
  closers.push(() => client.close());
  const motor = client.channel('SIM:M1');
  const counter = client.channel('SIM:I1');
  expect((await counter.get()).value).toBeLessThan(1000);
  let latest = 0;
  counter.monitor({}, ({ value }) => {
    latest = value as number;
  });
  await motor.put(1.234, { wait: true });
  // What a monitor has brought when the put completes was measured at the new place.
  expect(latest).toBeGreaterThan(500_000);
  expect((await client.channel('SIM:M1.RBV').get()).value).toBe(1.234);
});

it('says what is wrong with a refused write', async () => {
  const { udpPort } = await started();
  const client = new CaClient({ addressList: [`127.0.0.1:${udpPort}`], autoAddressList: false, environment: {} });
  closers.push(() => client.close());
  await expect(client.channel('SIM:ID:GAP').put(1000, { wait: true })).rejects.toMatchObject({ code: 'PUT_FAILED' });
  await expect(client.channel('SIM:TEST:READONLY').put(1, { wait: true })).rejects.toMatchObject({ code: 'NO_WRITE_ACCESS' });
  expect((await client.channel('SIM:M1.DESC').get()).value).toBe('Sample x');
  expect((await client.channel('SIM:RING:CURRENT.DESC').get()).value).toContain('current');
  expect((await client.channel('SIM:RING:CURRENT.EGU').get()).value).toBe('mA');
});
