// Runs the lab's Node programs: `primesWorker.cjs PROGRAM MODE ARGUMENTS`. As a process of its own it prints its
// lines, as a worker thread it posts them; a thread of a program is this file again, with its part in workerData.
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { computeForever, runCallbacks, type BusyThread } from './programs/callbacks';
import { primesThread, runInWorkers, runOnMain, runTimeline, watchedThread, type PrimesThread, type Sharing, type WatchedThread } from './programs/cpuIntense';
import { runHog } from './programs/hog';
import type { Emit } from './programs/output';
import { drive, runBeamline, runPollingClient, runSource } from './programs/polling';
import { raceThread, runRace, type RaceThread } from './programs/race';
import { runUi } from './programs/ui';
import { runWaiting } from './programs/waiting';

type ThreadPart = PrimesThread | WatchedThread | RaceThread | BusyThread;

function isSharing(mode: string | undefined): mode is Sharing { return mode === 'workers' || mode === 'shared' || mode === 'atomics' || mode === 'wasm'; }

async function runProgram(args: readonly string[], emit: Emit): Promise<void> {
  const [program, mode, ...rest] = args;
  const [first = 1, second = 1, third = 1] = rest.map(Number);
  if (program === 'cpu_intense' && mode === 'main') await runOnMain(first, second, emit);
  else if (program === 'cpu_intense' && isSharing(mode)) runInWorkers(mode, first, second, emit, __filename);
  else if (program === 'cpu_intense' && mode === 'timeline') runTimeline(first, second, emit, __filename);
  else if (program === 'race') runRace(mode ?? '', first, emit, __filename);
  else if (program === 'hog') await runHog(mode ?? '', first, emit);
  else if (program === 'polling' && mode === 'source') await runSource(first, second, emit);
  else if (program === 'polling' && mode === 'beamline') runBeamline(first, __dirname, emit);
  else if (program === 'polling' && mode === 'drive') await drive(first, rest[1] ?? '', third, emit);
  else if (program === 'polling') await runPollingClient(mode ?? '', first, second, third, rest[3], emit);
  else if (program === 'callbacks') await runCallbacks(mode ?? '', first, second, emit, __filename);
  else if (program === 'waiting') await runWaiting(first, second, third, emit);
  else if (program === 'ui' && mode === 'busy') computeForever();
  else if (program === 'ui') await runUi(mode ?? '', first, emit, __filename);
  else throw new Error(`there is no program ${String(program)} ${String(mode)}`);
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

const part = workerData as ThreadPart | null;
if (part?.role === 'primes') primesThread(part);
else if (part?.role === 'watched') parentPort?.postMessage(watchedThread(part));
else if (part?.role === 'race') raceThread(part);
else if (part?.role === 'busy') computeForever();
else if (isMainThread) runProgram(process.argv.slice(2), (line) => process.stdout.write(`${JSON.stringify(line)}\n`)).catch(fail);
else runProgram(process.argv.slice(2), (line) => parentPort?.postMessage(line)).catch(fail);
