// Where a command's runs are: the folder from --data, else the profile, else the settings; the names of their files likewise.
import { resolve } from 'node:path';
import { defaultFilePattern } from '@shared/fileNames';
import type { CliIo } from './command';
import { readSettings, settingsPath } from '../settings';

export function dataFolder(option: string | undefined, io: Pick<CliIo, 'paths' | 'profile'>): string {
  if (option !== undefined) return resolve(option);
  return io.profile().profile.dataFolder ?? readSettings(settingsPath(io.paths.user)).settings.dataFolder ?? io.paths.data;
}

export function filePattern(io: Pick<CliIo, 'paths' | 'profile'>): string {
  return io.profile().profile.filePattern ?? readSettings(settingsPath(io.paths.user)).settings.filePattern ?? defaultFilePattern;
}
