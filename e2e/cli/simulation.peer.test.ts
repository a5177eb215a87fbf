// The command line without any control system: the simulated beamline in its own process, and as a server for others.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliHome } from './runCli';

let cli: CliHome;
beforeAll(() => { cli = new CliHome(); });
afterAll(() => cli.remove());

describe('without a profile and without variables', () => {
  it('PVs are those of the simulated beamline', async () => {
    const { code, json } = await cli.run('get', 'SIM:M1', 'SIM:RING:CURRENT', 'sim://const("x")', 'loc://a(2)', '--json');
    expect(code).toBe(0);
    expect(json.map(({ pv, connected }) => [pv, connected])).toEqual([['SIM:M1', true], ['SIM:RING:CURRENT', true], ['sim://const("x")', true], ['loc://a(2)', true]]);
    expect(json[0]).toMatchObject({ units: 'mm', type: 'DOUBLE' });
  });

  it('NaN and infinities are strings in JSON', async () => {
    const { json } = await cli.run('get', 'SIM:TEST:NAN', 'SIM:TEST:INF', 'SIM:TEST:NINF', '--json');
    expect(json.map(({ value }) => value)).toEqual(['NaN', 'Infinity', '-Infinity']);
  });

  it('1,000,000 doubles are a line', async () => {
    const { json } = await cli.run('get', 'SIM:TEST:WAVE_MILLION', '--json', '--timeout', '30');
    expect(json[0]).toMatchObject({ count: 1_000_000 });
    expect(json[0]?.['value']).toHaveLength(1_000_000);
  });

  it('a motor arrives before put --wait returns, and is refused beyond its limits', async () => {
    expect((await cli.run('put', 'SIM:M1', '-1.5', '--wait', '--timeout', '30', '--json')).json[0]).toMatchObject({ outcome: 'done', now: { value: -1.5 } });
    const { code, stderr } = await cli.run('put', 'SIM:M1', '1e6', '--wait');
    expect(code).toBe(1);
    expect(stderr).toMatch(/SIM:M1 was not written: 1000000 mm is above the high limit of the PV \(10 mm\)/);
  });

  it('a put that is not awaited in time has an unknown outcome, and says so', async () => {
    const ended = await cli.run('put', 'SIM:TEST:SLOW_PUT', '5', '--wait', '--timeout', '0.5', '--json');
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stderr)).toMatchObject({ error: { code: 'OUTCOME_UNKNOWN' } });
  });

  it('info says what is served, and that an array of pvAccess may have any length', async () => {
    const { code, lines } = await cli.run('info', 'pva://SIM:I1', 'pva://SIM:MCA1');
    expect([code, lines.filter((line) => line.startsWith('  type'))]).toEqual([0, ['  type          DOUBLE, 1 element', '  type          LONG, any number of elements']]);
  });

  it('pva:// reads the same PV by pvAccess, eq:// says what to use instead', async () => {
    const { code, json } = await cli.run('get', 'pva://SIM:M1', 'SIM:M1', '--json');
    expect(code).toBe(0);
    expect(json[0]).toMatchObject({ pv: 'pva://SIM:M1', connected: true, value: json[1]?.['value'], units: 'mm', type: 'DOUBLE' });
    const formula = await cli.run('get', 'eq://1+1', '--json');
    expect([formula.code, formula.json[0]?.['error']]).toEqual([1, { code: 'UNSUPPORTED', message: expect.stringContaining('Use the PV itself') as string }]);
  });
});

describe('ioc', () => {
  it('serves what --list names, until Ctrl-C; a second one on its port says so', async () => {
    const list = await cli.run('ioc', '--list', '--json');
    expect(list.json[0]).toEqual({
      pv: expect.any(String) as string, type: expect.any(String) as string, count: expect.any(Number) as number, units: expect.any(String) as string,
      description: expect.any(String) as string, writable: expect.any(Boolean) as boolean,
    });
    const ioc = cli.start('ioc', '--json');
    const ready = JSON.parse(await ioc.line(1)) as { ready: boolean; caPort: number; pvs: number };
    expect(ready).toMatchObject({ ready: true, pvs: list.json.length });
    const client = new CliHome({ EPICS_CA_ADDR_LIST: '127.0.0.1', EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CA_SERVER_PORT: String(ready.caPort) });
    expect((await client.run('get', 'SIM:M2', '--json')).json[0]).toMatchObject({ connected: true, host: `127.0.0.1:${ready.caPort}` });
    const second = await cli.run('ioc', '--ca-port', String(ready.caPort));
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(String(ready.caPort));
    ioc.signal('SIGINT');
    expect((await ioc.ended).code).toBe(130);
    client.remove();
  });
});
