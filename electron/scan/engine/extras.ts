// What a run records besides its points: a baseline at its start and its end, and every update of some devices meanwhile.
import { EndstationError } from '@shared/errors';
import { isReadable, type Readable } from '../../devices/device';
import { carryOut } from './commandTable';
import type { OpenRun, Session } from './session';

export interface Extras {
  readonly baseline: readonly string[];
  readonly monitors: readonly string[];
}

/** At the start of each of its runs, and at its end. What an interruption cut off is begun again, a baseline that was taken is not. */
export function recordBesides(session: Session, extras: Extras): void {
  let taken: OpenRun | null = null;
  session.opened = async () => {
    if (taken !== session.run) await takeBaseline(session, extras);
    taken = session.run;
    await beginMonitors(session, extras);
  };
  session.closing = () => takeBaseline(session, extras);
}

/** One event in the stream `baseline`. Errors: of a device that can't be read. */
async function takeBaseline(session: Session, { baseline }: Extras): Promise<void> {
  if (!session.run || baseline.length === 0) return;
  const { bundler } = session.run;
  const taken = await Promise.all(baseline.map(async (name): Promise<readonly [Readable, Awaited<ReturnType<Readable['read']>>]> => {
    const device = await session.device(name);
    if (!isReadable(device)) throw new EndstationError('PLAN', `${name} can not be read, so it can not be part of the baseline.`);
    return [device, await device.read(session.context)];
  }));
  bundler.record('baseline', taken);
}

async function beginMonitors(session: Session, { monitors }: Extras): Promise<void> {
  for (const device of monitors) await carryOut({ command: 'monitor', device }, session);
}
