// Which class drives a device of the profile, or a PV of which only the name is known.
import type { Profile, ProfileDevice } from '@shared/profile';
import type { PvAccess } from '../pv/pvAccess';
import { Camera } from './camera';
import { Counter } from './counter';
import type { Device } from './device';
import { Mca } from './mca';
import { Motor } from './motor';
import { Positioner } from './positioner';
import { Scaler } from './scaler';

type Description = Omit<ProfileDevice, 'description'>;

function limitsOf(profile: Profile, pv: string): { low: number; high: number } | null {
  return profile.limits.find((limit) => limit.pv === pv || limit.pv === `${pv}.VAL`) ?? null;
}

/** With the profile's limits for its PV. */
export function makeDevice(access: PvAccess, profile: Profile, description: Description): Device {
  const { name, kind, pv, readback, done, tolerance, settle, stop } = description;
  const limits = limitsOf(profile, pv);
  const motion = { ...(tolerance !== undefined ? { tolerance } : {}), ...(settle !== undefined ? { settle } : {}), ...(limits ? { limits } : {}) };
  switch (kind) {
    case 'motor': return new Motor(access, name, pv, motion);
    case 'positioner':
    case 'pv': return new Positioner(access, name, pv, { kind, ...motion, ...(readback !== undefined ? { readback } : {}), ...(done !== undefined ? { done } : {}), ...(stop !== undefined ? { stop } : {}) });
    case 'counter': return new Counter(access, name, pv);
    case 'scaler': return new Scaler(access, name, pv);
    case 'camera': return new Camera(access, name, pv, readback);
    case 'mca': return new Mca(access, name, pv);
  }
}

const kindByRecordType: Readonly<Record<string, ProfileDevice['kind']>> = { motor: 'motor', scaler: 'scaler', mca: 'mca' };
/** Seconds that a PV which is there gets to tell its record type. */
const recordTypeTime = 1;

/** What a bare PV is: by the profile where it is there under another name, else by its record type. Errors: those of `PvAccess.ready`. */
export async function describePv(access: PvAccess, profile: Profile, name: string, options: { timeout: number; signal?: AbortSignal }): Promise<Description> {
  const known = profile.devices.find((device) => device.pv === name);
  if (known) return { ...known, name };
  const plain: Description = { name, kind: 'pv', pv: name };
  const bare = name.replace(/^ca:\/\//, '');
  if (/[.]/.test(bare) || bare.includes('://')) return plain;
  const recordType = access.ready(`${name}.RTYP`, { ...options, timeout: options.timeout + recordTypeTime }).then((state) => state.value, () => null);
  await access.ready(name, options);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => { timer = setTimeout(() => resolve(null), recordTypeTime * 1000); });
  const type = await Promise.race([recordType, late]);
  clearTimeout(timer);
  return { ...plain, kind: typeof type === 'string' ? kindByRecordType[type] ?? 'pv' : 'pv' };
}
