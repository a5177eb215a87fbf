// What the worker of the runs does, in the worker or, where there is none, in its place.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { EndstationError, toErrorData } from '@shared/errors';
import { replaceWhole } from '../files/writeWhole';
import { frameOf } from './arrays/frameIndex';
import { readColumns } from './columnsFile';
import { exportLines } from './export/exportRun';
import type { RunResult, RunTask } from './nexus/workerMessages';
import { writeNexus } from './nexus/writeNexus';

export async function carryOutTask(task: RunTask): Promise<RunResult> {
  switch (task.task) {
    case 'nexus': await writeNexus(task.journal, task.target, task.version, task.columns, task.unfinished); return {};
    case 'export': await writeLines(task.target, exportLines(task.journal, task.format), task.unfinished); return {};
    case 'read': return { columns: await readColumns(task.journal, task.columns) };
    case 'frame': return { frame: await frameOf(task.journal, task.key, task.point) };
  }
}

/** Whole or not at all. Errors: `EXPORT`. */
export async function writeLines(target: string, lines: AsyncIterable<string>, unfinished?: string): Promise<void> {
  try {
    await replaceWhole(target, (path) => streamLines(path, lines), unfinished);
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
