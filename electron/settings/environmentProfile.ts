// The profile that EPICS_* variables make: for a workstation that is set up for EPICS already.
import { profileSchema, type Profile } from '@shared/profile';
import * as v from 'valibot';

export type Environment = Readonly<Record<string, string | undefined>>;

export const environmentName = 'EPICS environment';
const variable = /^EPICS_(CA|PVA)_/;

/** Is any client variable of EPICS set? */
export function hasEpicsEnvironment(environment: Environment): boolean {
  return Object.entries(environment).some(([name, value]) => variable.test(name) && value !== undefined && value.trim() !== '');
}

/** Only says what is set: the client itself reads the variables, as EPICS base does. */
export function environmentProfile(environment: Environment): Profile {
  const set = Object.entries(environment).filter(([name, value]) => variable.test(name) && value?.trim()).map(([name, value]) => `${name}=${value?.trim() ?? ''}`).sort();
  const description = set.length > 0 ? set.join(', ') : 'No EPICS_* variable is set: PVs are looked for by broadcast, as EPICS does then.';
  return v.parse(profileSchema, { name: environmentName, description: description.length > 400 ? `${description.slice(0, 399)}…` : description });
}
