// Beacons by way of a CA repeater: EPICS base's own with our client, ours with libca's client. Alarms and record types of a real IOC.
import { execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CaClient } from 'epics-ioc-connection';
import { peerPython } from '../ioc/python';
import { startSoftIoc } from '../ioc/softIoc';
import type { SoftIoc } from '../ioc/softIoc';

const python = join(dirname(fileURLToPath(import.meta.url)), 'python');
const run = promisify(execFile);
let ioc: SoftIoc;
beforeAll(async () => { ioc = await startSoftIoc(); }, 60_000);
afterAll(() => ioc.kill());

async function until(condition: () => boolean | Promise<boolean>, what: string, seconds = 20): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!await condition()) {
    if (Date.now() > end) throw new Error(`Not within ${seconds} s: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}
const portOf = (): number => Number(ioc.environment['EPICS_CA_REPEATER_PORT']);
const portFree = (port: number): Promise<boolean> => new Promise((resolve) => {
  const socket = createSocket('udp4');
  socket.once('error', () => resolve(false));
  socket.bind(port, () => socket.close(() => resolve(true)));
});

it('CA 13: our client registers with the repeater of EPICS base, and hears the IOC that starts', async () => {
  const repeater = spawn(peerPython(), [join(python, 'ca_repeater.py')], { env: { ...process.env, ...ioc.environment }, stdio: ['pipe', 'pipe', 'inherit'] });
  const client = new CaClient({ environment: ioc.environment, repeater: false });
  try {
    await until(async () => !await portFree(portOf()), 'EPICS base\'s repeater on its port');
    const beacons: string[] = [];
    client.onDiagnostic((event) => { if (event.kind === 'beacon') beacons.push(event.server); });
    await ioc.kill();
    await until(() => client.statistics.bytesReceived >= 16, 'the confirmation');
    await ioc.start();
    await until(() => beacons.includes(`127.0.0.1:${ioc.port}`), 'the beacon of the IOC');
    expect(await portFree(portOf())).toBe(false);
  } finally {
    await client.close();
    repeater.stdin.end();
    await new Promise((resolve) => { repeater.once('exit', resolve); });
  }
});

it('CA 13: libca takes our client for the machine\'s repeater', async () => {
  const client = new CaClient({ environment: ioc.environment });
  try {
    await until(async () => !await portFree(portOf()), 'our repeater on its port');
    // A libca client that finds no repeater says so; one that finds ours is confirmed and silent about it.
    const { stdout, stderr } = await run(peerPython(), ['-c', 'import epics, time; v = epics.caget("E2E:ai"); time.sleep(1); print(v)'], { env: { ...process.env, ...ioc.environment } });
    expect([stdout.trim(), /repeater/i.test(stderr)]).toEqual(['2.25', false]);
    const beacons: string[] = [];
    client.onDiagnostic((event) => { if (event.kind === 'beacon') beacons.push(event.server); });
    await ioc.kill();
    await ioc.start();
    await until(() => beacons.includes(`127.0.0.1:${ioc.port}`), 'the beacon of the IOC that came back');
  } finally {
    await client.close();
  }
  expect(await portFree(portOf())).toBe(true);
});

it('reads the record type, and acknowledges alarms of a record', async () => {
  const client = new CaClient({ environment: ioc.environment });
  const channel = client.channel('E2E:ao');
  expect(await channel.className()).toBe('ao');
  await channel.put(95, { wait: true });
  await channel.put(0, { wait: true });
  expect(await channel.alarmAcknowledge()).toEqual({ transient: true, severity: 'MAJOR' });
  await channel.acknowledgeAlarm('MAJOR', { wait: true });
  expect(await channel.alarmAcknowledge()).toEqual({ transient: true, severity: 'NO_ALARM' });
  await channel.put(85, { wait: true });
  await channel.setTransientAlarms(false, { wait: true });
  await channel.put(0, { wait: true });
  expect(await channel.alarmAcknowledge()).toEqual({ transient: false, severity: 'NO_ALARM' });
  for (let code = 0; code <= 34; code += 1) expect((await channel.getDbr(code)).count).toBe(1);
  await client.close();
});
