// `endstation ioc`: the simulated beamline as a server for any Channel Access or pvAccess client, on loopback only.
import { join } from 'node:path';
import { listSimulatedPvs, startSimulation } from '../sim';
import { readArguments } from './arguments';
import { UsageError, type CliCommand, type CliIo } from './command';

export const command: CliCommand = {
  name: 'ioc',
  summary: 'Serves the simulated beamline on 127.0.0.1 until stopped; --list names its PVs.',
  usage: ['endstation ioc [--ca-port N] [--pva-port N] [--pva-broadcast-port N] [--seed N]', 'endstation ioc --list'],
  async run(args, io) {
    const { positionals, options } = readArguments(args, {
      list: 'flag', 'ca-port': 'integer', 'pva-port': 'integer', 'pva-broadcast-port': 'integer', seed: 'integer',
    });
    if (positionals.length > 0) throw new UsageError(`"${positionals[0] ?? ''}" is not an option of ioc.`);
    if (options.list) return list(io);
    const ports = wantedPorts(io, options);
    let failure: Error | null = null;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => { end = resolve; });
    const simulation = await startSimulation({
      workerFile: join(io.paths.workers, 'simWorker.cjs'), ...ports, seed: options.seed ?? 1,
      onFailure: (error) => { failure = error; end(); },
    });
    io.signal.addEventListener('abort', end, { once: true });
    if (io.signal.aborted) end();
    const { caPort, udpPort, pvaPort, pvaBroadcastPort, pvs } = simulation;
    if (io.json) io.outJson({ ready: true, caPort, pvaPort, pvaBroadcastPort, pvs });
    else {
      io.out(`The simulated beamline serves ${pvs} PVs by Channel Access on 127.0.0.1:${caPort} and by pvAccess on 127.0.0.1:${pvaPort}. Stop it with Ctrl-C. To reach it:`);
      const search = udpPort === caPort ? `EPICS_CA_SERVER_PORT=${caPort} EPICS_CA_ADDR_LIST=127.0.0.1` : `EPICS_CA_ADDR_LIST=127.0.0.1:${udpPort}`;
      io.out(`  ${search} EPICS_CA_AUTO_ADDR_LIST=NO caget SIM:RING:CURRENT`);
      io.out(`  EPICS_PVA_BROADCAST_PORT=${pvaBroadcastPort} EPICS_PVA_ADDR_LIST=127.0.0.1 EPICS_PVA_AUTO_ADDR_LIST=NO pvget SIM:RING:CURRENT`);
    }
    await ended;
    await simulation.stop();
    if (failure) throw failure as Error;
    return 0;
  },
};

/** As EPICS servers do: where no option says otherwise, the variables of servers, else those of clients, else any free port. */
function wantedPorts(io: CliIo, options: Readonly<Record<'ca-port' | 'pva-port' | 'pva-broadcast-port', number | undefined>>): {
  caPort: number; pvaPort: number; pvaBroadcastPort?: number;
} {
  const wanted = (option: keyof typeof options, ...variables: readonly string[]): number => {
    const port = options[option];
    if (port === undefined) return portOf(io, variables);
    if (port < 0 || port > 65_535) throw new UsageError(`--${option} is 0 to 65535, not ${port}.`);
    return port;
  };
  const broadcast = wanted('pva-broadcast-port', 'EPICS_PVAS_BROADCAST_PORT', 'EPICS_PVA_BROADCAST_PORT');
  return {
    caPort: wanted('ca-port', 'EPICS_CAS_SERVER_PORT', 'EPICS_CA_SERVER_PORT'),
    pvaPort: wanted('pva-port', 'EPICS_PVAS_SERVER_PORT', 'EPICS_PVA_SERVER_PORT'),
    ...(broadcast === 0 ? {} : { pvaBroadcastPort: broadcast }),
  };
}

function portOf(io: CliIo, variables: readonly string[]): number {
  const text = variables.map((name) => io.environment[name]).find((value) => value !== undefined) ?? '';
  return /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
}

function list(io: CliIo): number {
  for (const { pv, type, count, units, description, writable } of listSimulatedPvs()) {
    if (io.json) io.outJson({ pv, type, count, units, description, writable });
    else io.out(`${pv.padEnd(32)} ${type.padEnd(7)} ${String(count).padStart(8)}  ${(units || '-').padEnd(6)} ${writable ? 'writable ' : 'read only'}  ${description}`);
  }
  return 0;
}
