// The server of the faults, a child process: PVs that hold the time, and PVs whose writes are in a file before they are acknowledged.
import { openSync, writeSync } from 'node:fs';
import { CaServer, PvaServer, type ServerPv } from '../../../src';
import type { Protocol } from './answers';
import { now, type IocNames } from './ioc';

export interface FaultServerOrder {
  readonly protocol: Protocol; readonly tcpPort: number; readonly udpPort: number; readonly log: string; readonly names: IocNames;
  /** Milliseconds between two values of a clock. */
  readonly period: number;
}
export interface FaultServerReport { readonly targets: Record<string, number>; /** TCP connections. */ readonly sockets: number; /** Bytes. */ readonly memory: number }

/** Elements, and milliseconds between two of them, of the array that changes more often than anybody can read. */
const [waveSize, floodPeriod] = [8000, 5];
const order = JSON.parse(process.argv[2] ?? '{}') as FaultServerOrder;
const { protocol, tcpPort, udpPort, names } = order;
const file = openSync(order.log, 'a');
const server = protocol === 'ca' ? new CaServer({ port: tcpPort, udpPort }) : new PvaServer({ port: tcpPort, udpPort });
const clocks = names.clocks.map((name) => server.add(name, { type: 'DOUBLE', initial: now() }));
const targets: ServerPv[] = names.targets.map((name, i) => server.add(name, {
  type: 'DOUBLE', initial: 0,
  onWrite: ({ value }) => {
    writeSync(file, `${Number(value)}\n`);
    targets[i]?.update({ value });
    // Every other one takes its time, so that a fault finds it under way.
    const pause = Number(value) % 2 === 0 ? 0 : (Number(value) * 7) % 200;
    return pause === 0 ? undefined : new Promise((resolve) => { setTimeout(resolve, pause); });
  },
}));
const wave = names.wave === null ? null : server.add(names.wave, { type: 'DOUBLE', count: waveSize, initial: new Float64Array(waveSize) });
const realNow = Date.now.bind(Date);
let flooding: NodeJS.Timeout | null = null;

/** Twice: what arrays held is given back after the collection that found them. */
async function collect(): Promise<void> {
  for (let times = 2; times > 0; times -= 1) {
    (globalThis as { gc?: () => void }).gc?.();
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

async function report({ memory = false } = {}): Promise<FaultServerReport> {
  if (memory) await collect();
  const { heapUsed, external } = process.memoryUsage();
  return {
    targets: Object.fromEntries(targets.map(({ name, state }) => [name, Number(state.value)])),
    sockets: process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length, memory: heapUsed + external,
  };
}

function flood(on: boolean): void {
  if (flooding) clearInterval(flooding);
  flooding = on ? setInterval(() => {
    const value = new Float64Array(waveSize);
    value[0] = now();
    wave?.update({ value });
  }, floodPeriod) : null;
}

process.on('message', (message: { readonly report?: { readonly memory: boolean }; readonly clock?: number; readonly flood?: boolean }) => {
  if (message.report) void report(message.report).then((found) => process.send?.(found));
  else if (message.clock !== undefined) {
    const { clock } = message;
    Date.now = () => realNow() + clock;
  } else if (message.flood !== undefined) flood(message.flood);
});
// The parent's end is its own.
process.on('disconnect', () => process.exit(0));

void server.listen().then(() => {
  process.send?.('ready');
  setInterval(() => { for (const clock of clocks) clock.update({ value: now() }); }, order.period);
});
