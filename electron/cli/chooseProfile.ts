// Which profile a command uses. Without --profile: the EPICS variables' one where any EPICS_CA_* or EPICS_PVA_* is set, else the
// simulated beamline, so that every command works on a machine without a control system and never searches a network unasked.
import type { Paths } from '../room';
import { environmentName, findProfile, hasEpicsEnvironment, profileSources, readSettings, settingsPath, simulationName, type ActiveProfile } from '../settings';

export function chooseProfile(wanted: string | null, environment: Readonly<Record<string, string | undefined>>, paths: Paths): ActiveProfile {
  const name = wanted ?? (hasEpicsEnvironment(environment) ? environmentName : simulationName);
  const { profileFiles } = readSettings(settingsPath(paths.user)).settings;
  return findProfile(name, profileSources(paths.user, environment, profileFiles));
}
