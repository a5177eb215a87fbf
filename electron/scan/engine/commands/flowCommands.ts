// Messages about time.
import { delay } from '../../../devices/abortable';
import type { CommandTable } from '../commandTable';

export const flowCommands: Pick<CommandTable, 'sleep' | 'clock'> = {
  clock: () => ({ clock: { value: performance.now() / 1000, timestamp: Date.now() / 1000 } }),
  sleep(message, session) {
    const gone = message.since === 'checkpoint' ? (performance.now() - session.checkpointAt) / 1000 : 0;
    const left = message.seconds - gone;
    if (left <= 0) return undefined;
    if (left > 1) session.context.report(`waiting ${Number(left.toPrecision(3))} s`);
    return delay(left, session.context.signal);
  },
};
