// A name for a run's files that no other file has: taken by making its lock, which only one can.
import { promises as fs } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../files/makeFolder';
import { takeLock } from './runLock';
import { journalPath, runName, type NamedRun } from './runNames';

/** Names in lower case, as some systems take both for one. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return (await fs.readdir(folder).catch(() => [] as string[])).map((name) => name.toLowerCase());
}

/** The first of NAME, NAME_2, NAME_3... that no file begins with. */
export async function freeName(folder: string, pattern: string, run: NamedRun): Promise<string> {
  const names = await namesIn(dirname(journalPath(folder, run, 'x')));
  for (let number = 1; ; number++) {
    const name = runName(pattern, run, number);
    if (!names.some((known) => known.startsWith(`${name.toLowerCase()}.`))) return name;
  }
}

/** The journal's path; its lock is ours. Errors: the disk's. */
export async function claimName(folder: string, pattern: string, run: NamedRun): Promise<string> {
  await makeFolder(dirname(journalPath(folder, run, 'x')));
  for (;;) {
    const journal = journalPath(folder, run, await freeName(folder, pattern, run));
    try {
      await takeLock(journal);
      return journal;
    } catch (error) {
      // Another program took it meanwhile: its files are seen now.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
