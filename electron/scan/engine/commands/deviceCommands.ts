// Messages that make devices act.
import { EndstationError } from '@shared/errors';
import { isMovable, isTriggerable } from '../../../devices/device';
import type { CommandTable } from '../commandTable';

export const deviceCommands: Pick<CommandTable, 'stage' | 'unstage' | 'trigger' | 'set' | 'wait' | 'poll'> = {
  stage: (message, session) => session.with(message.device, (device) => session.stage(device)),
  unstage: (message, session) => session.with(message.device, (device) => session.unstage(device)),
  /** A device that needs no trigger is read as it is. */
  trigger: (message, session) => session.with(message.device, (device) => {
    if (isTriggerable(device)) session.actions.start(message.group, device, device.trigger(session.context));
  }),
  set: (message, session) => session.with(message.device, (device) => {
    if (!isMovable(device)) throw new EndstationError('NOT_MOVABLE', `${device.name} can not be moved: it is a ${device.kind}. Choose a motor, or a PV that can be written.`);
    session.targets.set(message.device, message.value);
    const begin = (): Promise<void> => device.set(message.value, session.context);
    session.actions.start(message.group, device, begin(), begin);
  }),
  wait: (message, session) => session.actions.wait(message.group),
  poll: (message, session) => ({ done: { value: Number(session.actions.poll(message.group)), timestamp: Date.now() / 1000 } }),
};
