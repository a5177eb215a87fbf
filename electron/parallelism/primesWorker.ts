// Runs the lab's Node programs: `primesWorker.cjs cpu_intense main|workers THREADS ROUNDS`. As a process of its own it prints its
// lines, as a worker thread it posts them; a thread of a program is this file again, with its part in workerData.
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { primesThread, runInWorkers, runOnMain, type PrimesThread } from './programs/cpuIntense';
import type { Emit } from './programs/output';

type ThreadPart = PrimesThread;

async function runProgram(args: readonly string[], emit: Emit): Promise<void> {
  const [program, mode, ...rest] = args;
  const numbers = rest.map(Number);
  const [threads = 1, rounds = 1] = numbers;
  if (program === 'cpu_intense' && mode === 'main') await runOnMain(threads, rounds, emit);
  else if (program === 'cpu_intense' && mode === 'workers') runInWorkers(threads, rounds, emit, __filename);
  else throw new Error(`there is no program ${String(program)} ${String(mode)}`);
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

const part = workerData as ThreadPart | null;
if (part?.role === 'primes') primesThread(part);
else if (isMainThread) runProgram(process.argv.slice(2), (line) => process.stdout.write(`${JSON.stringify(line)}\n`)).catch(fail);
else runProgram(process.argv.slice(2), (line) => parentPort?.postMessage(line)).catch(fail);
