import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session } from '../ipc/handlers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { areaOf } from './allowedDisplays';
import { displayName, displayText } from './displayText';
import { displayRoots } from './displayRoots';
import { createDisplaysRoom } from './displaysRoom';

const session: Session = { id: 'a', observer: false, user: 'ada', scope: { add: (member) => member } };
const bob = (name: string) => `<?xml version="1.0" encoding="UTF-8"?>\n<display version="2.0.0">\n  <name>${name}</name>\n  <widget type="label"><name>inner</name></widget></display>`;
let folder: string;
const at = (...path: string[]) => join(folder, ...path);
const put = async (path: string, text: string) => {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(at(path), text);
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'displays-'));
  await put('shipped/overview.bob', bob('Beamline overview'));
  await put('shipped/motors/motor.bob', bob('$(M)'));
  await put('shipped/notes.txt', 'no display');
  await put('site/area/main.bob', bob('Main'));
  await put('site/common/head.bob', bob('Head'));
  await put('secret/other.bob', bob('Other'));
  await put('secret/passwd', 'root');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function room(choose?: () => Promise<string | null>, openedFile?: string) {
  const { handlers, request } = createDisplaysRoom({ roots: () => [{ folder: at('shipped'), origin: 'Endstation' }], choose, ...(openedFile === undefined ? {} : { openedFile }) });
  const codeOf = (promise: unknown) => Promise.resolve(promise).then(() => 'read', (error: { code: string }) => error.code);
  const read = (path: string, from?: string) => Promise.resolve().then(() => handlers['displays.read'](from === undefined ? { path } : { path, from }, session));
  return { handlers, request, read, code: (path: string, from?: string) => codeOf(read(path, from)) };
}

describe('the displays room', () => {
  it('lists the display files of its roots by the name that they give themselves', async () => {
    const list = await room().handlers['displays.list']({}, session);
    expect(list).toEqual([
      { path: at('shipped/motors/motor.bob'), name: 'motor', origin: 'Endstation' },
      { path: at('shipped/overview.bob'), name: 'Beamline overview', origin: 'Endstation' },
    ]);
  });

  it('reads what lies in a root, and what a display there names relative to itself', async () => {
    const { read } = room();
    expect((await read(at('shipped/overview.bob'))).text).toContain('Beamline overview');
    expect(await read('motors/motor.bob', at('shipped/overview.bob'))).toMatchObject({ path: at('shipped/motors/motor.bob') });
    expect(await read('../overview.bob', at('shipped/motors/motor.bob'))).toMatchObject({ path: at('shipped/overview.bob') });
  });

  it.each([
    ['a file elsewhere', 'secret/other.bob', undefined, 'DISPLAY_NOT_ALLOWED'],
    ['a way out of a root', '../secret/other.bob', 'shipped/overview.bob', 'DISPLAY_NOT_ALLOWED'],
    ['a display named from a place that is not open', 'other.bob', 'secret/some.bob', 'DISPLAY_NOT_ALLOWED'],
    ['another kind of file', 'shipped/notes.txt', undefined, 'DISPLAY_TYPE'],
    ['a file that is not there', 'shipped/nothing.bob', undefined, 'DISPLAY_NOT_FOUND'],
    ['a folder', 'shipped/folder.bob', undefined, 'DISPLAY_TYPE'],
  ])('refuses %s', async (_what, path, from, code) => {
    await mkdir(at('shipped/folder.bob'));
    const relative = from !== undefined;
    expect(await room().code(relative ? path : at(path), relative ? at(from) : undefined)).toBe(code);
  });

  it('refuses a pipe, which would wait for its writer', async () => {
    execFileSync('mkfifo', [at('shipped/pipe.bob')]);
    expect(await room().code(at('shipped/pipe.bob'))).toBe('DISPLAY_TYPE');
  });

  it('refuses a relative path that no display names, and a null character', async () => {
    expect(await room().code('overview.bob')).toBe('DISPLAY_PATH');
    expect(await room().code('overview.bob', 'also/relative.bob')).toBe('DISPLAY_PATH');
    expect(await room().code(`${at('shipped/overview.bob')}\0.bob`)).toBe('DISPLAY_PATH');
  });

  it('follows no link out of a root, whatever its name', async () => {
    await symlink(at('secret/passwd'), at('shipped/link.bob'));
    await symlink(at('secret/other.bob'), at('shipped/other.bob'));
    expect(await room().code(at('shipped/link.bob'))).toBe('DISPLAY_NOT_ALLOWED');
    expect(await room().code(at('shipped/other.bob'))).toBe('DISPLAY_NOT_ALLOWED');
  });

  it('reads what the user opened, with the displays around it, and nothing further', async () => {
    const { request, code } = room();
    expect(await code(at('site/area/main.bob'))).toBe('DISPLAY_NOT_ALLOWED');
    request(at('site/area/main.bob'));
    expect(await code(at('site/area/main.bob'))).toBe('read');
    expect(await code('../common/head.bob', at('site/area/main.bob'))).toBe('read');
    expect(await code('../../secret/other.bob', at('site/area/main.bob'))).toBe('DISPLAY_NOT_ALLOWED');
  });

  it('still reads after a restart what the user opened, the last hundred of it, and nothing that a page asked for', async () => {
    const kept = at('user', 'displays.json');
    const first = room(() => Promise.resolve(at('chosen/area/other.bob')), kept);
    first.request(at('site/area/main.bob'));
    await first.handlers['displays.choose']({}, session);
    await put('chosen/area/other.bob', bob('Other'));
    await put('page/area/wanted.bob', bob('Wanted'));
    expect(await first.code(at('page/area/wanted.bob'))).toBe('DISPLAY_NOT_ALLOWED');
    await first.handlers['displays.read']({ path: at('site/area/main.bob') }, session);

    const second = room(undefined, kept);
    expect(await second.code(at('site/area/main.bob'))).toBe('read');
    expect(await second.code(at('chosen/area/other.bob'))).toBe('read');
    expect(await second.code(at('page/area/wanted.bob'))).toBe('DISPLAY_NOT_ALLOWED');
    for (let number = 0; number < 99; number += 1) second.request(`/nowhere/${number}.bob`);
    expect(await room(undefined, kept).code(at('chosen/area/other.bob'))).toBe('read');
    expect(await room(undefined, kept).code(at('site/area/main.bob'))).toBe('DISPLAY_NOT_ALLOWED');
  });

  it('starts with none where the remembered ones can not be read', async () => {
    const kept = at('displays.json');
    for (const text of ['', '{', '{}', '[1, "relative.bob", null]', JSON.stringify([at('secret/passwd')])]) {
      await writeFile(kept, text);
      expect(await room(undefined, kept).code(at('secret/other.bob'))).toBe('DISPLAY_NOT_ALLOWED');
    }
    const refused = room(undefined, at('secret/passwd/displays.json'));
    refused.request(at('site/area/main.bob'));
    expect(await refused.code(at('site/area/main.bob'))).toBe('read');
  });

  it('refuses a file that is too large to be a display', async () => {
    await put('shipped/huge.bob', ' '.repeat(20 * 1024 * 1024 + 1));
    expect(await room().code(at('shipped/huge.bob'))).toBe('DISPLAY_TOO_LARGE');
  });

  it('allows what the dialog chose, and says NO_DIALOG where there is none', async () => {
    const chosen = room(() => Promise.resolve(at('site/area/main.bob')));
    expect(await chosen.handlers['displays.choose']({}, session)).toEqual({ path: at('site/area/main.bob') });
    expect(await chosen.code(at('site/area/main.bob'))).toBe('read');
    expect(await room(() => Promise.resolve(null)).handlers['displays.choose']({}, session)).toBeNull();
    await expect(room().handlers['displays.choose']({}, session)).rejects.toMatchObject({ code: 'NO_DIALOG' });
  });

  it('tells a window of displays that were asked for before it listened, once, and of later ones', () => {
    const { handlers, request } = room();
    request(at('site/area/main.bob'));
    const first: string[] = [];
    const second: string[] = [];
    const listening = handlers['displays.requested']({}, ({ path }) => first.push(path), session);
    handlers['displays.requested']({}, ({ path }) => second.push(path), session);
    request(at('shipped/overview.bob'));
    listening.dispose();
    expect(first).toEqual([at('site/area/main.bob'), at('shipped/overview.bob')]);
    expect(second).toEqual([at('shipped/overview.bob')]);
  });
});

describe('the displays that are listed', () => {
  const listOf = async (...active: Parameters<typeof displayRoots>) => {
    const { handlers } = createDisplaysRoom({ roots: () => displayRoots(...active) });
    return (await handlers['displays.list']({}, session)).map(({ path, origin }) => [path, origin]);
  };
  const motor = at.bind(null, 'shipped', 'motors', 'motor.bob');
  const overview = at.bind(null, 'shipped', 'overview.bob');

  it('are the simulated beamline\'s only where that is the profile, its overview first', async () => {
    expect(await listOf(at('shipped'), { kind: 'simulation', profile: { name: 'Simulation' } })).toEqual([[overview(), 'Endstation'], [motor(), 'Endstation']]);
    expect(await listOf(at('shipped'), { kind: 'environment', profile: { name: 'EPICS environment' } })).toEqual([]);
  });

  it('are the profile\'s own otherwise, the one that it names first', async () => {
    expect(await listOf(at('shipped'), { kind: 'file', profile: { name: 'i20', displays: at('site') } })).toEqual([[at('site/area/main.bob'), 'i20'], [at('site/common/head.bob'), 'i20']]);
    await put('site/common/area.bob', bob('Area'));
    expect(await listOf(at('shipped'), { kind: 'file', profile: { name: 'i20', displays: at('site/common/head.bob') } })).toEqual([[at('site/common/head.bob'), 'i20'], [at('site/common/area.bob'), 'i20']]);
  });
});

describe('the area of an opened file', () => {
  it.each([
    ['/data/displays/area/main.bob', '/data/displays'], ['/home/ada/main.bob', '/home/ada'], ['/home/ada/displays/main.bob', '/home/ada/displays'],
    ['/home/ada/displays/area/main.bob', '/home/ada/displays'], ['/main.bob', '/'], ['/data/main.bob', '/data'],
  ])('of %s is %s', (file, area) => expect(areaOf(file, '/home/ada')).toBe(area));
});

describe('a display\'s text', () => {
  it('is read in the encoding that it declares', () => {
    expect(displayText(Buffer.from('\uFEFF<display>µm</display>'))).toBe('<display>µm</display>');
    expect(displayText(Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>µ°C</a>', 'latin1'))).toContain('µ°C');
    expect(displayText(Buffer.from('\uFEFF<a>µ</a>', 'utf16le'))).toBe('<a>µ</a>');
  });

  it('gives its own name, not a widget\'s, and none that only macros make', () => {
    expect(displayName(bob('A &lt;b&gt; &amp; c'))).toBe('A <b> & c');
    expect(displayName(bob('$(M)'))).toBeNull();
    expect(displayName('<display><widget type="label"><name>inner</name></widget></display>')).toBeNull();
  });
});
