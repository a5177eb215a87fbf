import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Settings } from '@shared/profile';
import type { Session } from '../ipc/handlers';
import { createSettingsRoom } from './settingsRoom';

const session: Session = { id: 's', observer: false, user: 'ada', scope: { add: (member) => member } };
let root: string;
let problems: string[];
const user = () => join(root, 'user');
const start = (profile?: string) => createSettingsRoom({
  paths: { user: user(), data: join(root, 'data'), workers: '/w', resources: '/r' }, environment: {}, onProblem: (_id, message) => problems.push(message),
  ...(profile === undefined ? {} : { profile }),
});
const settingsFile = () => join(user(), 'settings.json');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'settings-'));
  problems = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('settings', () => {
  it('begin with defaults, and are kept', async () => {
    const first = start();
    expect(first.settings).toEqual({ theme: 'system', zoom: 100, touch: false, dataFolder: join(root, 'data'), filePattern: '{scan_id}_{plan}_{uid}', profile: 'simulation' });
    const told: Settings[] = [];
    first.handlers['settings.changed']({}, (settings) => told.push(settings), session);
    await first.handlers['settings.change']({ theme: 'dark', zoom: 150, touch: true, dataFolder: join(root, 'runs'), filePattern: '{date}_{scan_id}' }, session);
    expect(told).toEqual([{ theme: 'dark', zoom: 150, touch: true, dataFolder: join(root, 'runs'), filePattern: '{date}_{scan_id}', profile: 'simulation' }]);
    expect(start().settings).toEqual(told[0]);
    expect(existsSync(join(root, 'runs'))).toBe(true);
    expect(readdirSync(user())).toEqual(['settings.json']);
  });

  it('refuse names of files that can not be', () => {
    const room = start();
    expect(() => room.handlers['settings.change']({ filePattern: '{date}/{plan}' }, session)).toThrow(/"\/", which can not be part of a name/);
    expect(room.filePattern).toBe('{scan_id}_{plan}_{uid}');
  });

  it('that are damaged are put aside, and said', () => {
    mkdirSync(user());
    writeFileSync(settingsFile(), '{"theme": "da');
    expect(start().settings.theme).toBe('system');
    expect(problems).toEqual([expect.stringContaining('were damaged')]);
    expect(readFileSync(`${settingsFile()}.broken`, 'utf8')).toBe('{"theme": "da');
  });

  it.each(['null', '[]', '{"theme": 3, "zoom": 5000, "touch": "yes", "dataFolder": "relative", "profileFiles": "x"}'])('of the wrong kind get their defaults: %s', (text) => {
    mkdirSync(user());
    writeFileSync(settingsFile(), text);
    expect(start().settings).toMatchObject({ theme: 'system', zoom: 100, touch: false, dataFolder: join(root, 'data') });
  });

  it('refuse a folder for runs that can not be one', async () => {
    const room = start();
    writeFileSync(join(root, 'file'), '');
    for (const dataFolder of ['relative', join(root, 'file'), '/proc/endstation/data']) {
      expect(() => room.handlers['settings.change']({ dataFolder }, session)).toThrow(expect.objectContaining({ code: 'BAD_FOLDER' }) as Error);
    }
    expect(existsSync(settingsFile())).toBe(false);
  });

  it('that can not be saved are not changed', () => {
    writeFileSync(user(), 'a file where the folder should be');
    const room = start();
    expect(() => room.handlers['settings.change']({ theme: 'dark' }, session)).toThrow(expect.objectContaining({ code: 'NOT_SAVED' }) as Error);
    expect(room.settings.theme).toBe('system');
  });
});

describe('profiles', () => {
  const profileFile = (text = '{"name": "hall 3", "dataFolder": "runs"}') => {
    const path = join(root, 'hall3.json');
    writeFileSync(path, text);
    return path;
  };

  it('are added, used and found again at the next start', async () => {
    const path = profileFile();
    const room = start();
    const followed: string[] = [];
    room.onProfile((active) => { followed.push(active.profile.name); });
    expect(await room.handlers['profiles.add']({ path }, session)).toMatchObject({ name: 'hall 3', path, problem: null });
    await room.handlers['profiles.use']({ name: 'hall 3' }, session);
    expect(followed).toEqual(['hall 3']);
    expect(room.settings.profile).toBe('hall 3');
    expect(room.dataFolder).toBe(join(root, 'runs'));
    expect(start().active).toMatchObject({ kind: 'file', path });
  });

  it('go back to the old one where the new one can not be put in use', async () => {
    const path = profileFile();
    const room = start();
    await room.handlers['profiles.add']({ path }, session);
    const followed: string[] = [];
    room.onProfile((active) => {
      followed.push(active.profile.name);
      if (active.kind === 'file') throw new Error('a scan runs');
    });
    await expect(room.handlers['profiles.use']({ name: 'hall 3' }, session)).rejects.toThrow('a scan runs');
    expect(followed).toEqual(['hall 3', 'simulation']);
    expect(room.active.kind).toBe('simulation');
    expect(start().active.kind).toBe('simulation');
  });

  it('that are broken are neither added nor used', async () => {
    const path = profileFile('{"name": "hall 3", "ca": 5}');
    const room = start();
    expect(() => room.handlers['profiles.add']({ path }, session)).toThrow(/was not added: line 1, field "ca"/);
    await expect(room.handlers['profiles.use']({ name: path }, session)).rejects.toMatchObject({ code: 'BROKEN_PROFILE' });
    await expect(room.handlers['profiles.use']({ name: 'hall 9' }, session)).rejects.toMatchObject({ code: 'UNKNOWN_PROFILE' });
    expect(room.active.kind).toBe('simulation');
  });

  it('broken since the last time do not keep the application from starting', async () => {
    const path = profileFile();
    const room = start();
    await room.handlers['profiles.add']({ path }, session);
    await room.handlers['profiles.use']({ name: 'hall 3' }, session);
    profileFile('{');
    expect(start().active.kind).toBe('simulation');
    expect(problems).toEqual([expect.stringContaining('The simulation is in use instead')]);
  });

  it('of the command line are for one start, and are an error where they are broken', () => {
    expect(start(profileFile()).active.kind).toBe('file');
    expect(existsSync(settingsFile())).toBe(false);
    expect(() => start('hall 9')).toThrow(expect.objectContaining({ code: 'UNKNOWN_PROFILE' }) as Error);
  });
});
