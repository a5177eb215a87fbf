// A thread that computes gives way: with every core busy the window is still drawn and the devices are still heard at once.
import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** Added to the nice value of threads that compute: where all want the cores, one of the others gets three times as much. */
const niceness = 5;

/** Lowers the priority of the thread that calls it. Only on Linux does a thread have one of its own; elsewhere nothing is changed. */
export function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, Math.min(19, getPriority(thread) + niceness));
  } catch {
    // No /proc, or not allowed: it computes at the priority of the others.
  }
}
