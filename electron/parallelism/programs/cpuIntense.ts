// The article's cpu_intense in JavaScript: the same loops, in two tasks of one thread, or in worker threads.
//   main:    one JavaScript thread; each task lets the other go on after every round
//   workers: a thread each, started together; they share nothing but counters of their own
//   shared:  the same, and all add to one value of a SharedArrayBuffer; without protection, so that updates may be lost
//   atomics: the same with Atomics
//   wasm:    workers whose loops are WebAssembly (cpu_intense.wat)
import { Worker } from 'node:worker_threads';
import { elapsedMs, reporter, type Emit } from './output';
import { wasmFunction, wasmModule, type WasmModule } from './webAssembly';

function isPrime(n: number): boolean {
  for (let i = 2; i < Math.trunc(Math.sqrt(n)) + 1; i++) {
    if (n % i === 0) return false;
  }
  return true;
}

/** Returns how many primes it found: a compiler may leave out work whose result nobody reads. */
export function cpuIntense(): number {
  let found = 0;
  for (let n = 3; n < 10_000; n++) {
    if (isPrime(n)) found++;
  }
  return found;
}

/** The first thread adds ones, the second millions, as in the article. */
function increment(index: number): number {
  return index % 2 === 0 ? 1 : 1_000_000;
}
function total(counts: Iterable<number>): number {
  return [...counts].reduce((sum, count, index) => sum + count * increment(index), 0);
}
/** CPU seconds of the whole process, since `before`. */
function cpuSeconds(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

export async function runOnMain(threads: number, rounds: number, emit: Emit): Promise<void> {
  const counts = new Array<number>(threads).fill(0);
  let sharedValue = 0;
  const cpu = process.cpuUsage();
  const began = process.hrtime.bigint();
  const report = reporter(began, emit);
  const task = async (index: number) => {
    for (let round = 0; round < rounds; round++) {
      cpuIntense();
      sharedValue += increment(index);
      counts[index] = round + 1;
      report(() => ({ counts, total: sharedValue }));
      await new Promise(setImmediate);
    }
  };
  await Promise.all(counts.map((_, index) => task(index)));
  emit({ wall: elapsedMs(began) / 1000, cpu: cpuSeconds(cpu), counts, total: sharedValue });
}

export type Sharing = 'workers' | 'shared' | 'atomics' | 'wasm';
export interface PrimesThread {
  readonly role: 'primes';
  readonly mode: Sharing;
  readonly memory: SharedArrayBuffer;
  /** One number of 64 bits: the article's shared_value. */
  readonly value: SharedArrayBuffer;
  readonly index: number;
  readonly rounds: number;
  readonly module: WasmModule | null;
}
/** Of the shared memory: how many threads are ready, whether they may start, how many are done; then a counter each. */
const ready = 0;
const started = 1;
const finished = 2;
const firstCounter = 3;

/** What a worker thread does. */
export function primesThread({ mode, memory, value, index, rounds, module }: PrimesThread): void {
  const shared = new Int32Array(memory);
  const sharedValue = new BigInt64Array(value);
  const inc = BigInt(increment(index));
  const work = module ? wasmFunction(module, 'cpu_intense') : cpuIntense;
  // Compiled before the clock starts, as the others are.
  work();
  Atomics.add(shared, ready, 1);
  Atomics.wait(shared, started, 0);
  for (let round = 0; round < rounds; round++) {
    work();
    if (mode === 'shared') sharedValue[0] = (sharedValue[0] ?? 0n) + inc;
    if (mode === 'atomics') Atomics.add(sharedValue, 0, inc);
    Atomics.add(shared, firstCounter + index, 1);
  }
  Atomics.add(shared, finished, 1);
  Atomics.notify(shared, finished);
}

/** `file`: the script that a worker runs; it calls `primesThread`. Starting the threads is not part of the time, as they are kept in practice. */
export function runInWorkers(mode: Sharing, threads: number, rounds: number, emit: Emit, file: string): void {
  const memory = new SharedArrayBuffer(4 * (firstCounter + threads));
  const value = new SharedArrayBuffer(8);
  const shared = new Int32Array(memory);
  const counts = () => [...shared.subarray(firstCounter)];
  const progress = () => ({ counts: counts(), total: mode === 'shared' || mode === 'atomics' ? Number(new BigInt64Array(value)[0]) : total(counts()) });
  const module = mode === 'wasm' ? wasmModule('cpu_intense') : null;
  for (let index = 0; index < threads; index++) {
    const workerData: PrimesThread = { role: 'primes', mode, memory, value, index, rounds, module };
    new Worker(file, { workerData });
  }
  const whenReady = setInterval(() => {
    if (Atomics.load(shared, ready) < threads) return;
    clearInterval(whenReady);
    const cpu = process.cpuUsage();
    const began = process.hrtime.bigint();
    const report = reporter(began, emit);
    Atomics.store(shared, started, 1);
    Atomics.notify(shared, started);
    for (let done = 0; done < threads; done = Atomics.load(shared, finished)) {
      Atomics.wait(shared, finished, done, 50);
      report(progress);
    }
    emit({ wall: elapsedMs(began) / 1000, cpu: cpuSeconds(cpu), ...progress() });
  }, 2);
}

export interface WatchedThread { readonly role: 'watched'; readonly memory: SharedArrayBuffer; readonly seconds: number }

/** What a worker thread does for a timeline: the same primes with a look at the clock after each number, and says when it ran. */
export function watchedThread({ memory, seconds }: WatchedThread): [number, number][] {
  const shared = new Int32Array(memory);
  Atomics.add(shared, ready, 1);
  Atomics.wait(shared, started, 0);
  const spans: [number, number][] = [];
  const began = process.hrtime.bigint();
  let start = 0;
  let last = 0;
  let n = 3;
  while (last < seconds * 1000) {
    isPrime(n);
    n = n < 9999 ? n + 1 : 3;
    const now = elapsedMs(began);
    if (now - last > 1) {
      spans.push([start, last]);
      start = now;
    }
    last = now;
  }
  return [...spans, [start, last]];
}

/** Who ran when: [from, to] in milliseconds of each thread. */
export function runTimeline(threads: number, seconds: number, emit: Emit, file: string): void {
  const memory = new SharedArrayBuffer(4 * firstCounter);
  const shared = new Int32Array(memory);
  const workerData: WatchedThread = { role: 'watched', memory, seconds };
  const spans: [number, number][][] = [];
  for (let index = 0; index < threads; index++) {
    new Worker(file, { workerData }).on('message', (own: [number, number][]) => {
      spans.push(own);
      if (spans.length === threads) emit({ spans });
    });
  }
  const whenReady = setInterval(() => {
    if (Atomics.load(shared, ready) < threads) return;
    clearInterval(whenReady);
    Atomics.store(shared, started, 1);
    Atomics.notify(shared, started);
  }, 2);
}
