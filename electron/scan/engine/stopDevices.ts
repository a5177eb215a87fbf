// Stops devices at once, all together, each within a limit.
import type { WriteContext } from '../../pv/pvAccess';
import { isStoppable, type Device } from '../../devices/device';
import { limitedSignal, within } from './limits';

/** Names of those that were told to stop, and of those that could not be; two devices on one PV count as one, stopped where both were. Never fails, never takes longer than `milliseconds`. */
export async function stopDevices(devices: readonly Device[], writer: WriteContext, milliseconds: number): Promise<{ stopped: string[]; failed: string[] }> {
  const limit = limitedSignal(milliseconds);
  const outcomes = new Map<string, { readonly name: string; good: boolean }>();
  await Promise.all(devices.filter(isStoppable).map(async (device) => {
    const stop = device.stop({ signal: limit.signal, writer: { ...writer, source: 'stop' }, report: () => undefined });
    const pv = device.pv.replace(/^(ca|pva):\/\//, '');
    const outcome = outcomes.get(pv) ?? { name: device.name, good: true };
    outcomes.set(pv, outcome);
    if (!(await within(stop, milliseconds))) outcome.good = false;
  }));
  limit.end();
  const names = (good: boolean) => [...outcomes.values()].filter((outcome) => outcome.good === good).map(({ name }) => name);
  return { stopped: names(true), failed: names(false) };
}
