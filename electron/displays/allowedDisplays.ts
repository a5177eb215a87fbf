// Which display files a window may read: the shipped ones, the profile's, and what the user opened, each with the files around it.
import { homedir } from 'node:os';
import { dirname, extname, isAbsolute, relative, resolve } from 'node:path';
import { EndstationError } from '@shared/errors';

/** A folder whose displays are listed and readable. */
export interface DisplayRoot { readonly folder: string; readonly origin: string; /** The display that is listed before the others, where it is there. */ readonly first?: string }

const displayExtensions = ['.bob', '.opi'];

export function isDisplayFile(path: string): boolean {
  return displayExtensions.includes(extname(path).toLowerCase());
}

/** Whether `path` is `folder` or lies in it. Both absolute, without links. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}

/**
 * A set of displays refers to siblings by `../common/x.bob`, so opening one file lets the window read displays below its
 * parent folder; but never all of a home directory, or of a disk.
 */
export function areaOf(file: string, home = homedir()): string {
  const folder = dirname(file);
  const parent = dirname(folder);
  return isInside(parent, home) || dirname(parent) === parent ? folder : parent;
}

/** The absolute path that `path` means; `from` is the display that names it. Errors: DISPLAY_PATH, DISPLAY_TYPE. */
export function resolveDisplay(path: string, from: string | undefined): string {
  if (path.includes('\0')) throw new EndstationError('DISPLAY_PATH', 'A display path can\'t contain a null character.');
  if (!isAbsolute(path) && (from === undefined || !isAbsolute(from))) {
    throw new EndstationError('DISPLAY_PATH', `"${path}" is relative, and no display names it. Give its whole path.`);
  }
  const absolute = from === undefined ? resolve(path) : resolve(dirname(from), path);
  if (!isDisplayFile(absolute)) {
    throw new EndstationError('DISPLAY_TYPE', `${absolute} is not a display file. Endstation opens ${displayExtensions.join(' and ')} files.`);
  }
  return absolute;
}

/** `areas`: of the roots and of what was opened, real paths. Errors: DISPLAY_NOT_ALLOWED. */
export function checkAllowed(realPath: string, areas: readonly string[]): void {
  if (isDisplayFile(realPath) && areas.some((area) => isInside(area, realPath))) return;
  throw new EndstationError('DISPLAY_NOT_ALLOWED',
    `${realPath} was not opened: it is outside the folders of the displays in use. Open it by "Open file" in Panels, `
    + 'by `endstation FILE.bob`, or name its folder as `displays` in the profile.');
}
