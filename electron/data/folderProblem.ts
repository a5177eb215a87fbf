// Whether runs can be recorded in a folder: tried, not guessed.
import { randomUUID } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { toErrorData } from '@shared/errors';
import { makeFolder } from '../files/makeFolder';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Make room', EDQUOT: 'your quota on the disk is used up. Make room',
  EACCES: 'you may not write there. Choose another data folder', EPERM: 'you may not write there. Choose another data folder',
  EROFS: 'the disk is read-only. Choose another data folder', ENOENT: 'there is no such place. Choose another data folder',
  ENOTDIR: 'a part of this path is a file. Choose another data folder', EEXIST: 'there is a file of this name. Choose another data folder',
};

/** A sentence for the user. */
export function explainFolder(folder: string, error: unknown): string {
  const { code, message } = toErrorData(error);
  return `No run can be recorded in ${folder}: ${reasons[code] ?? `${message}. Choose another data folder`}, then start again.`;
}

/** null: all is well. */
export async function folderProblem(folder: string): Promise<string | null> {
  const trial = join(folder, `.trial-${randomUUID()}`);
  try {
    await makeFolder(folder);
    await fs.writeFile(trial, 'x');
    await fs.rm(trial);
    return null;
  } catch (error) {
    await fs.rm(trial, { force: true }).catch(() => undefined);
    return explainFolder(folder, error);
  }
}
