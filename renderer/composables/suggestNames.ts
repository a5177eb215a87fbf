// Names that are known: what a box for a PV or a device offers.
import type { DeviceDescription } from '@shared/scan';
import { bridge } from '../bridge';

export interface KnownName { readonly name: string; readonly detail?: string }

export async function suggestPvs(text: string): Promise<readonly KnownName[]> {
  const names = await bridge.call('pv.names', { text, limit: 40 });
  return names.map(({ pv, description }) => (description ? { name: pv, detail: description } : { name: pv }));
}

/** Devices of a role that contain the text, before PVs that do. */
export async function suggestDevices(text: string, devices: readonly DeviceDescription[], role: 'motor' | 'detector'): Promise<readonly KnownName[]> {
  const wanted = text.toLowerCase();
  const own = devices
    .filter((device) => (device.role === role || device.role === 'both') && `${device.name} ${device.pv} ${device.description ?? ''}`.toLowerCase().includes(wanted))
    .map((device) => ({ name: device.name, detail: device.description ?? device.kind }));
  const names = text === '' ? [] : await suggestPvs(text).catch(() => []);
  return [...own, ...names.filter(({ name }) => !own.some((device) => device.name === name))].slice(0, 60);
}
