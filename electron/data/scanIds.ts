// Scan numbers: each is given once in a folder, also to several programs at once, also after a crash.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../files/makeFolder';

/** Claims of older numbers that are kept, so that a slow program can't claim one of them again. */
const kept = 64;

const claimsIn = (folder: string): string => join(folder, '.endstation', 'scan_ids');

/** `used`: the highest number that the runs themselves have, in case the claims were lost. */
async function lastClaim(folder: string, used: () => Promise<number>): Promise<{ readonly taken: readonly number[]; readonly last: number }> {
  const taken = (await fs.readdir(claimsIn(folder)).catch(() => [] as string[])).map(Number).filter((value) => Number.isInteger(value));
  return { taken, last: taken.length > 0 ? Math.max(...taken) : await used() };
}

/** The number that the next run would get. */
export async function peekScanId(folder: string, used: () => Promise<number>): Promise<number> {
  return (await lastClaim(folder, used)).last + 1;
}

/** A number is taken by making a file of its name, which only one can. */
export async function claimScanId(folder: string, used: () => Promise<number>): Promise<number> {
  const claims = claimsIn(folder);
  await makeFolder(claims);
  const { taken, last } = await lastClaim(folder, used);
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
