// The simulated beamline's public door: start it in a worker of its own, and list what it serves without starting it.
import { Worker } from 'node:worker_threads';
import { Beamline } from './beamline';
import { SimulationError } from './simulationError';
import type { SimulatedPv } from './records/recordTable';
import type { SimWorkerMessage, SimWorkerOptions } from './workerMessages';

export type { SimulatedPv } from './records/recordTable';
export { SimulationError } from './simulationError';

export interface SimulationOptions extends SimWorkerOptions {
  /** The built worker (`simWorker.cjs`, beside `main.cjs` and `cli.cjs` in `out/main`). */
  workerFile: string;
  /** Called once when the worker ends without having been asked to. */
  onFailure?: (error: SimulationError) => void;
}

export interface Simulation {
  /** TCP port on 127.0.0.1. */
  readonly caPort: number;
  /** UDP search port on 127.0.0.1; the same number as `caPort` unless that one was taken. */
  readonly udpPort: number;
  /** TCP port of pvAccess on 127.0.0.1. */
  readonly pvaPort: number;
  /** UDP port for pvAccess searches on 127.0.0.1; the same number as `pvaPort` unless another was asked for. */
  readonly pvaBroadcastPort: number;
  /** Number of PVs that `listSimulatedPvs` names. */
  readonly pvs: number;
  stop(): Promise<void>;
}

/** Milliseconds that a worker gets to listen, and then to close. */
const startLimit = 15_000;
const stopLimit = 2_000;

/** Starts the beamline in a worker thread, on loopback only. Errors: `SimulationError` when it cannot listen or load. */
export function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const { workerFile, onFailure, ...workerData } = options;
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, { workerData });
    let phase: 'starting' | 'running' | 'ended' = 'starting';
    const timer = setTimeout(() => fail(new SimulationError('SIM_TIMEOUT',
      'The simulated beamline did not start within 15 s: the machine is overloaded. Try again.')), startLimit);

    const fail = (error: SimulationError): void => {
      if (phase === 'ended') return;
      clearTimeout(timer);
      const wasRunning = phase === 'running';
      phase = 'ended';
      void worker.terminate();
      if (wasRunning) onFailure?.(error);
      else reject(error);
    };
    const stop = async (): Promise<void> => {
      if (phase === 'ended') return;
      phase = 'ended';
      const exited = new Promise<void>((done) => worker.once('exit', () => done()));
      worker.postMessage('stop');
      const limit = setTimeout(() => void worker.terminate(), stopLimit);
      await exited;
      clearTimeout(limit);
    };

    worker.on('message', (message: SimWorkerMessage) => {
      if (message.kind === 'failed') fail(new SimulationError(message.code, message.message));
      if (message.kind !== 'ready' || phase !== 'starting') return;
      clearTimeout(timer);
      phase = 'running';
      const { caPort, udpPort, pvaPort, pvaBroadcastPort, pvs } = message;
      resolve({ caPort, udpPort, pvaPort, pvaBroadcastPort, pvs, stop });
    });
    worker.on('error', (cause) => fail(new SimulationError('SIM_WORKER',
      `The simulated beamline's worker ended: ${cause.message}. Start the simulation again.`, { cause })));
    worker.on('exit', (code) => fail(new SimulationError('SIM_WORKER',
      `The simulated beamline's worker ended with code ${code}. Start the simulation again.`)));
  });
}

/** Every simulated PV, in the order in which they were made. Pure: nothing is started. */
export function listSimulatedPvs(): SimulatedPv[] {
  return new Beamline({ seed: 1 }).records.list();
}
