// All profiles: the simulation, the EPICS variables' one, and files of the profiles folder and of elsewhere. A broken one is listed with its problem.
import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { ProfileSummary } from '@shared/profile';
import type { ActiveProfile } from './activeProfile';
import { environmentName, environmentProfile, type Environment } from './environmentProfile';
import { readProfileFile } from './profileFile';
import { SettingsError } from './settingsError';
import { simulationName, simulationProfile } from './simulationProfile';

export interface ProfileSources {
  readonly environment: Environment;
  /** Folder of the user's profiles; need not exist. */
  readonly folder: string;
  /** Files of elsewhere, absolute. */
  readonly files: readonly string[];
}

/** Where this user's profiles are: the folder beside the settings, and the files that were added to them. */
export function profileSources(userFolder: string, environment: Environment, files: readonly string[]): ProfileSources {
  return { environment, folder: join(userFolder, 'profiles'), files };
}

export function listProfiles(sources: ProfileSources): ProfileSummary[] {
  const summaries = builtIn(sources.environment).map(({ kind, profile }) => ({
    name: profile.name, kind, description: profile.description ?? '', path: null, problem: null,
  }) satisfies ProfileSummary as ProfileSummary);
  for (const path of profileFiles(sources)) {
    const summary = summaryOf(path);
    const taken = summaries.find((other) => other.name === summary.name && other.problem === null);
    summaries.push(taken && summary.problem === null
      ? { ...summary, name: `${summary.name} (${basename(path)})`, problem: `The name "${summary.name}" is taken by ${taken.path ?? 'a built-in profile'}. Change the "name" field in one of them.` }
      : summary);
  }
  return summaries;
}

export function summaryOf(path: string): ProfileSummary {
  const read = readProfileFile(path);
  if (read.ok) return { name: read.profile.name, kind: 'file', description: read.profile.description ?? '', path, problem: null };
  return { name: read.name ?? basename(path), kind: 'file', description: '', path, problem: read.problem };
}

/** By name, or by the path of a file. Errors: UNKNOWN_PROFILE, BROKEN_PROFILE. */
export function findProfile(nameOrFile: string, sources: ProfileSources): ActiveProfile {
  const own = builtIn(sources.environment).find(({ profile }) => profile.name === nameOrFile);
  if (own) return { ...own, path: null };
  const listed = listProfiles(sources).find((summary) => summary.name === nameOrFile && summary.path !== null);
  const path = listed?.path ?? (/[\\/]|\.json$/i.test(nameOrFile) ? resolve(nameOrFile) : null);
  if (path === null) {
    const names = listProfiles(sources).map((summary) => `"${summary.name}"`).join(', ');
    throw new SettingsError('UNKNOWN_PROFILE', `There is no profile "${nameOrFile}". Profiles: ${names}. A file is named by its path.`);
  }
  if (listed?.problem) throw broken(path, listed.problem);
  const read = readProfileFile(path);
  if (!read.ok) throw broken(path, read.problem);
  return { kind: 'file', path, profile: read.profile };
}

function broken(path: string, problem: string): SettingsError {
  return new SettingsError('BROKEN_PROFILE', `The profile ${path} can not be used: ${problem} Correct the file and choose it again.`);
}

function builtIn(environment: Environment): { kind: 'simulation' | 'environment'; profile: ActiveProfile['profile'] }[] {
  return [{ kind: 'simulation', profile: simulationProfile }, { kind: 'environment', profile: environmentProfile(environment) }];
}

function profileFiles(sources: ProfileSources): string[] {
  let names: string[] = [];
  try {
    names = readdirSync(sources.folder).filter((name) => name.toLowerCase().endsWith('.json')).sort();
  } catch {
    // No folder, no profiles of it.
  }
  return [...new Set([...names.map((name) => join(sources.folder, name)), ...sources.files])];
}

export { environmentName, simulationName };
