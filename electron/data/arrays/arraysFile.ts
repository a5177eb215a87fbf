// The binary file beside a journal that holds its images and spectra: written at given places, so that a second try leaves nothing behind.
import { dirname } from 'node:path';
import type { FileLayer, JournalHandle } from '../journal/fileLayer';

/** Where it belongs in the file. */
export interface ArrayRecord { readonly position: number; readonly bytes: Uint8Array }

export class ArraysFile {
  #handle: JournalHandle | null = null;

  /** It is made when the first array comes; `handle`: of one that is there. */
  constructor(private readonly files: FileLayer, readonly path: string, handle: JournalHandle | null = null) {
    this.#handle = handle;
  }

  /** Returns when all is on the disk. Errors: the disk's. */
  async write(records: readonly ArrayRecord[]): Promise<void> {
    const [first] = records;
    if (!first) return;
    const handle = await this.#open();
    // Records follow each other without gaps.
    const bytes = records.length === 1 ? first.bytes : Buffer.concat(records.map((record) => record.bytes));
    for (let done = 0; done < bytes.length;) {
      const written = await handle.write(bytes.subarray(done), first.position + done);
      if (written === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
      done += written;
    }
    await handle.sync();
  }

  async #open(): Promise<JournalHandle> {
    if (this.#handle) return this.#handle;
    this.#handle = await this.files.create(this.path);
    await this.files.syncFolder(dirname(this.path));
    return this.#handle;
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = null;
  }
}

/** To go on behind `end`, where the last array that the journal knows ends; what a crash left behind it is cut. Errors: the disk's. */
export async function reopenArrays(files: FileLayer, path: string, end: number): Promise<ArraysFile> {
  if (end === 0) {
    // A crash may have left a record that the journal does not know.
    const left = await files.open(path).catch(() => null);
    await left?.truncate(0);
    return new ArraysFile(files, path, left);
  }
  // Where it was lost the run goes on all the same: its arrays so far are missing, and are told of as such.
  const handle = await files.open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return files.create(path);
    throw error;
  });
  try {
    if (await handle.size() > end) await handle.truncate(end);
    await handle.sync();
    return new ArraysFile(files, path, handle);
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  }
}
