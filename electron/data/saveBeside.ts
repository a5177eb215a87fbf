// Files that are made from a run, or without one, beside the runs: results of compute jobs.
import { promises as fs } from 'node:fs';
import { dirname, join } from 'node:path';
import { EndstationError } from '@shared/errors';
import { explainFolder } from './folderProblem';
import { makeFolder } from '../files/makeFolder';
import { attachmentPath, dayFolder } from './runNames';
import type { RunStore } from './runStore';

/**
 * Beside the run's files and under its name, or in the folder of the day where there is no run; never over another file.
 * Returns the path. Errors: `NO_RUN`, `DATA_FOLDER`.
 */
export async function saveBeside(store: RunStore, run: string | null, name: string, contents: string): Promise<string> {
  const wanted = run === null ? join(store.folder, dayFolder(Date.now() / 1000), name) : attachmentPath((await store.find(run)).journal, name);
  try {
    await makeFolder(dirname(wanted));
    return await writeNew(wanted, contents);
  } catch (error) {
    throw new EndstationError('DATA_FOLDER', explainFolder(dirname(wanted), error), { cause: error });
  }
}

/** `x.csv`, else `x-2.csv`, ... */
async function writeNew(wanted: string, contents: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const path = number === 1 ? wanted : wanted.replace(/(\.\w+)$/, `-${number}$1`);
    try {
      await fs.writeFile(path, contents, { flag: 'wx' });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
