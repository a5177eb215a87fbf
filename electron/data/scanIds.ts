// Scan numbers: each is given once in a folder, also to several programs at once, also after a crash.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../files/makeFolder';
import { dayPattern, isJournal, scanIdOf } from './runNames';

/** Claims of older numbers that are kept, so that a slow program can't claim one of them again. */
const kept = 64;

/** Numbers that runs in the folder have, in case the claims were lost. */
async function highestUsed(folder: string): Promise<number> {
  const days = (await fs.readdir(folder)).filter((name) => dayPattern.test(name)).sort();
  for (const day of days.reverse()) {
    const numbers = (await fs.readdir(join(folder, day))).filter(isJournal).map(scanIdOf);
    if (numbers.length > 0) return Math.max(...numbers);
  }
  return 0;
}

/** A number is taken by making a file of its name, which only one can. */
export async function claimScanId(folder: string): Promise<number> {
  const claims = join(folder, '.endstation', 'scan_ids');
  await makeFolder(claims);
  const taken = (await fs.readdir(claims)).map(Number).filter((value) => Number.isInteger(value));
  const last = taken.length > 0 ? Math.max(...taken) : await highestUsed(folder);
  for (let number = last + 1; ; number++) {
    try {
      await fs.writeFile(join(claims, String(number)), '', { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw error;
    }
    await Promise.all(taken.filter((value) => value < number - kept).map((value) => fs.rm(join(claims, String(value)), { force: true })));
    return number;
  }
}
