// A program with a window has to come back to its events 60 times a second. How late it does, while a job runs:
//   idle:    no job
//   main:    on this very thread, one job after the other
//   worker:  in a worker thread
//   process: in a process of its own
import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { computeHere, type BusyThread } from './callbacks';
import { elapsedMs, type Emit } from './output';

/** Milliseconds of a frame. */
const frame = 1000 / 60;

/** `file`: the script that a worker runs, and a process. */
export async function runUi(mode: string, seconds: number, emit: Emit, file: string): Promise<void> {
  const busy: BusyThread = { role: 'busy' };
  const worker = mode === 'worker' ? new Worker(file, { workerData: busy }) : null;
  const child = mode === 'process' ? spawn(process.execPath, [file, 'ui', 'busy', '0'], { stdio: 'ignore', env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } }) : null;
  await wait(300);
  const began = process.hrtime.bigint();
  const over = () => elapsedMs(began) >= seconds * 1000;
  const delays: number[] = [];
  let due = frame;
  const tick = () => {
    const now = elapsedMs(began);
    delays.push(Math.max(0, now - due));
    // Frames that went by meanwhile are not drawn any more.
    const next = Math.max(due + frame, frame * Math.ceil(now / frame));
    due = next;
    if (!over()) setTimeout(tick, next - elapsedMs(began));
  };
  setTimeout(tick, frame);
  if (mode === 'main') await computeHere(over);
  else await wait(seconds * 1000);
  emit({ delays: [...delays], frames: Math.round((seconds * 1000) / frame) });
  child?.kill('SIGKILL');
  await worker?.terminate();
}
