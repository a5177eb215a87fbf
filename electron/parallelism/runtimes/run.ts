// Asks an interpreter or a compiler a short question.
import { execFile } from 'node:child_process';

/** What it printed on stdout; null where it can't be started, fails, or does not answer within the time (milliseconds). */
export function ask(file: string, args: readonly string[], timeout = 10_000): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(file, args, { timeout, windowsHide: true }, (error, stdout) => resolve(error ? null : stdout));
  });
}
