// Writes a file whole or not at all, and on the disk when it returns: a crash leaves what was there or the new one.
import { randomUUID } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './makeFolder';

/** `contents`: text as UTF-8, or bytes one after the other. The folder is made where it is missing. Errors: those of the system; the file is then as it was. */
export function writeWhole(path: string, contents: string | readonly Uint8Array[]): Promise<void> {
  return replaceWhole(path, async (unfinished) => {
    const file = await fs.open(unfinished, 'w');
    try {
      for (const part of typeof contents === 'string' ? [contents] : contents) await file.writeFile(part);
    } finally {
      await file.close();
    }
  });
}

/** A new name beside it for what is not whole yet. */
export function unfinishedPath(path: string): string {
  return `${path}.${randomUUID().slice(0, 8)}.part`;
}

/** The name that a file is to have when it is whole; null: it is no unfinished one. */
export function wholePath(unfinished: string): string | null {
  return /^(.+)\.[0-9a-f]{8}\.part$/.exec(unfinished)?.[1] ?? null;
}

/** The same for what writes its file itself, at the path that it is given. */
export async function replaceWhole(path: string, write: (unfinished: string) => Promise<void>, unfinished = unfinishedPath(path)): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  try {
    await write(unfinished);
    await sync(unfinished, 'r+');
    await fs.rename(unfinished, path);
  } catch (error) {
    await fs.rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
  // The name itself is on the disk only when its folder is. Windows has no such call, and needs none.
  if (process.platform !== 'win32') await sync(folder, 'r');
}

async function sync(path: string, flags: string): Promise<void> {
  const opened = await fs.open(path, flags);
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}
