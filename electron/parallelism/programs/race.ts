// Lost updates in JavaScript: two worker threads add one to the same place of a SharedArrayBuffer, so many times each.
//   plain:  shared[0] += 1
//   atomic: Atomics.add
// wasm-plain and wasm-atomic do the same in WebAssembly (race.wat).
import { Worker } from 'node:worker_threads';
import { elapsedMs, type Emit } from './output';
import { wasmFunction, wasmMemory, wasmModule, type WasmMemory, type WasmModule } from './webAssembly';

export interface RaceThread { readonly role: 'race'; readonly memory: SharedArrayBuffer; readonly mode: string; readonly count: number; readonly wasm: { readonly module: WasmModule; readonly memory: WasmMemory } | null }
/** Of the shared memory: the value, how many are ready, whether they may start, how many are done. */
const ready = 1;
const started = 2;
const finished = 3;

function plain(shared: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) shared[0] = (shared[0] ?? 0) + 1;
}
function atomic(shared: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) Atomics.add(shared, 0, 1);
}

/** What a worker thread does. */
export function raceThread({ memory, mode, count, wasm }: RaceThread): void {
  const shared = new Int32Array(memory);
  const inWasm = wasm ? wasmFunction(wasm.module, mode === 'wasm-atomic' ? 'atomic' : 'plain', wasm.memory) : null;
  Atomics.add(shared, ready, 1);
  Atomics.wait(shared, started, 0);
  if (inWasm) inWasm(count);
  else (mode === 'atomic' ? atomic : plain)(shared, count);
  Atomics.add(shared, finished, 1);
  Atomics.notify(shared, finished);
}

/** `file`: the script that a worker runs; it calls `raceThread`. */
export function runRace(mode: string, count: number, emit: Emit, file: string): void {
  const memory = new SharedArrayBuffer(16);
  const shared = new Int32Array(memory);
  const wasm = mode.startsWith('wasm-') ? { module: wasmModule('race'), memory: wasmMemory() } : null;
  const workerData: RaceThread = { role: 'race', memory, mode, count, wasm };
  for (let i = 0; i < 2; i++) new Worker(file, { workerData });
  const whenReady = setInterval(() => {
    if (Atomics.load(shared, ready) < 2) return;
    clearInterval(whenReady);
    const began = process.hrtime.bigint();
    Atomics.store(shared, started, 1);
    Atomics.notify(shared, started);
    for (let done = 0; done < 2; done = Atomics.load(shared, finished)) Atomics.wait(shared, finished, done);
    emit({ expected: 2 * count, got: Atomics.load(wasm ? new Int32Array(wasm.memory.buffer) : shared, 0), wall: elapsedMs(began) / 1000 });
  }, 2);
}
