// Worker entry: makes files of runs and reads them, so that neither HDF5 nor a long journal blocks the main process.
import { parentPort } from 'node:worker_threads';
import { toErrorData } from '@shared/errors';
import type { RunAnswer, RunRequest } from './nexus/workerMessages';
import { carryOutTask } from './runTasks';

parentPort?.on('message', (request: RunRequest) => {
  const { id } = request;
  carryOutTask(request).then((data) => {
    const buffers = data ? [data.time, ...Object.values(data.columns)].flatMap((values) => values instanceof Float64Array ? [values.buffer as ArrayBuffer] : []) : [];
    parentPort?.postMessage({ id, error: null, ...(data ? { data } : {}) } satisfies RunAnswer, buffers);
  }, (error: unknown) => parentPort?.postMessage({ id, error: toErrorData(error) } satisfies RunAnswer));
});
