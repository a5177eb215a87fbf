// Entry of the simulation's worker thread: serves until told to stop.
import { parentPort, workerData } from 'node:worker_threads';
import { SimServer } from './simServer';
import type { SimWorkerMessage, SimWorkerOptions, SimWorkerRequest } from './workerMessages';

const say = (message: SimWorkerMessage): void => parentPort?.postMessage(message);
const server = new SimServer((workerData ?? {}) as SimWorkerOptions);

parentPort?.on('message', (request: SimWorkerRequest) => {
  if (request === 'list') say({ kind: 'list', pvs: server.beamline.records.list() });
  if (request === 'stop') void server.stop().then(() => parentPort?.close());
});

server.start().then(
  () => {
    const { caPort, udpPort, pvaPort, pvaBroadcastPort, pvs } = server;
    say({ kind: 'ready', caPort, udpPort, pvaPort, pvaBroadcastPort, pvs });
  },
  (error: Error & { code?: string }) => {
    say({ kind: 'failed', code: error.code ?? 'SIM_START', message: error.message });
    parentPort?.close();
  },
);
