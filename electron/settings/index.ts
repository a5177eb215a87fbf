// The settings room's door.
export type { ActiveProfile } from './activeProfile';
export { hasEpicsEnvironment } from './environmentProfile';
export { environmentName, findProfile, simulationName } from './profileList';
export type { ProfileSources } from './profileList';
export { createSettingsRoom } from './settingsRoom';
export type { SettingsRoom, SettingsRoomOptions } from './settingsRoom';
export { SettingsError } from './settingsError';
