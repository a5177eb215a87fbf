// The devices' door: makes those of the profile, and any PV as one.
import { EndstationError } from '@shared/errors';
import type { Profile } from '@shared/profile';
import type { PvAccess } from '../pv/pvAccess';
import type { Devices } from './device';

export interface DevicesOptions {
  readonly pv: PvAccess;
  /** The profile in use now; another object means that the devices are made anew. */
  readonly profile: () => Profile;
}

export function createDevices(_options: DevicesOptions): Devices {
  throw new EndstationError('NOT_READY', 'Devices are not ready yet.');
}
