// Worker entry: makes NeXus files, so that HDF5 never blocks the main process.
import { parentPort } from 'node:worker_threads';
import { toErrorData, type ErrorData } from '@shared/errors';
import type { NexusAnswer, NexusRequest } from './nexus/workerMessages';
import { writeNexus } from './nexus/writeNexus';

parentPort?.on('message', (request: NexusRequest) => {
  const answer = (error: ErrorData | null): void => parentPort?.postMessage({ id: request.id, error } satisfies NexusAnswer);
  writeNexus(request.journal, request.target, request.version).then(() => answer(null), (error: unknown) => answer(toErrorData(error)));
});
