// The settings room's door.
export type { ActiveProfile } from './activeProfile';
export { hasEpicsEnvironment } from './environmentProfile';
export { environmentName, findProfile, profileSources, simulationName } from './profileList';
export { readSettings, settingsPath } from './settingsFile';
export { createSettingsRoom } from './settingsRoom';
