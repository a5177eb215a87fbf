// How late a monitor of Endstation's client comes while the same program computes. Each value is [seconds of the monotonic
// clock when it changed, its number].
//   alone:  nothing else is done
//   worker: a worker thread computes primes without a pause
//   main:   the very thread computes, in jobs of so many rounds, and looks at its events after each
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { CaClient } from 'epics-ioc-connection';
import { cpuIntense } from './cpuIntense';
import type { Emit } from './output';

export interface BusyThread { readonly role: 'busy' }
const monotonic = () => Number(process.hrtime.bigint()) / 1e9;
/** Rounds of one job on the main thread: some 30 to 60 ms, as a peak fit or an FFT of a frame is. */
export const jobRounds = 150;

/** What a worker thread does, until it is ended. */
export function computeForever(): void {
  while (true) cpuIntense();
}

/** Jobs on this thread, one after the other, until `over`. */
export async function computeHere(over: () => boolean): Promise<void> {
  while (!over()) {
    for (let round = 0; round < jobRounds; round++) cpuIntense();
    await new Promise(setImmediate);
  }
}

/** `file`: the script that a worker runs; it calls `computeForever`. */
export async function runCallbacks(mode: string, port: number, seconds: number, emit: Emit, file: string): Promise<void> {
  const client = new CaClient({ addressList: [`127.0.0.1:${port}`], autoAddressList: false, serverPort: port, environment: {} });
  const channel = client.channel('LAB:POLLING:0');
  await channel.whenConnected({ timeout: 10 });
  const latencies: number[] = [];
  const numbers: number[] = [];
  let began = Number.POSITIVE_INFINITY;
  channel.monitor({}, ({ value }) => {
    if (!(value instanceof Float64Array)) return;
    const [at = 0, sequence = 0] = value;
    if (at < began) return;
    latencies.push((monotonic() - at) * 1000);
    numbers.push(sequence);
  });
  const busy: BusyThread = { role: 'busy' };
  const worker = mode === 'worker' ? new Worker(file, { workerData: busy }) : null;
  await wait(200);
  const cpu = process.cpuUsage();
  began = monotonic();
  if (mode === 'main') await computeHere(() => monotonic() - began >= seconds);
  else await wait(seconds * 1000);
  const wall = monotonic() - began;
  const used = process.cpuUsage(cpu);
  const missed = numbers.length === 0 ? 0 : (numbers.at(-1) ?? 0) - (numbers[0] ?? 0) + 1 - numbers.length;
  emit({ wall, cpu: (used.user + used.system) / 1e6, latencies: [...latencies], missed });
  await worker?.terminate();
  await client.close();
}
