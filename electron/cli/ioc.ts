// `endstation ioc`: the simulated beamline as a server for any Channel Access client, on loopback only.
import { join } from 'node:path';
import { listSimulatedPvs, startSimulation } from '../sim';
import { readArguments } from './arguments';
import { UsageError, type CliCommand, type CliIo } from './command';

export const command: CliCommand = {
  name: 'ioc',
  summary: 'Serves the simulated beamline on 127.0.0.1 until stopped; --list names its PVs.',
  usage: ['endstation ioc [--ca-port N] [--seed N]', 'endstation ioc --list'],
  async run(args, io) {
    const { positionals, options } = readArguments(args, {
      list: 'flag', 'ca-port': 'integer', 'pva-port': 'integer', 'pva-broadcast-port': 'integer', seed: 'integer',
    });
    if (positionals.length > 0) throw new UsageError(`"${positionals[0] ?? ''}" is not an option of ioc.`);
    if (options.list) return list(io);
    const wanted = options['ca-port'] ?? serverPort(io);
    if (wanted < 0 || wanted > 65_535) throw new UsageError(`--ca-port is 0 to 65535, not ${wanted}.`);
    if (options['pva-port'] !== undefined || options['pva-broadcast-port'] !== undefined) {
      io.err('pvAccess is not supported yet: the beamline is served by Channel Access only.');
    }
    let failure: Error | null = null;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => { end = resolve; });
    const simulation = await startSimulation({
      workerFile: join(io.paths.workers, 'simWorker.cjs'), caPort: wanted, seed: options.seed ?? 1,
      onFailure: (error) => { failure = error; end(); },
    });
    io.signal.addEventListener('abort', end, { once: true });
    if (io.signal.aborted) end();
    const { caPort, udpPort, pvs } = simulation;
    if (io.json) io.outJson({ ready: true, caPort, pvaPort: null, pvs });
    else {
      io.out(`The simulated beamline serves ${pvs} PVs by Channel Access on 127.0.0.1:${caPort}. Stop it with Ctrl-C. To reach it:`);
      const search = udpPort === caPort ? `EPICS_CA_SERVER_PORT=${caPort} EPICS_CA_ADDR_LIST=127.0.0.1` : `EPICS_CA_ADDR_LIST=127.0.0.1:${udpPort}`;
      io.out(`  ${search} EPICS_CA_AUTO_ADDR_LIST=NO caget SIM:RING:CURRENT`);
    }
    await ended;
    await simulation.stop();
    if (failure) throw failure as Error;
    return 0;
  },
};

/** As EPICS servers do: EPICS_CAS_SERVER_PORT, else EPICS_CA_SERVER_PORT, where they are set; else any free port. */
function serverPort(io: CliIo): number {
  const text = io.environment['EPICS_CAS_SERVER_PORT'] ?? io.environment['EPICS_CA_SERVER_PORT'] ?? '';
  return /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
}

function list(io: CliIo): number {
  for (const { pv, type, count, units, description, writable } of listSimulatedPvs()) {
    if (io.json) io.outJson({ pv, type, count, units, description, writable });
    else io.out(`${pv.padEnd(32)} ${type.padEnd(7)} ${String(count).padStart(8)}  ${(units || '-').padEnd(6)} ${writable ? 'writable ' : 'read only'}  ${description}`);
  }
  return 0;
}
