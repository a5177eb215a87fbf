// A thread of `npm run fuzz`: runs seeds of one target one after the other and says which fail. The main thread sees to hangs.
import { parentPort, workerData } from 'node:worker_threads';
import { caClient, caServer } from './caTargets';
import { countAllocations, takeAllocations } from './allocations';
import { pictures } from './pictureTargets';
import { pvaClient, pvaServer } from './pvaTargets';
import { Random } from './random';
import { inputsPerSeed, someCut, type Target } from './target';

const targets: Readonly<Record<string, Target>> = { 'ca-client': caClient, 'ca-server': caServer, 'pva-client': pvaClient, 'pva-server': pvaServer, pictures };
const { name, first, seeds, milliseconds, progress } = workerData as {
  name: string; first: number; seeds: number; milliseconds: number; /** Seeds begun; read by the main thread. */ progress: BigInt64Array;
};
const target = targets[name] as Target;
/** CPU milliseconds and heap bytes beyond which one input counts as a hang or as too much. */
const slow = 500;
const heavy = 64 * 2 ** 20;
/** Of a wall clock that others use too: from here on it is looked at again. */
const suspicious = 100;
const slack = 2 ** 20;
/** Seeds between two turns of the event loop. */
const batch = 16;

/** All inputs of a seed; null where nothing is wrong. `look`: told of each input, of which connection it is. */
function once(seed: number, look?: (hex: string) => void): string | null {
  const random = new Random(seed);
  let session = target.open(random);
  try {
    for (let i = 0; i < inputsPerSeed; i += 1) {
      const input = session.make(random);
      look?.(`${input.datagram ? 'datagram ' : ''}${Buffer.from(input.bytes).toString('hex')}`);
      takeAllocations();
      const going = session.run(input, someCut(random));
      const { largest, total } = takeAllocations();
      if (largest > target.cap + slack) return `One piece of ${largest} bytes.`;
      if (total > 3 * target.cap + 1000 * input.bytes.length) return `${total} bytes in all for an input of ${input.bytes.length}.`;
      if (going) continue;
      session.end();
      session = target.open(random, session);
      look?.('new connection');
    }
    session.end();
    return null;
  } catch (error) {
    return error instanceof Error ? error.stack ?? error.message : String(error);
  }
}

/** The inputs of a seed, from the connection on that met what was wrong. */
function inputsOf(seed: number): string {
  let lines: string[] = [];
  Error.stackTraceLimit = 10;
  const what = once(seed, (line) => { lines = line === 'new connection' ? [] : [...lines, line]; });
  Error.stackTraceLimit = 0;
  return `${lines.join('\n     ')}\n     ${what}`;
}

/** Again, with the CPU and the heap measured: a busy machine is no hang. */
function measured(seed: number): string | null {
  const heap = process.memoryUsage().heapUsed;
  const cpu = process.cpuUsage();
  once(seed);
  const { user, system } = process.cpuUsage(cpu);
  const used = process.memoryUsage().heapUsed - heap;
  if ((user + system) / 1000 > slow) return `${Math.round((user + system) / 1000)} ms of CPU.`;
  return used > heavy ? `${used} bytes of heap.` : null;
}

async function run(): Promise<void> {
  countAllocations();
  // Most inputs end in an error: its stack would take the most of the time.
  Error.stackTraceLimit = 0;
  const end = performance.now() + milliseconds;
  let seed = first;
  let failures = 0;
  process.on('unhandledRejection', (error) => parentPort?.postMessage({ kind: 'failure', seed, hex: '', what: `A promise was rejected: ${String(error)}` }));
  while (seed < first + seeds && performance.now() < end && failures < 20) {
    for (const last = Math.min(seed + batch, first + seeds); seed < last; seed += 1) {
      Atomics.store(progress, 0, BigInt(seed));
      const started = performance.now();
      const what = once(seed) ?? (performance.now() - started > suspicious ? measured(seed) : null);
      if (what === null) continue;
      failures += 1;
      parentPort?.postMessage({ kind: 'failure', seed, hex: inputsOf(seed), what });
    }
    // Promises of handlers, and what they make of a closed connection.
    await new Promise((resolve) => { setImmediate(resolve); });
  }
  Atomics.store(progress, 0, BigInt(seed));
  parentPort?.postMessage({ kind: 'done', seeds: seed - first });
}

void run();
