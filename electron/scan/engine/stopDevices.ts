// Stops devices at once, all together, each within a limit.
import type { WriteContext } from '../../pv/pvAccess';
import { isStoppable, type Device } from '../../devices/device';
import { limitedSignal, within } from './limits';

/** Names of those that were told to stop, and of those that could not be. Never fails, never takes longer than `milliseconds`. */
export async function stopDevices(devices: readonly Device[], writer: WriteContext, milliseconds: number): Promise<{ stopped: string[]; failed: string[] }> {
  const limit = limitedSignal(milliseconds);
  const stopped: string[] = [];
  const failed: string[] = [];
  await Promise.all(devices.filter(isStoppable).map(async (device) => {
    const stop = device.stop({ signal: limit.signal, writer: { ...writer, source: 'stop' }, report: () => undefined });
    (await within(stop, milliseconds) ? stopped : failed).push(device.name);
  }));
  limit.end();
  return { stopped, failed };
}
