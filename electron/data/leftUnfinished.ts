// Files beside runs that a program was still making when it died: NeXus files, exports, results. They are never taken for whole ones.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { wholePath } from '../files/writeWhole';
import { readEnds } from './journal/reader';
import { dayPattern, isJournal, nexusPath, withoutExtension } from './runNames';

/** Milliseconds without a change after which nobody writes it any more. */
const silence = 60_000;

export interface LeftFile { readonly path: string; readonly isNexus: boolean; /** Of its run; empty where it has none. */ readonly uid: string }

/** `young`: how many there are that may still be written. `now`: Unix milliseconds. Never fails. */
export async function leftUnfinished(folder: string, now: number): Promise<{ readonly left: readonly LeftFile[]; readonly young: number }> {
  const left: LeftFile[] = [];
  let young = 0;
  for (const day of (await fs.readdir(folder).catch(() => [] as string[])).filter((name) => dayPattern.test(name))) {
    const names = await fs.readdir(join(folder, day)).catch(() => [] as string[]);
    for (const name of names) {
      const whole = wholePath(name);
      // What has the name of no run is somebody else's.
      const owner = whole === null ? undefined : names.find((other) => isJournal(other) && whole.startsWith(`${withoutExtension(other)}.`));
      if (whole === null || owner === undefined) continue;
      const path = join(folder, day, name);
      const changed = await fs.lstat(path).then((file) => (file.isFile() ? file.mtimeMs : null), () => null);
      if (changed === null) continue;
      if (now - changed < silence) {
        young += 1;
        continue;
      }
      const journal = names.find((other) => isJournal(other) && nexusPath(other) === whole);
      left.push({ path, isNexus: journal !== undefined, uid: journal === undefined ? '' : await uidOf(join(folder, day, journal)) });
    }
  }
  return { left, young };
}

async function uidOf(journal: string): Promise<string> {
  try {
    const { size } = await fs.stat(journal);
    return (await readEnds(journal, size))?.first.find((document) => document.name === 'start')?.doc.uid ?? '';
  } catch {
    return '';
  }
}

export async function removed(path: string): Promise<boolean> {
  return fs.rm(path).then(() => true, () => false);
}
