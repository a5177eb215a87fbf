import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStartArguments } from './startArguments';
import { placeOnScreens, readSavedWindow, saveWindow } from './windowBounds';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const second = { x: 1920, y: 0, width: 2560, height: 1440 };

describe('where the window opens', () => {
  it.each([
    ['where it was', { x: 100, y: 50, width: 1200, height: 800 }, [screen], { x: 100, y: 50, width: 1200, height: 800 }],
    ['on the second screen, while that is there', { x: 2000, y: 50, width: 1200, height: 800 }, [screen, second], { x: 2000, y: 50, width: 1200, height: 800 }],
    ['at no place that no screen shows any more', { x: 2000, y: 50, width: 1200, height: 800 }, [screen], { width: 1200, height: 800 }],
    ['never with its title bar above the screen', { x: 100, y: -700, width: 1200, height: 800 }, [screen], { width: 1200, height: 800 }],
    ['no larger than the screen\'s work area, so that its last line shows', { x: 10, y: 40, width: 2400, height: 1400 }, [{ x: 0, y: 27, width: 1280, height: 773 }], { x: 0, y: 27, width: 1280, height: 773 }],
    ['moved in where it reached over the edge', { x: 1000, y: 500, width: 1200, height: 800 }, [screen], { x: 720, y: 280, width: 1200, height: 800 }],
    ['within the screen that shows its title bar', { x: 2000, y: 900, width: 1200, height: 800 }, [screen, second], { x: 2000, y: 640, width: 1200, height: 800 }],
    ['no larger than the first screen, where its own is gone', { x: 2000, y: 50, width: 2400, height: 1400 }, [{ x: 0, y: 0, width: 1280, height: 720 }], { width: 1280, height: 720 }],
    ['never smaller than it may be', { x: 0, y: 0, width: 10, height: 10 }, [screen], { x: 0, y: 0, width: 1024, height: 640 }],
  ])('%s', (_what, saved, screens, expected) => {
    expect(placeOnScreens({ ...saved, maximized: false }, screens)).toEqual(expected);
  });

  it('the first time at its usual size, or the screen\'s where that is smaller', () => {
    expect(placeOnScreens(null, [screen])).toEqual({ width: 1440, height: 900 });
    expect(placeOnScreens(null, [{ x: 0, y: 0, width: 1280, height: 720 }])).toEqual({ width: 1280, height: 720 });
  });

  it('is kept in a file; a file that is no such thing is as none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'window-'));
    const file = join(folder, 'sub', 'window.json');
    expect(readSavedWindow(file)).toBeNull();
    saveWindow(file, { x: 1, y: 2, width: 1100, height: 700, maximized: true });
    expect(readSavedWindow(file)).toEqual({ x: 1, y: 2, width: 1100, height: 700, maximized: true });
    for (const text of ['', '{', '[]', '{"x":"left","y":0,"width":1,"height":1}', '{"x":1.5,"y":0,"width":1,"height":1}']) {
      writeFileSync(file, text);
      expect(readSavedWindow(file)).toBeNull();
    }
    rmSync(folder, { recursive: true });
  });
});

describe('what the application was started with', () => {
  it.each([
    [[], { display: null, profile: null, observer: false }],
    [['panel.bob'], { display: '/start/dir/panel.bob', profile: null, observer: false }],
    [['--no-sandbox', '--remote-debugging-port=0', '/data/PANEL.BOB'], { display: '/data/PANEL.BOB', profile: null, observer: false }],
    [['--profile', 'i20', '--observer'], { display: null, profile: 'i20', observer: true }],
    [['--profile=/etc/endstation/i20.json', 'a.opi'], { display: '/start/dir/a.opi', profile: '/etc/endstation/i20.json', observer: false }],
    [['--profile', 'odd.bob'], { display: null, profile: 'odd.bob', observer: false }],
    [['notes.txt'], { display: null, profile: null, observer: false }],
  ])('%j', (args, expected) => expect(readStartArguments(args, '/start/dir')).toEqual(expected));
});
