import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, makeFolderSync } from './makeFolder';

const ways: [string, (path: string) => Promise<void>][] = [
  ['makeFolder', makeFolder],
  ['makeFolderSync', (path) => Promise.resolve().then(() => makeFolderSync(path))],
];

describe.each(ways)('%s', (_name, make) => {
  const inside = () => mkdtempSync(join(tmpdir(), 'folder-'));

  it('makes the parents too, and takes a folder that is there', async () => {
    const path = join(inside(), 'a', 'b', 'c');
    await make(path);
    await make(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('refuses where a part of the path is a file', async () => {
    const file = join(inside(), 'file');
    writeFileSync(file, '');
    await expect(make(file)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(make(join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it.runIf(existsSync('/proc/self'))('returns where the system refuses the last part', async () => {
    await expect(make('/proc/endstation/none')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
