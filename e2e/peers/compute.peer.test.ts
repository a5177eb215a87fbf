// The built command line's compute jobs: on threads, on a real Dask cluster of two workers and by MPI, with one result.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliHome } from '../cli/runCli';
import { peerPython } from '../ioc/python';

const [width, height] = [96, 64];
const pixels = Array.from({ length: width * height }, (_, i) => 1000 + 300 * Math.sin(i * 0.37) + ((i * 7919) % 101));
const frame = { data: pixels.map((value, i) => (i === 77 ? 'NaN' : value)), width, height, mask: pixels.map((_, i) => (i % 53 === 0 ? 1 : 0)) };
const geometry = { distance: 0.12, poni1: 0.0051, poni2: 0.0073, rot1: 0.11, rot2: -0.07, rot3: 0.3, pixel1: 172e-6, pixel2: 172e-6 };
const inputs = {
  azimuthalIntegration: { ...frame, geometry, bins: 40 },
  frameStatistics: { ...frame, histogram: { bins: 17 } },
  fft: { re: pixels.slice(0, 1000), im: pixels.slice(1000, 2000) },
  correlation: { frames: pixels, pixels: 512 },
};

let cli: CliHome;
const cluster: ChildProcess[] = [];
let scheduler = '';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

/** Starts a part of the cluster; resolves when its log has said so `times` times. */
function start(args: readonly string[], ready: RegExp, times: number): Promise<void> {
  const child = spawn(peerPython(), ['-m', 'distributed.cli.' + args[0], ...args.slice(1)], { cwd: cli.folder, stdio: ['ignore', 'ignore', 'pipe'] });
  cluster.push(child);
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if ([...log.matchAll(new RegExp(ready, 'g'))].length >= times) resolve();
    });
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${String(code)}: ${log}`)));
  });
}

beforeAll(async () => {
  cli = new CliHome({ ENDSTATION_PYTHON: peerPython() });
  const port = await freePort();
  scheduler = `127.0.0.1:${port}`;
  await start(['dask_scheduler', '--host', '127.0.0.1', '--port', String(port), '--no-dashboard', '--no-show'], /Scheduler at/, 1);
  for (const _ of [1, 2]) await start(['dask_worker', `tcp://${scheduler}`, '--nthreads', '1', '--no-nanny', '--no-dashboard'], /Starting established connection/, 1);
  for (const [job, input] of Object.entries(inputs)) writeFileSync(join(cli.folder, `${job}.json`), JSON.stringify(input));
});
afterAll(async () => {
  await Promise.all(cluster.map((child) => new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  })));
  cli.remove();
});

async function compute(job: string, ...more: string[]): Promise<unknown> {
  const { code, json, stderr } = await cli.run('compute', 'run', job, '--input', `@${join(cli.folder, `${job}.json`)}`, '--json', ...more);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return json[0]?.['result'];
}

/** To 1e-9 of the value, or of the largest of its array: sums are taken in another order elsewhere. */
function expectSame(found: unknown, wanted: unknown, scale = 0, path = 'result'): void {
  if (typeof wanted === 'number') {
    expect(Math.abs((found as number) - wanted), `${path}: ${String(found)} for ${wanted}`).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(wanted), scale));
  } else if (Array.isArray(wanted)) {
    expect(found, path).toHaveLength(wanted.length);
    const largest = wanted.reduce((most: number, value) => Math.max(most, typeof value === 'number' ? Math.abs(value) : 0), 0);
    wanted.forEach((value, i) => expectSame((found as unknown[])[i], value, largest, `${path}[${i}]`));
  } else if (typeof wanted === 'object' && wanted !== null) {
    expect(Object.keys(found as object).sort(), path).toEqual(Object.keys(wanted).sort());
    for (const [key, value] of Object.entries(wanted)) expectSame((found as Record<string, unknown>)[key], value, 0, `${path}.${key}`);
  } else {
    expect(found, path).toBe(wanted);
  }
}

describe('the same job beyond this machine\'s threads', () => {
  it.each(Object.keys(inputs))('%s: Dask with two workers and MPI with two processes give what threads give', async (job) => {
    const threads = await compute(job);
    expectSame(await compute(job, '--on', `dask://${scheduler}`), threads);
    expectSame(await compute(job, '--on', 'mpi', '--workers', '2'), threads);
  });

  it.each(['azimuthalIntegration', 'frameStatistics', 'fft'] as const)('%s: says how far it is, over all its rounds, and is done once', async (job) => {
    for (const target of [['--on', `dask://${scheduler}`], ['--on', 'mpi', '--workers', '2']]) {
      const { code, stderr } = await cli.run('compute', 'run', job, '--input', `@${join(cli.folder, `${job}.json`)}`, ...target);
      expect(code).toBe(0);
      const percent = [...stderr.matchAll(/: (\d+) %/g)].map(([, text]) => Number(text));
      expect(percent.slice().sort((a, b) => a - b), target[1]).toEqual(percent);
      expect(percent.filter((one) => one === 100), target[1]).toHaveLength(1);
      expect(percent.at(-1)).toBe(100);
    }
  });

  it.runIf(process.platform === 'linux')('ends the MPI processes with the job that is interrupted', async () => {
    execFileSync(peerPython(), ['-c', 'import numpy; numpy.save("series.npy", numpy.random.default_rng(1).random((1500, 10_000), dtype="f4"))'], { cwd: cli.folder });
    const ranks = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`ENDSTATION_HOME=${cli.home}\0`) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('endstation_compute\0mpi');
      } catch {
        return false;
      }
    });
    const running = cli.start('compute', 'run', 'correlation', '--input', JSON.stringify({ frames: { $file: join(cli.folder, 'series.npy') } }), '--on', 'mpi', '--workers', '2');
    await expect.poll(() => ranks().length, { timeout: 60_000 }).toBe(3);
    running.signal('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect(ranks()).toEqual([]);
  });

  it.each([0, 1])('ends with the reason where process %i of MPI can not do its piece', async (rank) => {
    // Python runs this at its start.
    const fails = `import os\nif os.environ.get("OMPI_COMM_WORLD_RANK") == "${rank}":\n    import numpy\n    def fail(*_, **__):\n        raise MemoryError("there is no room")\n    numpy.bincount = fail\n`;
    const own = new CliHome({ ENDSTATION_PYTHON: peerPython(), PYTHONPATH: cli.folder });
    writeFileSync(join(cli.folder, 'sitecustomize.py'), fails);
    try {
      const { code, stderr } = await own.run('compute', 'run', 'azimuthalIntegration', '--input', `@${join(cli.folder, 'azimuthalIntegration.json')}`, '--on', 'mpi', '--workers', '2', '--json');
      expect([code, stderr]).toEqual([1, 'azimuthalIntegration failed: MemoryError: there is no room\n']);
    } finally {
      own.remove();
      rmSync(join(cli.folder, 'sitecustomize.py'));
    }
  });

  it('is done by the environment that `lab setup` made, where no Python of the PATH can', async () => {
    const bin = join(cli.folder, 'bin');
    const own = new CliHome({ ENDSTATION_PYTHON: '', PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` });
    const lab = join(own.home, 'lab', 'venv');
    for (const place of [bin, join(lab, 'bin')]) mkdirSync(place, { recursive: true });
    for (const name of ['python3', 'python']) writeFileSync(join(bin, name), '#!/bin/sh\necho \'["numpy"]\'\n', { mode: 0o755 });
    writeFileSync(join(lab, 'bin', 'python'), `#!/bin/sh\nexec '${peerPython()}' "$@"\n`, { mode: 0o755 });
    const run = () => own.run('compute', 'run', 'fft', '--input', '{"re": [1, 2]}', '--on', 'mpi', '--workers', '2', '--json');
    try {
      expect(await run()).toMatchObject({ code: 1, stderr: expect.stringContaining(`${join(bin, 'python3')} has no numpy`) as string });
      writeFileSync(join(lab, 'lab.json'), '{"packages": {"numpy": "2"}}');
      expect((await run()).json[0]).toMatchObject({ on: 'mpi', result: { re: [3, -1], im: [0, 0] } });
    } finally {
      own.remove();
    }
  });

  it('says what is missing: a scheduler, a package, a job that can not go there', async () => {
    const run = (environment: Record<string, string>, job: string, ...more: string[]) => {
      const own = new CliHome(environment);
      return own.run('compute', 'run', job, '--input', '{"re": [1, 2]}', ...more).finally(() => own.remove());
    };
    const none = await run({ ENDSTATION_PYTHON: peerPython() }, 'fft', '--on', `dask://127.0.0.1:${await freePort()}`);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('Start one (dask scheduler)')]);
    const python = await run({ ENDSTATION_PYTHON: '/nonexistent/python' }, 'fft', '--on', 'mpi');
    expect([python.code, python.stderr]).toEqual([1, expect.stringContaining('pip install numpy mpi4py')]);
    const job = await run({}, 'background', '--on', 'mpi');
    expect(job.code).toBe(2);
  });

  it('passes on what a job says of its input', async () => {
    const refused = [
      ['correlation', { frames: [1, 2, 3], pixels: 2 }, '3 values are not two or more whole frames of 2 pixels'],
      ['azimuthalIntegration', { ...frame, geometry, bins: 1e9 }, 'A curve has 1 to 1,000,000 bins; 1000000000 were asked for.'],
      ['frameStatistics', { ...frame, histogram: { bins: 1e9 } }, 'A histogram has 1 to 1,000,000 bins; 1000000000 were asked for.'],
    ] as const;
    for (const [job, input, said] of refused) {
      writeFileSync(join(cli.folder, 'refused.json'), JSON.stringify(input));
      for (const on of ['threads', `dask://${scheduler}`, 'mpi']) {
        const { code, stderr } = await cli.run('compute', 'run', job, '--input', `@${join(cli.folder, 'refused.json')}`, '--on', on, '--workers', '2', '--json');
        expect(code, on).toBe(1);
        expect(stderr, on).toContain(said);
      }
    }
  });
});

describe('numbers that are named instead of given', () => {
  /** Three frames of 4 x 6 pixels, as h5py and NumPy write them. */
  const made = `
import h5py, numpy, sys
frames = numpy.arange(72, dtype='u2').reshape(3, 4, 6)
with h5py.File('frames.h5', 'w') as file:
    images = file.create_dataset('entry/data/images', data=frames, chunks=(1, 4, 6), compression='gzip')
    images.attrs['units'] = 'counts'
    file['entry/long'] = numpy.arange(5, dtype='i8')
numpy.save('frames.npy', frames)
`;
  const named = async (job: string, input: object, ...more: string[]) => {
    const { code, json, stderr } = await cli.run('compute', 'run', job, '--input', JSON.stringify(input), '--json', ...more);
    expect([code, stderr]).toEqual([0, '']);
    return json[0]?.['result'] as Record<string, unknown>;
  };

  it('reads frames of HDF5 and .npy files in the workers, whole or in part', async () => {
    execFileSync(peerPython(), ['-c', made], { cwd: cli.folder });
    const [h5, npy] = ['frames.h5', 'frames.npy'].map((name) => join(cli.folder, name));
    const sums = [0, 1, 2].map((number) => Array.from({ length: 24 }, (_, i) => number * 24 + i).reduce((a, b) => a + b));
    expect((await named('stackStatistics', { data: { $file: h5, dataset: '/entry/data/images' } }))['sum']).toEqual(sums);
    expect((await named('stackStatistics', { data: { $file: npy, first: 1, count: 2 } }, '--workers', '2'))['sum']).toEqual(sums.slice(1));
    expect(await named('frameStatistics', { data: { $file: h5, dataset: '/entry/data/images', first: 2, count: 1 } }, '--on', 'mpi', '--workers', '2')).toMatchObject({ sum: sums[2], pixels: 24 });
    expect(await named('userFunction', { source: 'return input.y[4];', input: { y: { $file: h5, dataset: 'entry/long' } } })).toBe(4);
  });

  it('says what a file has not', async () => {
    const { code, stderr } = await cli.run('compute', 'run', 'background', '--input', JSON.stringify({ counts: { $file: join(cli.folder, 'frames.h5'), dataset: '/entry/none' }, halfWidth: 3 }));
    expect([code, stderr]).toEqual([1, expect.stringContaining('has no numbers at /entry/none')]);
    const bad = join(cli.folder, 'bad.h5');
    writeFileSync(bad, 'no HDF5');
    const none = await cli.run('compute', 'run', 'background', '--input', JSON.stringify({ counts: { $file: bad, dataset: '/x' }, halfWidth: 3 }));
    // And not a word of HDF5's library.
    expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(new RegExp(`^${bad} is no HDF5 file: [^\\n]*\\n$`))]);
  });

  it('reads a column of a run, its images and a PV', async () => {
    const scan = await cli.run('scan', 'count', 'SIM:MCA1', '--num', '2', '--json');
    expect(scan.stderr).toBe('');
    const runs = await cli.run('runs', 'list', '--json');
    const run = String(runs.json[0]?.['uid']);
    const spectra = await named('xrfMap', { spectra: { $run: run, column: 'SIM:MCA1' }, lines: [{ name: 'all', first: 0, last: 100 }] });
    expect(spectra['all']).toHaveLength(2);
    expect(await named('powerSpectrum', { y: { $pv: 'SIM:MCA1' }, sampleRate: 1 })).toHaveProperty('density');
  });
});

describe('compute on the command line', () => {
  it('gives a line for each of several inputs, in order', async () => {
    const { code, json } = await cli.run('compute', 'run', 'fft', '--input', '[{"re": [1, 2]}, {"re": [5, 5]}]', '--workers', '2', '--json');
    expect(code).toBe(0);
    expect(json.map(({ result }) => result)).toEqual([{ re: [3, -1], im: [0, 0] }, { re: [10, 0], im: [0, 0] }]);
  });

  it('says how far it is, each percent once', async () => {
    writeFileSync(join(cli.folder, 'stack.json'), JSON.stringify({ data: Array.from({ length: 64 * 64 * 40 }, (_, i) => i % 97), width: 64, height: 64 }));
    const { code, stderr } = await cli.run('compute', 'run', 'stackStatistics', '--input', `@${join(cli.folder, 'stack.json')}`, '--workers', '2');
    expect(code).toBe(0);
    const lines = stderr.trim().split('\n');
    expect(lines.at(-1)).toBe('stackStatistics: 100 %');
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('names the field that is wrong', async () => {
    const { code, stderr } = await cli.run('compute', 'run', 'powerSpectrum', '--input', '{"y": [1, "x"], "sampleRate": 0}');
    expect(code).toBe(2);
    expect(stderr).toMatch(/y must be an array of numbers; value 1 is "x"; sampleRate must be above 0/);
  });

  it('ends at once when it is interrupted in a function that never ends', async () => {
    const running = cli.start('compute', 'run', 'userFunction', '--input', JSON.stringify({ source: 'for (;;);', seconds: 3600 }));
    await new Promise((resolve) => { setTimeout(resolve, 1500); });
    running.signal('SIGINT');
    expect((await running.ended).code).toBe(130);
  });
});
