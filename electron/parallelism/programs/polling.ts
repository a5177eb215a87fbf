// Polling against monitors, with Endstation's own Channel Access client. Every value is [seconds of the monotonic clock when it
// changed, its number], so that a client can tell how late it noticed it, and what it missed.
//   source:  the server, until it is ended: CHANNELS of them, each changing RATE times a second (0: never)
//   beamline: the simulated beamline, until it is ended, with one of its PVs written to RATE times a second
//   drive:   writes to the PV NAME of another server, RATE times a second, until it is ended
//   poll:    asks for all values, waits 10 ms, and so on, for SECONDS
//   monitor: is told of changes, for SECONDS
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { CaClient, CaServer, type Reading } from 'epics-ioc-connection';
import { endWithParent } from './endWithParent';
import type { Emit } from './output';

const name = (index: number) => `LAB:POLLING:${index}`;
/** A waveform of the simulated beamline that becomes what one writes. */
const beamlinePv = 'SIM:TEST:WAVE';
const monotonic = () => Number(process.hrtime.bigint()) / 1e9;
/** Of the PyEpics documentation: `time.sleep(0.01)`, ten rounds. */
const pause = 10;
const rounds = 10;

export async function runSource(channels: number, rate: number, emit: Emit): Promise<void> {
  endWithParent();
  const server = new CaServer({ host: '127.0.0.1', port: 0 });
  const pvs = Array.from({ length: channels }, (_, index) => server.add(name(index), { type: 'DOUBLE', count: 2, initial: Float64Array.of(0, 0) }));
  await server.listen();
  let sequence = 0;
  // A server with values that never change stays alive by its sockets.
  if (rate > 0) setInterval(() => {
    sequence++;
    for (const pv of pvs) pv.update({ value: Float64Array.of(monotonic(), sequence) });
  }, 1000 / rate);
  emit({ ready: true, port: server.tcpPort });
}

/** Writes the time and a number to a PV, so many times a second, until the process is ended. */
export async function drive(port: number, pv: string, rate: number, emit: Emit): Promise<void> {
  endWithParent();
  const channel = clientOf(port).channel(pv);
  await channel.whenConnected({ timeout: 10 });
  let sequence = 0;
  const write = () => channel.put(Float64Array.of(monotonic(), ++sequence), { wait: false });
  await write();
  setInterval(() => void write().catch(() => process.exit(1)), 1000 / rate);
  emit({ ready: true, port });
}

/** `folder`: where the application's built workers are. */
export function runBeamline(rate: number, folder: string, emit: Emit): void {
  const worker = new Worker(join(folder, 'simWorker.cjs'), { workerData: {} });
  worker.on('error', (error) => {
    process.stderr.write(`The simulated beamline did not start: ${error.message}\n`);
    process.exit(1);
  });
  worker.on('message', (message: { readonly kind: string; readonly udpPort?: number }) => {
    if (message.kind === 'ready' && message.udpPort !== undefined) void drive(message.udpPort, beamlinePv, rate, emit);
  });
}

function clientOf(port: number): CaClient {
  return new CaClient({ addressList: [`127.0.0.1:${port}`], autoAddressList: false, serverPort: port, environment: {} });
}

/** What a client noticed of all channels. */
class Notices {
  readonly latencies: number[] = [];
  missed = 0;
  unchanged = 0;
  reads = 0;
  #last = new Map<string, number>();
  #from = monotonic();

  /** Forgets what came before, but not which values are known. */
  begin(): void {
    this.latencies.length = 0;
    this.missed = this.unchanged = this.reads = 0;
    this.#from = monotonic();
  }

  take(pv: string, { value }: Reading): void {
    if (!(value instanceof Float64Array)) return;
    const [changed = 0, sequence = 0] = value;
    const last = this.#last.get(pv);
    this.#last.set(pv, sequence);
    this.reads++;
    if (last === undefined) return;
    if (sequence === last) {
      this.unchanged++;
      return;
    }
    this.missed += sequence - last - 1;
    if (changed >= this.#from) this.latencies.push((monotonic() - changed) * 1000);
  }
}

export async function runPollingClient(mode: string, port: number, channels: number, seconds: number, pv: string | undefined, emit: Emit): Promise<void> {
  const client = clientOf(port);
  const all = Array.from({ length: channels }, (_, index) => client.channel(pv ?? name(index)));
  await Promise.all(all.map((channel) => channel.whenConnected({ timeout: 10 })));
  const notices = new Notices();
  const ask = async () => {
    for (const reading of await Promise.all(all.map(async (channel) => ({ pv: channel.name, reading: await channel.get({ timeout: 10 }) })))) notices.take(reading.pv, reading.reading);
  };
  let answering = 0;
  let tenRounds = 0;
  let requests = 0;
  if (mode === 'monitor') {
    for (const channel of all) channel.monitor({}, (reading) => notices.take(channel.name, reading));
    await wait(200);
  } else {
    await ask();
    const began = monotonic();
    for (let round = 0; round < rounds; round++) {
      const asked = monotonic();
      await ask();
      answering += monotonic() - asked;
      await wait(pause);
    }
    tenRounds = monotonic() - began;
  }
  const cpu = process.cpuUsage();
  const began = monotonic();
  notices.begin();
  if (mode === 'monitor') await wait(seconds * 1000);
  else {
    while (monotonic() - began < seconds) {
      await ask();
      requests += channels;
      await wait(pause);
    }
  }
  const wall = monotonic() - began;
  const used = process.cpuUsage(cpu);
  emit({
    wall, cpu: (used.user + used.system) / 1e6, requests, reads: notices.reads, unchanged: notices.unchanged, missed: notices.missed,
    latencies: notices.latencies, tenRounds: tenRounds * 1000, answering: answering * 1000,
  });
  await client.close();
}
