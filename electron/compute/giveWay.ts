// A thread that computes gives way: with every core busy the window is still drawn and the devices are still heard at once.
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** The nice value of threads that compute: where all want the cores, one of the others gets three times as much. */
const niceness = 5;

/** Lowers the priority of the thread that calls it. Only on Linux does a thread have one of its own; elsewhere nothing is changed. */
export function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), niceness);
  } catch {
    // No /proc, or not allowed: it computes at the priority of the others.
  }
}
