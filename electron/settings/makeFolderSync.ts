// Makes a folder with its parents, without a promise. Node's own recursive mkdir never returns where the system refuses the last part (as in /proc).
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

/** A folder that is there already is fine. Errors: those of mkdir, for the part that could not be made. */
export function makeFolderSync(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statSync(path).isDirectory()) return;
    const parent = dirname(path);
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error;
    makeFolderSync(parent);
    // The parent is there now; what still fails is a refusal.
    mkdirSync(path);
  }
}
