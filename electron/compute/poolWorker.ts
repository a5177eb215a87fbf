// A worker of the pool: does one job after the other, in a thread of its own.
import { parentPort, workerData } from 'node:worker_threads';
import type { ComputeJob, JobContext, JobName } from '@shared/compute';
import { toErrorData } from '@shared/errors';
import { jobs } from './jobs/registry';
import type { JobMessage, WorkerMessage, WorkerStart } from './poolMessages';
import { transferables } from './transferables';

function serve(port: NonNullable<typeof parentPort>, start: WorkerStart): void {
  const flag = new Int32Array(start.cancel);
  const send = (message: WorkerMessage, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  port.on('message', ({ id, job, input }: JobMessage) => {
    const context: JobContext = {
      progress: (done) => send({ kind: 'progress', id, done }),
      get cancelled() { return Atomics.load(flag, 0) === 1; },
    };
    try {
      const work = jobs[job] as ComputeJob<JobName> | undefined;
      if (!work) throw new Error(`There is no compute job named ${String(job)}.`);
      const output = work(input as never, context);
      send({ kind: 'done', id, output }, transferables(output));
    } catch (error) {
      send({ kind: 'failed', id, error: toErrorData(error) });
    }
  });
}

if (parentPort) serve(parentPort, workerData as WorkerStart);
