// Whether runs can be recorded in a folder: tried, not guessed.
import { randomUUID } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { toErrorData } from '@shared/errors';

/** null: all is well. */
export async function folderProblem(folder: string): Promise<string | null> {
  const trial = join(folder, `.trial-${randomUUID()}`);
  try {
    await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(trial, 'x');
    await fs.rm(trial);
    return null;
  } catch (error) {
    await fs.rm(trial, { force: true }).catch(() => undefined);
    const { code, message } = toErrorData(error);
    const why = code === 'ENOSPC' ? 'the disk is full. Make room' : `${message}. Choose another data folder in the settings`;
    return `No run can be recorded in ${folder}: ${why}.`;
  }
}
