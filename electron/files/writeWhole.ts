// Writes a file whole or not at all, and on the disk when it returns: a crash leaves the old text or the new one.
import { promises as fs } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './makeFolder';

/** The folder is made where it is missing. Errors: those of the system; the file is then as it was. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  const unfinished = `${path}.${process.pid}.part`;
  const file = await fs.open(unfinished, 'w');
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
  await fs.rename(unfinished, path);
  await syncFolder(folder);
}

/** The name itself is on the disk only when its folder is. Windows has no such call, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
