// settings.json: read with forgiveness, written whole (a temporary file, then renamed), so that no crash leaves half of it.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { filePatternProblem } from '@shared/fileNames';
import * as v from 'valibot';
import { makeFolderSync } from '../files/makeFolder';
import { SettingsError } from './settingsError';
import { simulationName } from './simulationProfile';

const absolutePath = v.pipe(v.string(), v.minLength(1), v.maxLength(4096), v.check(isAbsolute));
const fields = {
  theme: v.fallback(v.picklist(['dark', 'light', 'system']), 'system'),
  zoom: v.fallback(v.pipe(v.number(), v.minValue(50), v.maxValue(300)), 100),
  touch: v.fallback(v.boolean(), false),
  /** null: the host's default folder. */
  dataFolder: v.fallback(v.nullable(absolutePath), null),
  /** null: the usual names of runs' files. */
  filePattern: v.fallback(v.nullable(v.pipe(v.string(), v.check((pattern) => filePatternProblem(pattern) === null))), null),
  profile: v.fallback(v.pipe(v.string(), v.minLength(1), v.maxLength(4096)), simulationName),
  /** Profiles that were added from elsewhere than the profiles folder. */
  profileFiles: v.fallback(v.pipe(v.array(absolutePath), v.maxLength(1000)), []),
};
const schema = v.object(fields);
export type StoredSettings = v.InferOutput<typeof schema>;

export interface ReadSettings {
  readonly settings: StoredSettings;
  /** What was wrong with the file; its content was put aside. */
  readonly problem: string | null;
}

export function settingsPath(userFolder: string): string { return join(userFolder, 'settings.json'); }

/** Never fails: a field that is wrong gets its default, a file that is not JSON is put aside as `settings.json.broken`. */
export function readSettings(path: string): ReadSettings {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { settings: v.parse(schema, {}), problem: missing ? null : `The settings can not be read (${String(error)}). The defaults are used.` };
  }
  try {
    const value: unknown = JSON.parse(text);
    return { settings: v.parse(schema, typeof value === 'object' && value !== null ? value : {}), problem: null };
  } catch {
    const aside = `${path}.broken`;
    try {
      renameSync(path, aside);
    } catch {
      // It stays where it is, and is replaced at the next change.
    }
    return { settings: v.parse(schema, {}), problem: `The settings in ${path} were damaged and are now in ${aside}. The defaults are used.` };
  }
}

/** Errors: NOT_SAVED. The old file is whole until the new one is. */
export function writeSettings(path: string, settings: StoredSettings): void {
  const temporary = `${path}.${process.pid}.new`;
  try {
    makeFolderSync(dirname(path));
    writeFileSync(temporary, `${JSON.stringify(settings, null, 2)}\n`, 'utf8');
    renameSync(temporary, path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SettingsError('NOT_SAVED', `The settings were not saved: ${why}. Free space, or make ${dirname(path)} writable, and change them again.`, { cause: error });
  }
}
