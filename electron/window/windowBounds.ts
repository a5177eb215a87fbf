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

/** The size, and the place where one of the screens' work areas shows the title bar's middle. */
export function placeOnScreens(saved: SavedWindow | null, screens: readonly Rectangle[]): { width: number; height: number; x?: number; y?: number } {
  if (saved === null) {
    const [first] = screens;
    return first === undefined ? { ...usual } : { width: Math.max(smallest.width, Math.min(usual.width, first.width)), height: Math.max(smallest.height, Math.min(usual.height, first.height)) };
  }
  const size = { width: Math.max(smallest.width, saved.width), height: Math.max(smallest.height, saved.height) };
  const middle = { x: saved.x + size.width / 2, y: saved.y + 16 };
  const seen = screens.some((screen) => middle.x >= screen.x && middle.x < screen.x + screen.width && middle.y >= screen.y && middle.y < screen.y + screen.height);
  return seen ? { ...size, x: saved.x, y: saved.y } : size;
}
