// Finds the display files of a folder.
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { isDisplayFile } from './allowedDisplays';
import { displayName, displayText } from './displayText';

/** Of one root, so that a profile that names `/` does not keep the disk busy. */
const mostFiles = 2000;
const deepest = 6;

export async function displaysIn(folder: string): Promise<{ path: string; name: string }[]> {
  const found: string[] = [];
  await collect(folder, 0, found);
  return Promise.all(found.map(async (path) => ({ path, name: await nameOf(path) })));
}

async function collect(folder: string, depth: number, found: string[]): Promise<void> {
  // A folder that can't be read has no displays for us.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  entries.sort((a, b) => a.name.localeCompare(b.name));
  for (const entry of entries) {
    if (found.length >= mostFiles) return;
    const path = join(folder, entry.name);
    if (entry.isFile() && isDisplayFile(path)) found.push(path);
    else if (entry.isDirectory() && depth < deepest && !entry.name.startsWith('.')) await collect(path, depth + 1, found);
  }
}

async function nameOf(path: string): Promise<string> {
  const text = await readFile(path).then((bytes) => displayText(bytes.subarray(0, 8000)), () => '');
  return displayName(text) ?? basename(path, extname(path));
}
