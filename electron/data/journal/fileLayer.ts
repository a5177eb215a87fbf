// The few things a journal does with a file; tests put one in its place that fails at will.
import { promises as fs } from 'node:fs';

export interface JournalHandle {
  /** Bytes written, which may be fewer than asked for. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  /** Returns when what was written is on the disk. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

export interface FileLayer {
  /** A new file; fails where there is one. */
  create(path: string): Promise<JournalHandle>;
  /** A file that is there, for writing. */
  open(path: string): Promise<JournalHandle>;
}

function handle(file: fs.FileHandle): JournalHandle {
  return {
    write: async (bytes, position) => (await file.write(bytes, 0, bytes.length, position)).bytesWritten,
    sync: () => file.datasync(),
    truncate: (length) => file.truncate(length),
    close: () => file.close(),
  };
}

export const diskFiles: FileLayer = {
  create: async (path) => handle(await fs.open(path, 'wx')),
  open: async (path) => handle(await fs.open(path, 'r+')),
};
