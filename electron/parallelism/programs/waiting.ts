// CPU of a program that waits for monitors, with Endstation's own Channel Access client: five times SECONDS.
import { setTimeout as wait } from 'node:timers/promises';
import { CaClient } from 'epics-ioc-connection';
import type { Emit } from './output';

const parts = 5;

export async function runWaiting(port: number, channels: number, seconds: number, emit: Emit): Promise<void> {
  const client = new CaClient({ addressList: [`127.0.0.1:${port}`], autoAddressList: false, serverPort: port, environment: {} });
  const all = Array.from({ length: channels }, (_, index) => client.channel(`LAB:POLLING:${index}`));
  await Promise.all(all.map((channel) => channel.whenConnected({ timeout: 10 })));
  let events = 0;
  for (const channel of all) channel.monitor({}, () => { events++; });
  await wait(500);
  const measured: number[][] = [];
  for (let part = 0; part < parts; part++) {
    const cpu = process.cpuUsage();
    const began = process.hrtime.bigint();
    const before = events;
    await wait(seconds * 1000);
    const { user, system } = process.cpuUsage(cpu);
    measured.push([(user + system) / 1e6, Number(process.hrtime.bigint() - began) / 1e9, events - before]);
  }
  emit({ parts: measured, memory: process.resourceUsage().maxRSS / 1024 });
  await client.close();
}
