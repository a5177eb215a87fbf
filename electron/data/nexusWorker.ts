// Worker entry: makes files of runs and reads them, so that neither HDF5 nor a long journal blocks the main process.
import { parentPort } from 'node:worker_threads';
import { toErrorData } from '@shared/errors';
import type { RunAnswer, RunRequest, RunResult } from './nexus/workerMessages';
import { carryOutTask } from './runTasks';

/** Handed over instead of copied. */
function buffersOf({ columns, frame }: RunResult): ArrayBuffer[] {
  const numbers = columns ? [columns.time, ...Object.values(columns.columns)].filter((values): values is Float64Array => values instanceof Float64Array) : [];
  return [...numbers, ...frame ? [frame.values] : []].map(({ buffer }) => buffer as ArrayBuffer);
}

parentPort?.on('message', (request: RunRequest) => {
  const { id } = request;
  carryOutTask(request).then((result) => parentPort?.postMessage({ id, error: null, result } satisfies RunAnswer, buffersOf(result)),
    (error: unknown) => parentPort?.postMessage({ id, error: toErrorData(error), result: {} } satisfies RunAnswer));
});
