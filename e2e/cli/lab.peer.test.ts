// The lab through the command line: the whole article on this machine, and what happens when its programs are killed, cancelled or missing.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabResult } from '@shared/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliHome } from './runCli';

/** Of the processes of a home's measurements: their id and what they run. A measured program has a mark in its environment. */
function measured(home: CliHome): { pid: number; command: string }[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
      const own = environment.includes(`ENDSTATION_HOME=${home.home}\0`) && environment.includes('ENDSTATION_LAB_MEASUREMENT=');
      return own ? [{ pid: Number(pid), command: readFileSync(`/proc/${pid}/cmdline`, 'latin1').replace(/\0/g, ' ') }] : [];
    } catch {
      return [];
    }
  });
}
async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

let cli: CliHome;
beforeAll(() => { cli = new CliHome(); });
afterAll(() => cli.remove());

describe('the whole article, quick', () => {
  it('ends with a verdict from figures for each claim, that another machine can import', async () => {
    const { code, json, stderr } = await cli.run('lab', 'run', 'all', '--quick', '--json');
    expect({ code, problem: code === 0 ? '' : stderr.slice(-2000) }).toEqual({ code: 0, problem: '' });
    const results = json.filter((line) => 'figures' in line) as unknown as LabResult[];
    expect(results.map(({ id }) => id)).toEqual(['interleave', 'speedup', 'race', 'sleep0', 'switch-interval', 'hog', 'polling', 'waiting', 'callbacks', 'hpc', 'ui']);
    expect(results.flatMap(({ id, errors = {} }) => Object.entries(errors).map(([key, { message }]) => `${id} ${key}: ${message}`))).toEqual([]);
    for (const result of results) expect(Object.keys(result.figures).length, result.id).toBeGreaterThan(3);
    const claims = json.filter((line) => 'claim' in line && !('figures' in line));
    expect(claims.map(({ claim }) => claim)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
    // Beside other programs a verdict may wait for a quieter machine; it never waits for a runtime that the tests bring.
    const open = claims.filter(({ verdict }) => verdict === 'not measurable here').map(({ figure }) => String(figure));
    expect(open.filter((reason) => !/too busy|Run it (again|in full)/.test(reason))).toEqual([]);
    const speedup = results.find(({ id }) => id === 'speedup');
    for (const key of ['cpythonThreads', 'cpythonLock', 'cpythonProcesses', 'cpythonAsyncio', 'cpythonDask', 'cpythonDaskThreads', 'cpythonMpi', 'cThreads', 'nodeMain', 'nodeWorkers', 'nodeShared', 'nodeAtomics', 'wasmWorkers']) {
      expect(speedup?.figures[`${key}.relativeToC`]?.value, key).toBeGreaterThan(0);
    }
    const race = results.find(({ id }) => id === 'race');
    expect(race?.figures['nodeAtomics.lostAtomicInAll']?.value).toBe(0);
    expect(race?.figures['wasmWorkers.lostAtomicInAll']?.value).toBe(0);
    expect(race?.opcodes?.[0]?.opcodes.filter(({ inWindow }) => inWindow)).toHaveLength(3);
    expect(results.find(({ id }) => id === 'interleave')?.timelines?.map(({ name }) => name)).toContain('CPython threads: who ran when');
    const polling = results.find(({ id }) => id === 'polling');
    for (const place of ['1x20Hz', 'beamline', 'ioc']) expect(polling?.figures[`cpythonThreads.poll.${place}.requests`]?.value, place).toBeGreaterThan(0);

    const file = join(cli.folder, 'here.json');
    expect((await cli.run('lab', 'export', file)).code).toBe(0);
    expect((await cli.run('lab', 'export', join(cli.folder, 'here.csv'), 'speedup')).code).toBe(0);
    expect(readFileSync(join(cli.folder, 'here.csv'), 'utf8')).toMatch(/^experiment,finished,figure,value,unit,spread,article,cpu,cores,os\nspeedup,/);
    const other = new CliHome();
    expect((await other.run('lab', 'import', file, '--json')).json[0]).toMatchObject({ name: 'here.json', results: expect.arrayContaining(results.map(({ id }) => id)) as unknown });
    expect((await other.run('lab', 'import', join(cli.folder, 'here.csv'))).stderr).toContain('has no result of the lab in it');
    other.remove();
  }, 900_000);
});

describe('programs that end otherwise', () => {
  it.each([['cpython-processes', 'cpythonProcesses', /cpu_intense\.py processes/], ['cpython-mpi', 'cpythonMpi', /cpu_intense\.py mpi-rank/]])('a child of %s that is killed fails that row only', async (runtime, key, program) => {
    const run = cli.start('lab', 'run', 'speedup', '--quick', '--json', '--runtime', runtime, '--runtime', 'c-threads');
    // The one that was started last is a child of the program, or the program itself.
    const victim = await until(() => measured(cli).filter(({ command }) => program.test(command)).at(-1));
    process.kill(victim.pid, 'SIGKILL');
    const { code, json } = await run.ended;
    expect(code).toBe(0);
    expect(json[0]?.['errors']).toEqual({ [key]: { code: expect.stringMatching(/PROGRAM_(KILLED|FAILED)/) as string, message: expect.stringMatching(/ended/) as string } });
    expect((json[0] as unknown as LabResult).figures['cThreads.relativeToC']).toBeDefined();
    expect(measured(cli)).toEqual([]);
  }, 300_000);

  it.each([['cpython-mpi', /mpi-rank/], ['cpython-dask', /spawn_main|dask/], ['cpython-processes', /processes 2/], ['c-threads', /cpu_intense-/]])('Ctrl-C ends the whole process tree of %s', async (runtime, program) => {
    const run = cli.start('lab', 'run', 'speedup', '--json', '--runtime', runtime);
    await until(() => measured(cli).find(({ command }) => program.test(command)));
    run.signal('SIGINT');
    expect((await run.ended).code).toBe(130);
    await until(() => (measured(cli).length === 0 ? true : undefined));
    expect(measured(cli)).toEqual([]);
  }, 300_000);
});

describe('the command line itself killed', () => {
  it('leaves no server of the lab running', async () => {
    const run = cli.start('lab', 'run', 'polling', '--quick');
    await until(() => measured(cli).find(({ command }) => command.includes('polling source')));
    run.signal('SIGKILL');
    await run.ended;
    // What measures ends with its seconds, what serves when it sees that its host is gone.
    await until(() => (measured(cli).length === 0 ? true : undefined));
    expect(measured(cli)).toEqual([]);
  }, 60_000);
});

describe('a machine without Python and compiler', () => {
  it('says so in the rows, with what to install, and measures the rest', async () => {
    const empty = join(cli.folder, 'empty');
    mkdirSync(empty, { recursive: true });
    const bare = new CliHome({ PATH: empty, HOME: empty, PYENV_ROOT: empty, UV_PYTHON_INSTALL_DIR: empty, ENDSTATION_PYTHON: '', ENDSTATION_PYTHONS: '', ENDSTATION_PYTHON_FREE_THREADED: '', CC: '' });
    const { code, json } = await bare.run('lab', 'run', 'interleave', 'polling', '--quick', '--json');
    expect(code).toBe(0);
    const [interleave, polling] = json;
    expect(interleave).toMatchObject({ verdict: 'not measurable here', reason: expect.stringContaining('Install Python') as string, missing: { cpythonThreads: expect.stringContaining('Install Python') as string, cThreads: expect.stringContaining('compiler') as string } });
    expect((interleave as unknown as LabResult).figures['nodeWorkers.total']).toBeDefined();
    expect((polling as unknown as LabResult).figures['nodeMain.monitor.beamline.p50']).toBeDefined();
    const doctor = (await bare.run('doctor', '--json')).json.filter(({ check }) => check === 'lab');
    expect(doctor.find(({ name }) => name === 'wasm-workers')).toMatchObject({ level: 'ok' });
    expect(doctor.find(({ name }) => name === 'cpython-free-threaded')).toMatchObject({ level: 'note', message: expect.stringContaining('--disable-gil') as string });
    const setup = await bare.run('lab', 'setup');
    expect([setup.code, setup.stderr]).toEqual([1, expect.stringContaining('no CPython 3.9 or later')]);
    bare.remove();
  }, 300_000);
});

describe('the own environment', () => {
  it('says without a network that packages can not be fetched, and leaves nothing half made', async () => {
    const offline = new CliHome({ PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_FIND_LINKS: '', PIP_CONFIG_FILE: '/dev/null', no_proxy: '*', HTTP_PROXY: '', HTTPS_PROXY: '', http_proxy: '', https_proxy: '' });
    const { code, stderr } = await offline.run('lab', 'setup');
    expect(code).toBe(1);
    expect(stderr).toContain('Making the environment');
    expect(stderr).toContain('the package index can\'t be reached');
    expect(readdirSync(join(offline.home, 'lab'))).not.toContain('venv');
    offline.remove();
  }, 300_000);
});
