// The lab with its real programs: Node's from a build of their own, Python's and C's where the machine has them.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabEvent, LabResult } from '@shared/lab';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Lab } from './lab';

const programs = join(__dirname, 'programs');

describe('Lab', () => {
  let workers = '';
  let user = '';
  const make = (environment: Record<string, string | undefined> = process.env) =>
    new Lab({ paths: { workers, user, resources: '/nowhere' }, programs, environment });
  async function run(lab: Lab, experiments: string[], runtimes: string[]): Promise<{ events: LabEvent[]; result: LabResult | undefined }> {
    const events: LabEvent[] = [];
    const listening = lab.onEvent((event) => events.push(event));
    await (await lab.start({ experiments, runtimes, quick: true })).ended;
    listening.dispose();
    return { events, result: events.flatMap((event) => (event.kind === 'result' ? [event.result] : []))[0] };
  }

  beforeAll(async () => {
    workers = await mkdtemp(join(tmpdir(), 'endstation-lab-built-'));
    user = await mkdtemp(join(tmpdir(), 'endstation-lab-user-'));
    await build({
      configFile: false, logLevel: 'error',
      resolve: { alias: { '@shared': join(__dirname, '../../shared'), 'epics-ioc-connection': join(__dirname, '../epics-ioc-connection/src/index.ts') } },
      build: { ssr: join(__dirname, 'primesWorker.ts'), outDir: workers, emptyOutDir: false, target: 'node16', rollupOptions: { output: { format: 'cjs', entryFileNames: 'primesWorker.cjs' } } },
    });
  });
  afterAll(async () => {
    await rm(workers, { recursive: true });
    await rm(user, { recursive: true });
  });

  it('measures one and two tasks of a thread, tells the counters, and keeps the result', async () => {
    const lab = make();
    const { events, result } = await run(lab, ['speedup'], ['node-main']);
    expect(events[0]).toMatchObject({ kind: 'started', experiment: 'speedup' });
    expect(events.at(-1)).toMatchObject({ kind: 'ended', outcome: 'done' });
    expect(events.some((event) => event.kind === 'counters' && event.runtime === 'node-main' && event.counts.length === 2)).toBe(true);
    expect(Object.keys(result?.figures ?? {})).toEqual(expect.arrayContaining(['nodeMain.t1', 'nodeMain.t2', 'nodeMain.scaling', 'nodeMain.cpu2', 'nodeMain.others']));
    // Two tasks of one thread can't be faster than one after the other, however busy the machine is.
    expect(result?.figures['nodeMain.cpu2']?.value).toBeLessThan(1.5);
    expect(result?.claims?.find(({ claim }) => claim === 5)?.verdict).toBe('not measurable here');
    expect((await make().overview()).results[0]).toEqual(result);
  }, 60_000);

  it('loses no update with Atomics in workers, and counts in the article\'s ones and millions', async () => {
    const { events, result } = await run(make(), ['interleave'], ['node-workers']);
    expect(result?.figures['nodeWorkers.total']?.value).toBe(60_000_060);
    expect(events.filter((event) => event.kind === 'counters').at(-1)).toMatchObject({ runtime: 'node-workers', counts: [60, 60], total: 60_000_060 });
  });

  it('says what to install on a machine without Python and compiler, and measures the rest', async () => {
    const lab = make({ PATH: user, HOME: user });
    const missing = (await lab.overview()).runtimes.filter(({ available }) => !available);
    expect(missing.map(({ id }) => id)).toEqual([
      'cpython-threads', 'cpython-processes', 'cpython-asyncio', 'cpython-lock', 'cpython-dask', 'cpython-dask-threads', 'cpython-mpi', 'cpython-subinterpreters', 'cpython-free-threaded', 'pypy-threads', 'c-threads',
    ]);
    expect(missing.every((runtime) => runtime.missing?.startsWith('Install '))).toBe(true);
    const { result } = await run(lab, ['interleave'], ['cpython-threads', 'node-workers']);
    expect(result).toMatchObject({ verdict: 'not measurable here', reason: expect.stringContaining('Install Python') as string });
    expect(result?.figures['nodeWorkers.total']).toBeDefined();
  });

  it('fails only the row whose program is killed', async () => {
    // In the place of an interpreter, a program that is killed as soon as it is to measure.
    const fake = join(user, 'python3');
    const answer = JSON.stringify({ path: fake, version: '3.11.7', implementation: 'cpython', freeThreaded: false });
    await writeFile(fake, `#!/bin/sh\nif [ "$1" = -c ]; then echo '${answer}'; else kill -9 $$; fi\n`, { mode: 0o755 });
    const { result, events } = await run(make({ ...process.env, ENDSTATION_PYTHON: fake }), ['interleave'], ['cpython-threads', 'node-workers']);
    expect(events.at(-1)).toMatchObject({ kind: 'ended', outcome: 'done' });
    expect(result?.figures['nodeWorkers.total']?.value).toBe(60_000_060);
    expect(result?.errors).toMatchObject({ cpythonThreads: { code: 'PROGRAM_KILLED' } });
  });

  it('refuses a second measurement, and what it does not know; cancels at once and is free again', async () => {
    const lab = make();
    const ends: LabEvent[] = [];
    lab.onEvent((event) => { if (event.kind === 'ended') ends.push(event); });
    await lab.start({ experiments: ['speedup'], runtimes: ['node-main'], quick: false });
    await expect(lab.start({ experiments: ['speedup'], runtimes: [], quick: true })).rejects.toMatchObject({ code: 'LAB_BUSY' });
    await lab.cancel();
    expect(ends).toMatchObject([{ outcome: 'cancelled' }]);
    await expect(lab.start({ experiments: ['nonsense'], runtimes: [], quick: true })).rejects.toMatchObject({ code: 'LAB_UNKNOWN', message: expect.stringContaining('speedup') as string });
    await expect(lab.start({ experiments: ['speedup'], runtimes: ['rust'], quick: true })).rejects.toMatchObject({ code: 'LAB_UNKNOWN' });
    expect((await lab.overview()).running).toBeNull();
  });

  it('does not look for all interpreters again to show a program', async () => {
    const [fake, asked] = [join(user, 'counted'), join(user, 'asked')];
    await writeFile(fake, `#!/bin/sh\necho asked >> ${asked}\necho '${JSON.stringify({ path: fake, version: '3.11.7', implementation: 'cpython', freeThreaded: false })}'\n`, { mode: 0o755 });
    const lab = make({ PATH: user, HOME: user, ENDSTATION_PYTHON: fake });
    await lab.source('node-main', 'speedup');
    const once = await readFile(asked, 'utf8');
    const later = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_600_000);
    await lab.source('cpython-threads', 'hog');
    expect(await readFile(asked, 'utf8')).toBe(once);
    await lab.overview();
    expect(await readFile(asked, 'utf8')).not.toBe(once);
    later.mockRestore();
  });

  it('shows the program that runs', async () => {
    const { file, language, text } = await make().source('node-main', 'speedup');
    expect(language).toBe('typescript');
    expect(text).toBe(await readFile(file, 'utf8'));
    await expect(make().source('rust', 'speedup')).rejects.toMatchObject({ code: 'LAB_UNKNOWN' });
  });
});
