// Starts the simulated beamline as the application does, in a worker bundled from the sources as they are now.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { startSimulation, type Simulation } from '../../electron/sim';
import { peerPython } from '../ioc/python';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface RunningSimulation extends Simulation {
  readonly workerFile: string;
  /** Runs a client of `e2e/peers/python` on it and returns the JSON that it printed. */
  runClient(script: string): Promise<unknown>;
}

export async function startSimulationFromSources(): Promise<RunningSimulation> {
  const folder = await mkdtemp(join(tmpdir(), 'endstation-sim-'));
  await build({
    configFile: false, logLevel: 'warn', root,
    resolve: { alias: { 'epics-ioc-connection': join(root, 'electron/epics-ioc-connection/src/index.ts') } },
    build: {
      ssr: true, target: 'node16', outDir: folder, emptyOutDir: false, minify: false,
      lib: { entry: { simWorker: join(root, 'electron/sim/simWorker.ts') }, formats: ['cjs'], fileName: (_format, name) => `${name}.cjs` },
    },
  });
  const workerFile = join(folder, 'simWorker.cjs');
  const simulation = await startSimulation({ workerFile });
  return {
    ...simulation, workerFile,
    runClient: (script) => runPython(join(root, 'e2e/peers/python', script), simulation),
    stop: async () => {
      await simulation.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function runPython(script: string, { caPort, pvaBroadcastPort }: Simulation): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = spawn(peerPython(), [script], {
      env: {
        ...process.env, EPICS_CA_ADDR_LIST: '127.0.0.1', EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CA_SERVER_PORT: String(caPort),
        EPICS_PVA_ADDR_LIST: '127.0.0.1', EPICS_PVA_AUTO_ADDR_LIST: 'NO', EPICS_PVA_BROADCAST_PORT: String(pvaBroadcastPort), PYTHONIOENCODING: 'utf-8',
      },
    });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output) as unknown);
      else reject(new Error(`${script} ended with ${code}:\n${errors}`));
    });
  });
}
