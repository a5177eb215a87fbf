// Our clients on somebody else's server: one function per exchange, the same for Channel Access and pvAccess.
import { CaClient, PvaClient } from 'epics-ioc-connection';
import type { CaClient as Ca, ChannelState, PvValue, Reading } from 'epics-ioc-connection';
import { expect } from 'vitest';
import type { Exchange } from './pairs';

/** The names that a server has for the PVs of the exchanges. */
export interface PeerServer {
  readonly environment: Readonly<Record<string, string>>;
  readonly names: Readonly<Record<'double' | 'enum' | 'string' | 'array' | 'counter' | 'slow' | 'done', string>>;
  /** SIGKILL, and a new process on the same ports. */
  kill(): Promise<void>;
  start(): Promise<void>;
}
type OurChannel = ReturnType<Ca['channel']>;
type Client = { channel(name: string): Pick<OurChannel, 'get' | 'put' | 'monitor' | 'onState' | 'whenConnected' | 'close' | 'connected'>; close(): Promise<void> };

const patience = { timeout: 20 };

async function until(condition: () => boolean | Promise<boolean>, what: string | (() => string), seconds = 20): Promise<void> {
  const limit = Date.now() + seconds * 1000;
  while (!await condition()) {
    if (Date.now() > limit) throw new Error(`Not within ${seconds} s: ${typeof what === 'string' ? what : what()}`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

/** With a keychain in the environment it is TLS and nothing else. */
export function makeClient(protocol: 'ca' | 'pva', environment: PeerServer['environment']): Client {
  return protocol === 'ca' ? new CaClient({ environment }) : new PvaClient({ environment, tls: environment['EPICS_PVA_TLS_KEYCHAIN'] ? { required: true } : false });
}

type Act = (client: Client, server: PeerServer) => Promise<void>;

export const acts: Readonly<Record<Exchange, Act>> = {
  async get(client, { names }) {
    const reading = await client.channel(names.double).get(patience);
    expect(reading).toMatchObject({ type: 'DOUBLE', value: 1.5, count: 1 });
    expect(Math.abs((reading.timestamp?.seconds ?? 0) - Date.now() / 1000)).toBeLessThan(300);
  },
  async put(client, { names }) {
    const channel = client.channel(names.double);
    await channel.put(2.5, patience);
    await until(async () => (await channel.get(patience)).value === 2.5, 'the value that was put');
  },
  async 'put-callback'(client, { names }) {
    const [slow, done] = [client.channel(names.slow), client.channel(names.done)];
    await done.put(0, { wait: true, ...patience });
    expect((await done.get(patience)).value).toBe(0);
    await slow.put(1, { wait: true, ...patience });
    expect((await done.get(patience)).value).toBe(1);
  },
  async monitor(client, { names }) {
    const values: number[] = [];
    const stop = client.channel(names.counter).monitor({}, ({ value }) => values.push(value as number));
    await until(() => values.length >= 6, 'six updates');
    stop.dispose();
    expect(values).toEqual(values.map((_, i) => (values[0] as number) + i));
  },
  async enum(client, { names }) {
    const channel = client.channel(names.enum);
    await channel.put('Fault', { wait: true, ...patience });
    expect(await channel.get({ metadata: true, ...patience })).toMatchObject({ type: 'ENUM', value: 2, metadata: { states: ['Idle', 'Busy', 'Fault'] } });
    expect((await channel.get({ as: 'string', ...patience })).value).toBe('Fault');
    await channel.put(0, { wait: true, ...patience });
    expect((await channel.get(patience)).value).toBe(0);
  },
  async string(client, { names }) {
    const channel = client.channel(names.string);
    await channel.put('Röntgen 5 µm', { wait: true, ...patience });
    expect(await channel.get(patience)).toMatchObject({ type: 'STRING', value: 'Röntgen 5 µm' });
  },
  async array(client, { names }) {
    const channel = client.channel(names.array);
    for (const sent of [Float64Array.from({ length: 500 }, (_, i) => Math.sin(i) * 1e9), Float64Array.of(NaN, -Infinity, 0.1)]) {
      await channel.put(sent, { wait: true, ...patience });
      const { value }: { value: PvValue } = await channel.get(patience);
      expect(value).toEqual(sent);
    }
  },
  async alarm(client, { names }) {
    const channel = client.channel(names.double);
    const seen: Reading[] = [];
    const stop = channel.monitor({}, (reading) => seen.push(reading));
    for (const [value, severity] of [[95, 'MAJOR'], [85, 'MINOR'], [0, 'NO_ALARM']] as const) {
      const before = seen.length;
      await channel.put(value, { wait: true, ...patience });
      // caproto posts the value once more, without its alarm.
      await until(() => seen.slice(before).some((reading) => reading.value === value && reading.severity === severity), () => `${value} with ${severity}, of ${JSON.stringify(seen)}`);
    }
    stop.dispose();
  },
  async reconnect(client, server) {
    const channel = client.channel(server.names.counter);
    const states: ChannelState[] = [];
    const seen: number[] = [];
    await channel.whenConnected(patience);
    channel.onState((state) => states.push(state));
    channel.monitor({}, ({ value }) => seen.push(value as number));
    await until(() => seen.length > 0, 'a first update');
    await server.kill();
    await until(() => !channel.connected, 'the loss is known');
    const before = seen.length;
    await server.start();
    await until(() => channel.connected && seen.length > before + 2, 'updates again', 40);
    expect(states).toEqual(['disconnected', 'connected']);
    expect((await channel.get(patience)).value).toBeTypeOf('number');
  },
};
