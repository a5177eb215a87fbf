import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildWorkers } from './buildWorkers.testing';
import { ComputePool } from './computePool';

/** A worker that speaks the pool's messages and misbehaves as the first value of x says. */
const scripted = `
const { parentPort, workerData } = require('node:worker_threads');
const shared = new Int32Array(workerData.control);
const [cancel, running] = [1, 2];
const say = (message) => parentPort.postMessage([message]);
const done = (id, output) => say({ kind: 'done', id, output });
parentPort.on('message', (jobs) => {
  for (const { id, input } of jobs) {
    Atomics.store(shared, running, id);
    const what = input.x[0];
    if (what === 1) process.exit(7);
    if (what === 2) for (;;) {}
    if (what === 3) { while (Atomics.load(shared, cancel) !== id) {} done(id, 'stopped itself'); continue; }
    if (what === 6) require('node:crypto').pbkdf2Sync('a', 'b', 3e6, 64, 'sha512');
    if (what === 4) say({ kind: 'progress', id, done: 0.5 });
    if (what === 5) { const until = Date.now() + 60; while (Date.now() < until) {} }
    done(id, { order: input.y[0] });
  }
});`;
/** Too much to be sent ahead. */
const input = (what: number, order = 0) => ({ x: new Float64Array(3000).fill(what), y: Float64Array.of(order) });
const few = (what: number, order = 0) => ({ x: Float64Array.of(what), y: Float64Array.of(order) });

describe('ComputePool', () => {
  let folder = '';
  let built = '';
  let pool: ComputePool;
  const make = (workers: string, size: number) => (pool = new ComputePool({ workers, size }));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'endstation-pool-'));
    built = await mkdtemp(join(tmpdir(), 'endstation-pool-built-'));
    await writeFile(join(folder, 'poolWorker.cjs'), scripted);
    await buildWorkers(built, 'poolWorker');
  });
  afterEach(() => pool.dispose());
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await rm(built, { recursive: true });
  });

  it.runIf(process.platform === 'linux')('computes at a lower priority than the thread of the events', async () => {
    make(built, 2);
    await pool.run('peakStatistics', few(1));
    const threads = await readdir('/proc/self/task');
    // The nineteenth field; the second, the name, may contain blanks.
    const nice = await Promise.all(threads.map(async (id) => [Number(id), Number((await readFile(`/proc/self/task/${id}/stat`, 'utf8').catch(() => '')).split(') ').at(-1)?.split(' ')[16])] as const));
    const own = nice.find(([id]) => id === process.pid)?.[1] ?? NaN;
    expect(nice.some(([, one]) => one > own)).toBe(true);
  });

  it('does a real job in a worker and hands the arrays over', async () => {
    make(built, 2);
    const x = Float64Array.from({ length: 4001 }, (_, i) => i);
    const y = x.map((at) => Math.max(0, 4 - 2 * Math.abs(at - 2)));
    await expect(pool.run('peakStatistics', { x, y }, { keepInput: true })).resolves.toMatchObject({ cen: 2, fwhm: 2 });
    expect(x).toHaveLength(4001);
    await pool.run('peakStatistics', { x, y });
    expect(x).toHaveLength(0);
    await expect(pool.run('peakStatistics', { x: Float64Array.of(1), y: Float64Array.of() })).rejects.toMatchObject({ code: 'JOB_FAILED' });
  });

  it('fails only the job whose worker crashed, and replaces the worker', async () => {
    make(folder, 1);
    const crash = pool.run('peakStatistics', input(1));
    const next = pool.run('peakStatistics', input(0, 8));
    await expect(crash).rejects.toMatchObject({ code: 'WORKER_CRASHED', message: expect.stringContaining('code 7') as string });
    await expect(next).resolves.toEqual({ order: 8 });
    expect(pool.status).toEqual({ size: 1, running: 0, queued: 0 });
  });

  it('does the short jobs again that were sent ahead to a worker that crashed', async () => {
    make(folder, 1);
    const ends = await Promise.allSettled([0, 1, 0, 0].map((what, order) => pool.run('peakStatistics', few(what, order))));
    expect(ends.map((end) => (end.status === 'fulfilled' ? end.value : (end.reason as { code: string }).code))).toEqual([{ order: 0 }, 'WORKER_CRASHED', { order: 2 }, { order: 3 }]);
  });

  it('lets go of a short job that is cancelled after it was sent ahead, and of no other', async () => {
    make(folder, 1);
    const stop = new AbortController();
    const jobs = [pool.run('peakStatistics', few(5, 0)), pool.run('peakStatistics', few(0, 1), { signal: stop.signal }), pool.run('peakStatistics', few(0, 2))];
    const ends = Promise.allSettled(jobs);
    await new Promise((resolve) => { setImmediate(resolve); });
    stop.abort();
    expect((await ends).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('does not begin a job that brings more arrays than a worker takes, and names the limit', async () => {
    pool = new ComputePool({ workers: built, size: 1, arrays: 1 });
    await expect(pool.run('fft', { re: new Float64Array(200_000), im: new Float64Array(200_000) })).rejects.toMatchObject({ code: 'MEMORY_LIMIT', message: expect.stringContaining('at most 1 MB') as string });
  });

  it('forgets a job whose input is refused: a later cancel of it changes nothing', async () => {
    pool = new ComputePool({ workers: built, size: 1, arrays: 1 });
    const stop = new AbortController();
    await expect(pool.run('fft', { re: new Float64Array(200_000), im: new Float64Array(200_000) }, { signal: stop.signal })).rejects.toMatchObject({ code: 'MEMORY_LIMIT' });
    stop.abort();
    expect(pool.status).toEqual({ size: 1, running: 0, queued: 0 });
    await expect(pool.run('peakStatistics', { x: Float64Array.of(0, 1, 2), y: Float64Array.of(0, 1, 0) })).resolves.toMatchObject({ cen: 1 });
  });

  it('ends a job that does not yield by ending its worker, and one that looks by itself', async () => {
    make(folder, 2);
    for (const what of [2, 3]) {
      const stop = new AbortController();
      const job = pool.run('peakStatistics', input(what), { signal: stop.signal });
      stop.abort();
      await expect(job).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
    }
    await expect(pool.run('peakStatistics', input(0, 3))).resolves.toEqual({ order: 3 });
  });

  it('does not let who cancels wait for the end of a thread that can not be ended at once', async () => {
    make(folder, 1);
    const stop = new AbortController();
    let begun = false;
    const job = pool.run('peakStatistics', input(6), { signal: stop.signal });
    // It takes the place of the other one, once that thread has ended.
    const next = pool.run('peakStatistics', input(0, 2), { onStart: () => { begun = true; } });
    stop.abort();
    await expect(job).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
    expect([begun, pool.status]).toEqual([false, { size: 1, running: 0, queued: 1 }]);
    await expect(next).resolves.toEqual({ order: 2 });
  });

  it('takes the most urgent of those that wait, and forgets one that is cancelled there', async () => {
    make(folder, 1);
    const order: number[] = [];
    const note = (n: number) => () => { order.push(n); };
    const stop = new AbortController();
    const jobs = [
      pool.run('peakStatistics', input(5, 0)).then(note(0)),
      pool.run('peakStatistics', input(0, 1), { priority: 'background' }).then(note(1)),
      pool.run('peakStatistics', input(0, 2)).then(note(2)),
      pool.run('peakStatistics', input(0, 3), { priority: 'interactive' }).then(note(3)),
    ];
    const dropped = pool.run('peakStatistics', input(0, 4), { signal: stop.signal });
    expect(pool.status).toEqual({ size: 1, running: 1, queued: 4 });
    stop.abort();
    await expect(dropped).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
    await Promise.all(jobs);
    expect(order).toEqual([0, 3, 2, 1]);
  });

  it('passes progress on, and refuses what waits or runs when it is closed', async () => {
    make(folder, 1);
    const seen: number[] = [];
    await pool.run('peakStatistics', input(4), { onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([0.5]);
    const running = pool.run('peakStatistics', input(2));
    const waiting = pool.run('peakStatistics', input(0));
    const both = Promise.allSettled([running, waiting]);
    await pool.dispose();
    expect((await both).map((end) => (end.status === 'rejected' ? (end.reason as { code: string }).code : end.status))).toEqual(['POOL_CLOSED', 'POOL_CLOSED']);
    await expect(pool.run('peakStatistics', input(0))).rejects.toMatchObject({ code: 'POOL_CLOSED' });
  });
});
