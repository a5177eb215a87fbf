// The displays room: lists and reads display files, and passes on what the user asks to open from outside the window.
import { open, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Emitter } from '@shared/disposable';
import { EndstationError } from '@shared/errors';
import type { Room } from '../room';
import { areaOf, checkAllowed, resolveDisplay } from './allowedDisplays';
import type { DisplayRoot } from './allowedDisplays';
import { displaysIn } from './displayFolder';
import { displayText } from './displayText';
import { OpenedDisplays } from './openedDisplays';

const largestFile = 20 * 1024 * 1024;

export interface DisplaysOptions {
  /** Folders that are always open: the shipped displays and the profile's, as they are now. */
  roots(): readonly DisplayRoot[];
  /** File that remembers what the user opened; left out: it is forgotten at the end. */
  readonly openedFile?: string;
  /** The system's dialog, where the host has one; null: cancelled. */
  readonly choose?: (() => Promise<string | null>) | undefined;
}

export interface DisplaysRoom extends Room<'displays.list' | 'displays.read' | 'displays.choose' | 'displays.requested'> {
  /** The user named this file (command line, second start, dialog): windows may read it, and are asked to show it. */
  request(path: string): void;
}

export function createDisplaysRoom({ roots, choose, openedFile }: DisplaysOptions): DisplaysRoom {
  const opened = new OpenedDisplays(openedFile ?? null);
  const requested = new Emitter<{ path: string }>();
  /** Asked for before any window listened. */
  let waiting: string[] = [];

  const allow = (path: string): string => {
    const absolute = resolve(path);
    opened.add(absolute);
    return absolute;
  };

  async function areas(): Promise<string[]> {
    const real = (path: string) => realpath(path).catch(() => null);
    const folders = await Promise.all([...roots().map((root) => real(root.folder)), ...opened.list().map(async (file) => {
      const target = await real(file);
      return target === null ? null : areaOf(target);
    })]);
    return folders.filter((folder): folder is string => folder !== null);
  }

  async function read(path: string, from: string | undefined): Promise<{ path: string; text: string }> {
    const wanted = resolveDisplay(path, from);
    const target = await realpath(wanted).catch((cause: NodeJS.ErrnoException) => { throw unreadable(wanted, cause); });
    // The display that refers to it needs no check of its own: the target must be allowed, whoever names it.
    checkAllowed(target, await areas());
    return { path: wanted, text: await readText(target) };
  }

  return {
    handlers: {
      'displays.list': async () => {
        const lists = await Promise.all(roots().map(async ({ folder, origin, first }) => {
          const found = (await displaysIn(folder)).map((display) => ({ ...display, origin }));
          return [...found.filter(({ path }) => path === first), ...found.filter(({ path }) => path !== first)];
        }));
        return lists.flat();
      },
      'displays.read': ({ path, from }) => read(path, from),
      'displays.choose': async () => {
        if (choose === undefined) throw new EndstationError('NO_DIALOG', 'A browser can\'t show the dialog of the machine that serves it. Choose a file of this browser\'s machine instead.');
        const path = await choose();
        return path === null ? null : { path: allow(path) };
      },
      'displays.requested': (_args, emit) => {
        const earlier = waiting;
        waiting = [];
        for (const path of earlier) emit({ path });
        return requested.on(emit);
      },
    },
    request(path) {
      const absolute = allow(path);
      if (requested.size === 0) waiting.push(absolute);
      else requested.emit({ path: absolute });
    },
    dispose() { waiting = []; },
  };
}

async function readText(path: string): Promise<string> {
  // Opening a pipe waits for its writer: looked at before it is opened.
  const kind = await stat(path).catch((cause: NodeJS.ErrnoException) => { throw unreadable(path, cause); });
  if (!kind.isFile() && !kind.isDirectory()) throw new EndstationError('DISPLAY_TYPE', `${path} is a pipe, socket or device, not a file. Open a display file.`);
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => { throw unreadable(path, cause); });
  try {
    const { size } = await file.stat();
    if (size > largestFile) throw new EndstationError('DISPLAY_TOO_LARGE', `${path} has ${Math.round(size / 1e6)} MB; a display may have at most 20 MB. Check that it is a display.`);
    return displayText(await file.readFile());
  } catch (cause) {
    throw cause instanceof EndstationError ? cause : unreadable(path, cause as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
}

function unreadable(path: string, cause: NodeJS.ErrnoException): EndstationError {
  const why: Record<string, [code: string, text: string]> = {
    ENOENT: ['DISPLAY_NOT_FOUND', 'there is no such file. Check its name and folder.'],
    ENOTDIR: ['DISPLAY_NOT_FOUND', 'there is no such file. Check its name and folder.'],
    EISDIR: ['DISPLAY_TYPE', 'it is a folder. Open a file in it.'],
    EACCES: ['DISPLAY_NOT_READABLE', 'you may not read it. Ask its owner for read permission.'],
  };
  const [code, text] = why[cause.code ?? ''] ?? ['DISPLAY_NOT_READABLE', `${cause.message}. Check the file and its disk.`];
  return new EndstationError(code, `${path} was not opened: ${text}`, { cause });
}
