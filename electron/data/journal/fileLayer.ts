// The few things a journal does with a file; tests put one in its place that fails at will.
import { promises as fs } from 'node:fs';

export interface JournalHandle {
  /** Bytes written, which may be fewer than asked for. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  /** Returns when what was written is on the disk. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Bytes. */
  size(): Promise<number>;
  close(): Promise<void>;
  /** Whether `path` still leads to this file: it may have been moved or removed while it is open. */
  isAt(path: string): Promise<boolean>;
}

export interface FileLayer {
  /** A new file; fails where there is one. */
  create(path: string): Promise<JournalHandle>;
  /** A file that is there, for writing. */
  open(path: string): Promise<JournalHandle>;
  /** Returns when the names in a folder are on the disk: without it a new file may be gone after a power cut. */
  syncFolder(folder: string): Promise<void>;
}

/** Windows lets no folder be opened, and some network shares sync none: there the names are as safe as the system makes them. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const opened = await fs.open(folder, 'r');
  try {
    await opened.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await opened.close();
  }
}

async function leadsTo(path: string, file: fs.FileHandle): Promise<boolean> {
  const open = await file.stat({ bigint: true });
  try {
    const named = await fs.stat(path, { bigint: true });
    // Windows names a device differently for a path and for an open file.
    return named.ino === open.ino && (process.platform === 'win32' || named.dev === open.dev);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function handle(file: fs.FileHandle): JournalHandle {
  return {
    write: async (bytes, position) => (await file.write(bytes, 0, bytes.length, position)).bytesWritten,
    sync: () => file.datasync(),
    truncate: (length) => file.truncate(length),
    size: async () => (await file.stat()).size,
    close: () => file.close(),
    isAt: (path) => leadsTo(path, file),
  };
}

export const diskFiles: FileLayer = {
  create: async (path) => handle(await fs.open(path, 'wx')),
  open: async (path) => handle(await fs.open(path, 'r+')),
  syncFolder,
};
