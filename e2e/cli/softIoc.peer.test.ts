// The command line against a real EPICS softIoc: what CLI.md of the project promises of get, put, monitor, info and doctor.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSoftIoc, type SoftIoc } from '../ioc/softIoc';
import { CliHome } from './runCli';

let ioc: SoftIoc;
let cli: CliHome;

beforeAll(async () => {
  ioc = await startSoftIoc();
  cli = new CliHome(ioc.environment);
});
afterAll(async () => {
  cli.remove();
  await ioc.kill();
});

describe('get', () => {
  it('prints a line a PV in the order given, as documented', async () => {
    const { code, json } = await cli.run('get', 'E2E:ao', 'E2E:mbbo', 'E2E:string', '--json');
    expect(code).toBe(0);
    expect(json[0]).toEqual({
      pv: 'E2E:ao', connected: true, value: 1.5, severity: 'NO_ALARM', status: 'NO_ALARM', timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/) as string,
      units: 'mm', precision: 4, limits: { display: [-100, 100], control: [-1000, 1000], warning: [-80, 80], alarm: [-90, 90] },
      type: 'DOUBLE', count: 1, host: `127.0.0.1:${ioc.port}`,
    });
    expect(json[1]).toMatchObject({ pv: 'E2E:mbbo', value: 1, enum: { index: 1, states: ['Idle', 'Busy', 'Fault'] }, type: 'ENUM' });
    expect(json[2]).toMatchObject({ pv: 'E2E:string', value: 'hello EPICS', type: 'STRING' });
    expect(json[2]).not.toHaveProperty('units');
  });

  it('says units in µm, states as strings, and formats as the IOC does', async () => {
    const { json } = await cli.run('get', 'E2E:ai', 'E2E:bo', 'E2E:ao', '--as', 'string', '--json');
    expect(json.map(({ value, units }) => [value, units])).toEqual([['2.250', 'µm'], ['Closed', undefined], ['1.5000', 'mm']]);
  });

  it('of a PV that is not there is a line with its error, and exit code 1', async () => {
    const { code, json, stderr } = await cli.run('get', 'E2E:none', 'E2E:ai', '--timeout', '0.5', '--json');
    expect(code).toBe(1);
    expect(json[0]).toEqual({ pv: 'E2E:none', connected: false, error: { code: 'TIMEOUT', message: expect.stringContaining('was not found within 0.5 s') as string } });
    expect(json[1]).toMatchObject({ pv: 'E2E:ai', connected: true });
    expect(stderr).toBe('');
  });

  it('wrong usage is exit code 2, told on stderr', async () => {
    for (const args of [['get'], ['get', 'X', '--frob'], ['frob'], ['put', 'X'], ['get', 'X', '--timeout', 'soon']]) {
      const { code, lines, stderr } = await cli.run(...args, '--json');
      expect([args, code, lines]).toEqual([args, 2, []]);
      expect(stderr).not.toBe('');
    }
  });
});

describe('put', () => {
  it('writes a negative number, with and without waiting', async () => {
    expect(await cli.run('put', 'E2E:ao', '-3.5')).toMatchObject({ code: 0 });
    expect((await cli.run('get', 'E2E:ao', '--json')).json[0]).toMatchObject({ value: -3.5 });
    const { json } = await cli.run('put', '--wait', 'E2E:ao', '--', '-4', '--json');
    expect(json).toEqual([]);
    expect((await cli.run('put', 'E2E:ao', '2', '--wait', '--json')).json[0]).toMatchObject({ pv: 'E2E:ao', outcome: 'done', old: '-3.5', written: '2', now: { value: 2 } });
  });

  it('with --wait returns after the put-callback', async () => {
    await cli.run('put', 'E2E:slow:done', '0');
    expect(await cli.run('put', 'E2E:slow', '1', '--wait')).toMatchObject({ code: 0 });
    expect((await cli.run('get', 'E2E:slow:done', '--json')).json[0]).toMatchObject({ value: 1 });
  });

  it('writes enums by name and by index, and knows no other states', async () => {
    await cli.run('put', 'E2E:mbbo', 'Fault');
    expect((await cli.run('get', 'E2E:mbbo', '--json')).json[0]).toMatchObject({ value: 2, severity: 'MAJOR', status: 'STATE' });
    await cli.run('put', 'E2E:mbbo', '0');
    expect((await cli.run('get', 'E2E:mbbo', '--json')).json[0]).toMatchObject({ value: 0 });
    const { code, stderr } = await cli.run('put', 'E2E:mbbo', 'Asleep');
    expect(code).toBe(1);
    expect(stderr).toContain('it has no state "Asleep". States: "Idle", "Busy", "Fault".');
  });

  it('writes arrays and texts', async () => {
    await cli.run('put', 'E2E:shorts', '[1, -2, 3]');
    await cli.run('put', 'E2E:strings', '["a", "µ"]');
    await cli.run('put', 'E2E:text', 'a long text, in a CHAR waveform');
    const { json } = await cli.run('get', 'E2E:shorts', 'E2E:strings', 'E2E:text', '--as', 'string', '--json');
    expect(json.map(({ value }) => value)).toEqual([['1', '-2', '3'], ['a', 'µ'], 'a long text, in a CHAR waveform']);
    expect((await cli.run('get', 'E2E:shorts', '--json')).json[0]).toMatchObject({ value: [1, -2, 3], count: 3, type: 'SHORT' });
  });

  it.each([
    ['E2E:ao', '5000', 'OUT_OF_LIMITS'], ['E2E:ao', 'abc', 'WRONG_TYPE'], ['E2E:readonly', '1', 'READ_ONLY'], ['E2E:long', '1.5', 'WRONG_TYPE'], ['E2E:ao', '[1, 2]', 'WRONG_TYPE'],
  ])('%s %s is refused with %s, and nothing is written', async (pv, value, code) => {
    const before = (await cli.run('get', pv, '--json')).json[0]?.['value'];
    const ended = await cli.run('put', pv, value, '--json');
    expect(ended).toMatchObject({ code: 1, lines: [] });
    expect(JSON.parse(ended.stderr)).toMatchObject({ error: { code } });
    expect((await cli.run('get', pv, '--json')).json[0]?.['value']).toBe(before);
  });

  it('is on record, with who and old -> new', () => {
    const folder = join(cli.home, 'writes');
    const records = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n')).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records).toContainEqual(expect.objectContaining({ pv: 'E2E:ao', source: 'cli', old: '-3.5', value: '2', outcome: 'done', user: expect.any(String) as string }));
    expect(records).toContainEqual(expect.objectContaining({ pv: 'E2E:readonly', outcome: 'refused' }));
  });
});

describe('monitor', () => {
  it('prints an event a line, and ends after --count', async () => {
    const { code, json } = await cli.run('monitor', 'E2E:counter', '--count', '5', '--json');
    expect(code).toBe(0);
    const values = json.map(({ value }) => value as number);
    expect(values).toHaveLength(5);
    expect(values.slice(1).map((value, i) => value - (values[i] ?? 0))).toEqual([1, 1, 1, 1]);
    expect(json[4]).toMatchObject({ pv: 'E2E:counter', connected: true, units: 'cnt', type: 'DOUBLE' });
  });

  it('with the property mask prints what changed on the IOC', async () => {
    const monitor = cli.start('monitor', 'E2E:ai', '--mask', 'property', '--json', '--for', '30');
    expect(JSON.parse(await monitor.line(1))).toMatchObject({ units: 'µm' });
    await cli.run('put', 'E2E:ai.EGU', '°C');
    expect(JSON.parse(await monitor.line(2))).toMatchObject({ units: '°C' });
    monitor.signal('SIGTERM');
    expect((await monitor.ended).code).toBe(130);
    await cli.run('put', 'E2E:ai.EGU', 'µm');
  });

  it('ends with 130 at Ctrl-C, in about a second at most', async () => {
    const monitor = cli.start('monitor', 'E2E:string', '--json');
    await monitor.line(1);
    const began = Date.now();
    monitor.signal('SIGINT');
    expect((await monitor.ended).code).toBe(130);
    expect(Date.now() - began).toBeLessThan(3000);
  });

  it('says when the IOC goes away, and goes on by itself when it is back', async () => {
    const monitor = cli.start('monitor', 'E2E:string', '--json');
    expect(JSON.parse(await monitor.line(1))).toMatchObject({ connected: true });
    await ioc.kill();
    expect(JSON.parse(await monitor.line(2))).toEqual({ pv: 'E2E:string', connected: false });
    await ioc.start();
    expect(JSON.parse(await monitor.line(3))).toMatchObject({ connected: true, value: 'hello EPICS' });
    monitor.signal('SIGINT');
    await monitor.ended;
  });
});

describe('info, doctor and profiles', () => {
  it('info says type, access, server and who else answered', async () => {
    const { json } = await cli.run('info', 'E2E:readonly', '--json');
    expect(json[0]).toEqual({
      pv: 'E2E:readonly', connected: true, protocol: 'ca', type: 'DOUBLE', count: 1, access: { read: true, write: false }, host: `127.0.0.1:${ioc.port}`,
      circuit: { address: `127.0.0.1:${ioc.port}`, priority: 0, version: expect.stringMatching(/^4\.\d+$/) as string }, searchTime: expect.any(Number) as number, alsoAnswered: [],
    });
  });

  it('doctor looks at the machine and asks for PVs', async () => {
    const { code, json } = await cli.run('doctor', 'E2E:ai', 'E2E:none', '--timeout', '1', '--json');
    expect(code).toBe(1);
    expect(new Set(json.map(({ check }) => check))).toEqual(new Set(['electron', 'interpreter', 'lab', 'folder', 'port', 'profile', 'pv', 'network']));
    expect(json.filter(({ check }) => check === 'network')).toMatchObject([
      { level: 'note', protocol: 'ca', targets: [`127.0.0.1:${ioc.port}`], answered: ['E2E:ai'] }, { level: 'ok', server: `127.0.0.1:${ioc.port}` },
    ]);
    expect(json.filter(({ check }) => check === 'pv').map(({ pv, level }) => [pv, level])).toEqual([['E2E:ai', 'ok'], ['E2E:none', 'problem']]);
  });

  it('a profile file is used instead of the variables; a broken one is told with line and field', async () => {
    mkdirSync(cli.home, { recursive: true });
    const file = join(cli.folder, 'own.json');
    writeFileSync(file, JSON.stringify({ name: 'own', ca: { addresses: [`127.0.0.1:${ioc.port}`] }, limits: [{ pv: 'E2E:ao', low: 0, high: 3 }] }));
    const own = new CliHome({ EPICS_CA_ADDR_LIST: '127.0.0.1', EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CA_SERVER_PORT: '9' });
    expect(await own.run('get', 'E2E:ai', '--profile', file)).toMatchObject({ code: 0 });
    const refused = await own.run('put', 'E2E:ao', '4', `--profile=${file}`);
    expect(refused.stderr).toContain('above the high limit of the profile "own" (3 mm)');
    writeFileSync(file, '{\n  "name": "own",\n  "ca": { "port": 5 }\n}');
    const broken = await own.run('get', 'E2E:ai', '--profile', file);
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain('line 3, field "ca.port": there is no such field');
    own.remove();
  });
});
