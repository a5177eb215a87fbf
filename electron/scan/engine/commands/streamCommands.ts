// Messages about what is recorded by itself while the plan goes on.
import { EndstationError } from '@shared/errors';
import { InterruptedError, isPaced, isReadable, isSubscribable, type Readable } from '../../../devices/device';
import type { CommandTable } from '../commandTable';
import { Flight } from '../flight';
import type { Session } from '../session';

async function readable(session: Session, name: string): Promise<Readable> {
  const device = await session.device(name);
  if (!isReadable(device)) throw new EndstationError('PLAN', `${name} can not be read.`);
  return device;
}

export const streamCommands: Pick<CommandTable, 'monitor' | 'unmonitor' | 'configure' | 'kickoff' | 'complete'> = {
  async monitor({ device: name }, session) {
    const { bundler } = session.requireRun('monitor');
    if (session.monitors.has(name)) return;
    const device = await readable(session, name);
    if (!isSubscribable(device)) throw new EndstationError('NOT_MONITORED', `${name} can not be monitored: it is a ${device.kind}, which gives values only when it is told to. Read it at each point instead.`);
    const stream = `${device.hints[0] ?? device.name}_monitor`;
    const first = await device.read(session.context);
    if (session.monitors.has(name)) return;
    bundler.record(stream, [[device, first]]);
    session.monitors.set(name, device.subscribe((readings) => bundler.record(stream, [[device, readings]])));
  },
  unmonitor({ device }, session) {
    session.monitors.get(device)?.dispose();
    session.monitors.delete(device);
  },
  async configure({ device: name, speed }, session) {
    const { context } = session;
    const device = await session.device(name);
    if (!isPaced(device) || device.speed === null) throw new EndstationError('NO_SPEED', `The speed of ${name} can not be chosen: it is no motor with a VELO field. Leave the speed empty.`);
    // On the disk before it is done, so that a crash leaves nothing that nobody knows of.
    session.settings.change({ device: name, setting: 'speed', before: device.speed, set: speed }, session.run);
    await session.run?.file.drained();
    // The plan may have ended meanwhile, and the speed been put back.
    if (context.signal.aborted) throw new InterruptedError(`Setting the speed of ${name}`);
    await device.setSpeed(speed, context);
  },
  async kickoff(message, session) {
    const { bundler } = session.requireRun('kickoff');
    if (session.flight?.begun) throw new EndstationError('PLAN', 'The plan asked for `kickoff` twice. Yield `complete` first.');
    // One whose beginning an interruption cut off.
    session.flight?.dispose();
    const find = (names: readonly string[]): Promise<Readable[]> => Promise.all(names.map((name) => readable(session, name)));
    const flight = new Flight(message, await find(message.detectors), await find(message.motors), bundler, () => session.context);
    session.flight = flight;
    await flight.begin();
  },
  async complete(_message, session) {
    const { flight } = session;
    await flight?.end();
    session.flight = null;
  },
};
