// The display files that the user opened by name or dialog, remembered in the user's folder, so that they may be read after a restart too.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { makeFolderSync } from '../files/makeFolder';
import { isDisplayFile } from './allowedDisplays';

/** Files that are remembered: the ones opened last. */
const most = 100;

export class OpenedDisplays {
  #paths: string[];

  /** `file`: where they are kept; null: only in memory. A file that can't be read is as none. */
  constructor(private readonly file: string | null) { this.#paths = file === null ? [] : read(file); }

  /** Absolute, the last opened last. */
  list(): readonly string[] { return this.#paths; }

  /** `path`: absolute. */
  add(path: string): void {
    if (this.#paths.at(-1) === path) return;
    this.#paths = [...this.#paths.filter((each) => each !== path), path].slice(-most);
    if (this.file !== null) save(this.file, this.#paths.filter(isDisplayFile));
  }
}

function read(file: string): string[] {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!Array.isArray(kept)) return [];
    return kept.filter((path): path is string => typeof path === 'string' && isAbsolute(path) && isDisplayFile(path)).slice(-most);
  } catch {
    return [];
  }
}

function save(file: string, paths: readonly string[]): void {
  const unfinished = `${file}.${process.pid}.part`;
  try {
    makeFolderSync(dirname(file));
    writeFileSync(unfinished, JSON.stringify(paths));
    renameSync(unfinished, file);
  } catch { /* It is readable now; after a restart it is to be opened again. */ }
}
