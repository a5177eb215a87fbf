// What a run records besides its points: a baseline at its start and its end, and every update of some devices meanwhile.
import { EndstationError } from '@shared/errors';
import { isReadable, type Readable } from '../../devices/device';
import { carryOut } from './commandTable';
import type { Session } from './session';

export interface Extras {
  readonly baseline: readonly string[];
  readonly monitors: readonly string[];
}

/** One event in the stream `baseline`. Errors: of a device that can't be read. */
export async function takeBaseline(session: Session, { baseline }: Extras): Promise<void> {
  if (!session.run || baseline.length === 0) return;
  const { bundler } = session.run;
  const taken = await Promise.all(baseline.map(async (name): Promise<readonly [Readable, Awaited<ReturnType<Readable['read']>>]> => {
    const device = await session.device(name);
    if (!isReadable(device)) throw new EndstationError('PLAN', `${name} can not be read, so it can not be part of the baseline.`);
    return [device, await device.read(session.context)];
  }));
  bundler.record('baseline', taken);
}

export async function beginMonitors(session: Session, { monitors }: Extras): Promise<void> {
  for (const device of monitors) await carryOut({ command: 'monitor', device }, session);
}
