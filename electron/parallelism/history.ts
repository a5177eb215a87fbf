// Measured results, kept in the user's folder: one JSON file, the newest first.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LabResult } from '@shared/lab';
import { makeFolder } from '../files/makeFolder';

/** Results that are kept. */
const most = 200;

export class LabHistory {
  readonly #file: string;
  #results: Promise<LabResult[]> | null = null;
  #saving: Promise<void> = Promise.resolve();

  constructor(file: string) { this.#file = file; }

  list(): Promise<readonly LabResult[]> { return this.#load(); }

  /** Resolves when it is on disk. */
  async add(result: LabResult): Promise<void> {
    const results = await this.#load();
    results.unshift(result);
    results.length = Math.min(results.length, most);
    const text = JSON.stringify(results);
    this.#saving = this.#saving.catch(() => undefined).then(() => this.#write(text));
    await this.#saving;
  }

  /** Whole or not at all: a file that is cut off would lose the history. */
  async #write(text: string): Promise<void> {
    await makeFolder(dirname(this.#file));
    const unfinished = `${this.#file}.${process.pid}.part`;
    await writeFile(unfinished, text);
    await rename(unfinished, this.#file);
  }

  #load(): Promise<LabResult[]> {
    this.#results ??= readFile(this.#file, 'utf8').then((text) => {
      const value: unknown = JSON.parse(text);
      return Array.isArray(value) ? value.filter(isResult) : [];
    }).catch(() => []);
    return this.#results;
  }
}

function isResult(value: unknown): value is LabResult {
  return typeof value === 'object' && value !== null && 'id' in value && 'verdict' in value && 'figures' in value && 'environment' in value && 'finishedAt' in value;
}
