// Where the window was, kept in a file of the user's folder; a place that no screen shows any more is not used again.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { makeFolderSync } from '../files/makeFolder';

export interface Rectangle { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
/** CSS pixels. */
export const smallest = { width: 1024, height: 640 } as const;
const usual = { width: 1440, height: 900 } as const;

const whole = v.pipe(v.number(), v.integer());
const schema = v.object({ x: whole, y: whole, width: whole, height: whole, maximized: v.optional(v.boolean(), false) });
export type SavedWindow = v.InferOutput<typeof schema>;

/** Null where nothing usable was saved. */
export function readSavedWindow(file: string): SavedWindow | null {
  try {
    const read = v.safeParse(schema, JSON.parse(readFileSync(file, 'utf8')));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}

/** A window that can't be remembered is no reason to disturb anybody. */
export function saveWindow(file: string, window: SavedWindow): void {
  try {
    makeFolderSync(dirname(file));
    writeFileSync(`${file}.new`, JSON.stringify(window));
    renameSync(`${file}.new`, file);
  } catch { /* Next time it opens at its usual size. */ }
}

const between = (low: number, value: number, high: number): number => Math.max(low, Math.min(value, high));

/** Never smaller than it may be, even on a smaller screen. */
function sizeWithin(size: { readonly width: number; readonly height: number }, screen: Rectangle): { width: number; height: number } {
  return { width: between(smallest.width, size.width, Math.max(smallest.width, screen.width)), height: between(smallest.height, size.height, Math.max(smallest.height, screen.height)) };
}

/** Wholly within the work area that shows the middle of its title bar; where none does only a size. `screens`: work areas, the main one first. */
export function placeOnScreens(saved: SavedWindow | null, screens: readonly Rectangle[]): { width: number; height: number; x?: number; y?: number } {
  const [first] = screens;
  const size = saved ?? usual;
  const middle = saved && { x: saved.x + saved.width / 2, y: saved.y + 16 };
  const own = middle && screens.find((screen) => middle.x >= screen.x && middle.x < screen.x + screen.width && middle.y >= screen.y && middle.y < screen.y + screen.height);
  if (!saved || !own) return first ? sizeWithin(size, first) : { width: size.width, height: size.height };
  const { width, height } = sizeWithin(saved, own);
  return {
    width, height,
    x: between(own.x, saved.x, Math.max(own.x, own.x + own.width - width)), y: between(own.y, saved.y, Math.max(own.y, own.y + own.height - height)),
  };
}
