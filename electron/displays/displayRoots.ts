// Whose displays are listed: the profile's own, and the simulated beamline's where that is the profile.
import { dirname, join } from 'node:path';
import type { Profile } from '@shared/profile';
import { isDisplayFile, type DisplayRoot } from './allowedDisplays';

/** `shipped`: folder of the simulated beamline's displays, of PVs that no other profile has. */
export function displayRoots(shipped: string, active: { readonly kind: 'simulation' | 'environment' | 'file'; readonly profile: Pick<Profile, 'name' | 'displays'> }): DisplayRoot[] {
  const { displays: own, name } = active.profile;
  return [
    ...(active.kind === 'simulation' ? [rootOf(shipped, 'Endstation')] : []),
    ...(own === undefined ? [] : [rootOf(own, name)]),
  ];
}

function rootOf(path: string, origin: string): DisplayRoot {
  return isDisplayFile(path) ? { folder: dirname(path), origin, first: path } : { folder: path, origin, first: join(path, 'overview.bob') };
}
