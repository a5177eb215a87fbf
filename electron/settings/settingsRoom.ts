// The settings room: settings, the list of profiles and which one is in use. Others follow its profile; it knows none of them.
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, normalize } from 'node:path';
import { Emitter, type Disposable } from '@shared/disposable';
import { defaultFilePattern, filePatternProblem } from '@shared/fileNames';
import type { ProfileSummary, Settings } from '@shared/profile';
import type { Paths, Room } from '../room';
import type { ActiveProfile } from './activeProfile';
import type { Environment } from './environmentProfile';
import { makeFolderSync } from '../files/makeFolder';
import { findProfile, listProfiles, profileSources, summaryOf, type ProfileSources } from './profileList';
import { readSettings, settingsPath, writeSettings, type StoredSettings } from './settingsFile';
import { SettingsError } from './settingsError';
import { simulationName } from './simulationProfile';

export interface SettingsRoomOptions {
  readonly paths: Paths;
  readonly environment: Environment;
  /** `--profile NAME|FILE`: for this start only, not saved. Errors in it are thrown by `createSettingsRoom`. */
  readonly profile?: string;
  /** Told once for each thing that is wrong with what is stored. */
  onProblem?(id: string, message: string): void;
}
export type SettingsMethods =
  | 'settings.get' | 'settings.change' | 'settings.changed' | 'profiles.list' | 'profiles.use' | 'profiles.add';

export interface SettingsRoom extends Room<SettingsMethods> {
  readonly active: ActiveProfile;
  readonly settings: Settings;
  /** Where runs go: the profile's folder, else the settings' one. Absolute. */
  readonly dataFolder: string;
  /** Of runs' file names: the profile's, else the settings' one. */
  readonly filePattern: string;
  /** Called at each change; `profiles.use` waits for it, and goes back to the old profile where it fails. Not called with the first profile: see `active`. */
  onProfile(listener: (active: ActiveProfile) => void | Promise<void>): Disposable;
}

export function createSettingsRoom(options: SettingsRoomOptions): SettingsRoom {
  const { paths, environment } = options;
  const file = settingsPath(paths.user);
  const read = readSettings(file);
  if (read.problem) options.onProblem?.('settings', read.problem);
  let stored: StoredSettings = read.settings;
  const sources = (): ProfileSources => profileSources(paths.user, environment, stored.profileFiles);
  let active = options.profile === undefined ? firstProfile(stored.profile, sources(), options) : findProfile(options.profile, sources());
  const changed = new Emitter<Settings>();
  const listeners = new Set<(active: ActiveProfile) => void | Promise<void>>();
  let switching: Promise<void> = Promise.resolve();

  const settings = (): Settings => ({
    theme: stored.theme, zoom: stored.zoom, touch: stored.touch, dataFolder: stored.dataFolder ?? paths.data, filePattern: stored.filePattern ?? defaultFilePattern, profile: active.profile.name,
  });
  const store = (change: Partial<StoredSettings>): void => {
    const next = { ...stored, ...change };
    writeSettings(file, next);
    stored = next;
    changed.emit(settings());
  };
  const tell = async (profile: ActiveProfile): Promise<void> => {
    for (const listener of [...listeners]) await listener(profile);
  };
  async function use(name: string): Promise<void> {
    const next = findProfile(name, sources());
    const old = active;
    active = next;
    try {
      await tell(next);
    } catch (error) {
      active = old;
      await tell(old).catch(() => undefined);
      throw error;
    }
    try {
      store({ profile: next.path ?? next.profile.name });
    } catch (error) {
      // In use all the same, only not for the next start.
      changed.emit(settings());
      throw error;
    }
  }

  return {
    get active() { return active; },
    get settings() { return settings(); },
    get dataFolder() { return active.profile.dataFolder ?? stored.dataFolder ?? paths.data; },
    get filePattern() { return active.profile.filePattern ?? stored.filePattern ?? defaultFilePattern; },
    onProfile(listener) {
      listeners.add(listener);
      return { dispose: () => { listeners.delete(listener); } };
    },
    handlers: {
      'settings.get': settings,
      'settings.change': ({ theme, zoom, touch, dataFolder, filePattern }) => {
        store({
          ...(theme === undefined ? {} : { theme }),
          ...(zoom === undefined ? {} : { zoom }),
          ...(touch === undefined ? {} : { touch }),
          ...(dataFolder === undefined ? {} : { dataFolder: usableFolder(dataFolder) }),
          ...(filePattern === undefined ? {} : { filePattern: usablePattern(filePattern) }),
        });
        return settings();
      },
      'settings.changed': (_args, emit) => changed.on(emit),
      'profiles.list': () => listProfiles(sources()),
      'profiles.use': ({ name }) => {
        const turn = switching.catch(() => undefined).then(() => use(name));
        switching = turn;
        return turn;
      },
      'profiles.add': ({ path }): ProfileSummary => {
        if (!isAbsolute(path)) throw new SettingsError('UNKNOWN_PROFILE', `"${path}" is not the whole path of a file. Enter it from its root.`);
        const added = normalize(path);
        const summary = summaryOf(added);
        if (summary.problem !== null) throw new SettingsError('BROKEN_PROFILE', `The profile ${added} was not added: ${summary.problem} Correct the file and add it again.`);
        if (!stored.profileFiles.includes(added)) store({ profileFiles: [...stored.profileFiles, added] });
        return listProfiles(sources()).find((listed) => listed.path === added) ?? summary;
      },
    },
    dispose() { listeners.clear(); },
  };
}

/** The stored profile where it can be used, else the simulation: a broken file must not keep the application from starting. */
function firstProfile(name: string, sources: ProfileSources, options: SettingsRoomOptions): ActiveProfile {
  try {
    return findProfile(name, sources);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    options.onProblem?.('profile', `The simulation is in use instead of the last profile. ${why}`);
    return findProfile(simulationName, sources);
  }
}

/** Errors: FILE_NAME. */
function usablePattern(pattern: string): string {
  const problem = filePatternProblem(pattern);
  if (problem !== null) throw new SettingsError('FILE_NAME', problem);
  return pattern.trim();
}

/** Made where it is missing. Errors: BAD_FOLDER. */
function usableFolder(path: string): string {
  const folder = normalize(path.replace(/^~(?=[/\\]|$)/, homedir()));
  if (!isAbsolute(folder)) throw new SettingsError('BAD_FOLDER', `"${path}" is not the whole path of a folder. Enter it from its root, for example ${join(homedir(), 'data')}.`);
  try {
    makeFolderSync(folder);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SettingsError('BAD_FOLDER', `Runs can not be stored in ${folder}: ${why}. Choose a folder that you may write to.`, { cause: error });
  }
  return folder;
}
