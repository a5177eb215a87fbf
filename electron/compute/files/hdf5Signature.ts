// Whether a file is HDF5, by its signature (HDF5 file format specification, II.A): asked before the library, which writes pages to stderr where it is none.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const signature = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');

/** At byte 0, or behind a block of the user's: at 512, 1024, 2048 and so on. Errors: those of the file system. */
export function isHdf5(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const found = Buffer.alloc(signature.length);
    // Read at least once: a folder is opened without complaint.
    for (let at = 0; at === 0 || at + signature.length <= size; at = at === 0 ? 512 : 2 * at) {
      if (readSync(file, found, 0, found.length, at) === found.length && found.equals(signature)) return true;
    }
    return false;
  } finally {
    closeSync(file);
  }
}
