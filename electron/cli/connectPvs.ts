// PVs of a profile for a command; the simulated beamline runs in this process for as long as the command does.
import { join } from 'node:path';
import { CaClient, PvaClient } from 'epics-ioc-connection';
import type { DiagnosticEvent } from 'epics-ioc-connection';
import { createPvRoom, networkOf, type PvService } from '../pv';
import type { ActiveProfile } from '../settings';
import { startSimulation } from '../sim';
import type { CliIo } from './command';

export interface ConnectedPvs {
  readonly access: PvService;
  close(): Promise<void>;
}

/** Errors: the simulation's, or an address of the profile that can't be. */
export async function connectPvs(active: ActiveProfile, io: Pick<CliIo, 'paths' | 'environment' | 'err'>, onNetwork?: (event: DiagnosticEvent) => void): Promise<ConnectedPvs> {
  const heard = <Client extends CaClient | PvaClient>(client: Client): Client => {
    if (onNetwork) client.onDiagnostic(onNetwork);
    return client;
  };
  const simulation = active.kind === 'simulation'
    ? await startSimulation({ workerFile: join(io.paths.workers, 'simWorker.cjs'), onFailure: (error) => io.err(error.message) })
    : undefined;
  const room = createPvRoom({
    createClient: (options) => heard(new CaClient(options)),
    createPvaClient: (options) => heard(new PvaClient(options)),
    writesFolder: join(io.paths.user, 'writes'),
    onNotice: (_id, notice) => { if (notice) io.err(`Warning: ${notice.message}`); },
  });
  const close = async (): Promise<void> => {
    await room.dispose();
    await simulation?.stop();
  };
  try {
    await room.configure(networkOf(active, io.environment, simulation));
  } catch (error) {
    await close();
    throw error;
  }
  return { access: room.access, close };
}
