import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkProfile, readProfileFile } from './profileFile';
import { findProfile, listProfiles } from './profileList';
import { simulationProfile } from './simulationProfile';

const problem = (text: string): string => {
  const read = checkProfile(text, '/p');
  return read.ok ? '' : read.problem;
};

describe('a profile', () => {
  it('gets its defaults, and paths from its folder', () => {
    const read = checkProfile('{"name": "hall 3", "ca": {"addresses": ["10.1.2.255"]}, "dataFolder": "runs", "displays": "~/screens"}', '/p/q');
    expect(read).toMatchObject({ ok: true, profile: {
      name: 'hall 3', dataFolder: join('/p/q', 'runs'), displays: join(homedir(), 'screens'), devices: [],
      ca: { addresses: ['10.1.2.255'], autoAddresses: false, serverPort: 5064, connectionTimeout: 30 },
    } });
  });

  it.each([
    ['{\n "name": "a",\n "adresses": []\n}', 'line 3, field "adresses": there is no such field.'],
    ['{}', 'line 1, field "name": it is missing.'],
    ['{"name": 5}', 'line 1, field "name": it is 5, but must be a text.'],
    ['{"name": "a",\n"ca": {\n"serverPort": 70000}}', 'line 3, field "ca.serverPort": it is 70000, but must be at most 65535.'],
    ['{"name": "a",\n"ca": {\n"addresses": ["a b"]}}', 'line 3, field "ca.addresses.0": An address is HOST or HOST:PORT.'],
    ['{"name": "a", "devices": [{"name": "x", "kind": "car", "pv": "P"}]}',
      'line 1, field "devices.0.kind": it is "car", but must be one of "motor", "positioner", "counter", "scaler", "camera", "mca", "pv".'],
    ['{"name": "a", "limits": [{"pv": "X", "low": 2, "high": 1}]}', 'line 1, field "limits.0": low must not be above high.'],
    ['[1]', 'The profile must be one object in { }.'],
    ['{\n"name": "a"\n"ca": {}}', 'Not JSON, line 3, column 1: a comma or "}" is missing.'],
  ])('says what is wrong with %j', (text, told) => {
    expect(problem(text)).toBe(told);
  });

  it('with many mistakes tells the first and counts the others', () => {
    const limits = Array.from({ length: 9 }, () => '{"pv": "X", "low": 2, "high": 1}').join(', ');
    expect(problem(`{"name": "a", "limits": [${limits}]}`)).toMatch(/^line 1, field "limits.0": low must not be above high; .*; and 4 more\.$/);
  });
});

describe('the list of profiles', () => {
  let folder: string;
  const file = (name: string, text: string) => { const path = join(folder, name); writeFileSync(path, text); return path; };
  const sources = () => ({ environment: { EPICS_CA_ADDR_LIST: '10.0.0.255' }, folder, files: [] as string[] });

  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'profiles-')); });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has the built-in ones even where the folder does not exist', () => {
    const list = listProfiles({ ...sources(), folder: join(folder, 'none') });
    expect(list.map(({ name, kind, problem: wrong }) => [name, kind, wrong])).toEqual([['simulation', 'simulation', null], ['EPICS environment', 'environment', null]]);
    expect(list[1]?.description).toBe('EPICS_CA_ADDR_LIST=10.0.0.255');
  });

  it('lists a broken file with its problem, beside the good ones', () => {
    file('a.json', '{"name": "hall 3"}');
    file('b.json', '{"name": "hall 4",');
    mkdirSync(join(folder, 'c.json'));
    const list = listProfiles({ ...sources(), files: [join(folder, 'gone.json')] }).slice(2);
    expect(list).toEqual([
      expect.objectContaining({ name: 'hall 3', problem: null }),
      expect.objectContaining({ name: 'b.json', problem: expect.stringContaining('Not JSON, line 1') as string }),
      expect.objectContaining({ name: 'c.json', problem: expect.stringContaining('it is a folder') as string }),
      expect.objectContaining({ name: 'gone.json', problem: 'The profile can not be read: the file does not exist.' }),
    ]);
  });

  it('does not let two have one name', () => {
    file('a.json', '{"name": "hall 3"}');
    file('b.json', '{"name": "hall 3"}');
    file('c.json', '{"name": "simulation"}');
    const problems = listProfiles(sources()).slice(2).map(({ name, problem: wrong }) => [name, wrong]);
    expect(problems).toEqual([['hall 3', null], ['hall 3 (b.json)', expect.stringContaining('is taken by')], ['simulation (c.json)', expect.stringContaining('a built-in profile')]]);
  });

  it('finds one by name and by path, and says why it can not', () => {
    const path = file('a.json', '{"name": "hall 3"}');
    const broken = file('b.json', '{');
    expect(findProfile('hall 3', sources())).toMatchObject({ kind: 'file', path });
    expect(findProfile(path, { ...sources(), folder: '/none' })).toMatchObject({ kind: 'file', path, profile: { name: 'hall 3' } });
    expect(findProfile('simulation', sources())).toEqual({ kind: 'simulation', path: null, profile: simulationProfile });
    expect(() => findProfile('hall 9', sources())).toThrow(/There is no profile "hall 9". Profiles: "simulation", "EPICS environment", "hall 3"/);
    expect(() => findProfile(broken, sources())).toThrow(expect.objectContaining({ code: 'BROKEN_PROFILE' }) as Error);
    expect(readProfileFile(join(folder, 'none.json'))).toMatchObject({ ok: false });
  });
});
