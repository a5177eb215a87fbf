// What the worker of the runs does, in the worker or, where there is none, in its place.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { EndstationError, toErrorData } from '@shared/errors';
import { replaceWhole } from '../files/writeWhole';
import { readColumns, type RunColumns } from './columnsFile';
import { exportLines } from './export/exportRun';
import type { RunTask } from './nexus/workerMessages';
import { writeNexus } from './nexus/writeNexus';

export async function carryOutTask(task: RunTask): Promise<RunColumns | undefined> {
  switch (task.task) {
    case 'nexus': await writeNexus(task.journal, task.target, task.version, task.columns); return undefined;
    case 'export': await writeLines(task.target, exportLines(task.journal, task.format)); return undefined;
    case 'read': return readColumns(task.journal, task.columns);
  }
}

/** Whole or not at all. Errors: `EXPORT`. */
export async function writeLines(target: string, lines: AsyncIterable<string>): Promise<void> {
  try {
    await replaceWhole(target, (unfinished) => streamLines(unfinished, lines));
  } catch (error) {
    throw new EndstationError('EXPORT', `${target} could not be written: ${toErrorData(error).message}. Make room or choose another folder, then export again.`, { cause: error });
  }
}

async function streamLines(path: string, lines: AsyncIterable<string>): Promise<void> {
  const stream = createWriteStream(path);
  const failed = once(stream, 'error').then(([error]: unknown[]) => { throw error; });
  try {
    await Promise.race([failed, (async () => {
      for await (const text of lines) {
        if (!stream.write(`${text}\n`)) await once(stream, 'drain');
      }
      stream.end();
      await once(stream, 'finish');
    })()]);
  } finally {
    stream.destroy();
  }
}
