// The folder of the runs for a command: --data, else the profile's, else that of the settings.
import { resolve } from 'node:path';
import type { CliIo } from './command';
import { readSettings, settingsPath } from '../settings';

export function dataFolder(option: string | undefined, io: Pick<CliIo, 'paths' | 'profile'>): string {
  if (option !== undefined) return resolve(option);
  return io.profile().profile.dataFolder ?? readSettings(settingsPath(io.paths.user)).settings.dataFolder ?? io.paths.data;
}
