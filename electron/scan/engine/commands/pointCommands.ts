// Messages that make one event.
import type { DataValue } from '@shared/documents';
import { EndstationError } from '@shared/errors';
import { longestTold, type Readings, type ReadingValue } from '@shared/messages';
import type { PlanReading } from '@shared/resume';
import { isReadable } from '../../../devices/device';
import type { CommandTable } from '../commandTable';

/** Bytes that may wait for the disk before the plan waits too. */
const mostPending = 8_000_000;

function planReading(device: string, readings: Readings): PlanReading {
  const all = Object.entries(readings);
  // The start document has no arrays beside it, and no plan starts from an image.
  const plain = (value: ReadingValue): DataValue => (!ArrayBuffer.isView(value) ? value : value.length > longestTold ? [] : Array.from(value));
  return { device, keys: all.map(([key]) => key), values: all.map(([, { value }]) => plain(value)), timestamps: all.map(([, { timestamp }]) => timestamp) };
}

export const pointCommands: Pick<CommandTable, 'create' | 'read' | 'save' | 'drop'> = {
  create(message, session) {
    session.requireRun('create').bundler.create(message.stream);
  },
  read: (message, session) => session.with(message.device, async (device) => {
    if (!isReadable(device)) throw new EndstationError('PLAN', `${device.name} can not be read.`);
    const readings = await device.read(session.context);
    if (session.run) session.run.bundler.add(device, readings);
    else session.readings.push(planReading(message.device, readings));
    return readings;
  }),
  save(_message, session) {
    const { bundler, file } = session.requireRun('save');
    bundler.save();
    return file.pending > mostPending ? file.drained() : undefined;
  },
  drop(_message, session) {
    session.run?.bundler.drop();
  },
};
