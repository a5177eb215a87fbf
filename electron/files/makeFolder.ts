// Makes a folder with its parents. Node's own recursive mkdir never returns where the system refuses the last part (as in /proc).
import { mkdirSync, promises as fs, statSync } from 'node:fs';
import { dirname } from 'node:path';

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

/** True where it is there now, false where its parent is missing. Errors: all others of mkdir. */
async function makeOne(path: string): Promise<boolean> {
  try {
    await fs.mkdir(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await fs.stat(path)).isDirectory()) return true;
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Several may make the same one at once. Errors: those of mkdir, for the part that could not be made. */
export async function makeFolder(path: string): Promise<void> {
  if (await makeOne(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  // The parent is there now; what still fails is a refusal.
  await fs.mkdir(path).catch((error: unknown) => { if (codeOf(error) !== 'EEXIST') throw error; });
}

/** The same without a promise. */
export function makeFolderSync(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statSync(path).isDirectory()) return;
    const parent = dirname(path);
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error;
    makeFolderSync(parent);
    mkdirSync(path);
  }
}
