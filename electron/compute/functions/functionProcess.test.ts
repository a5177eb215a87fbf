import { readdir, readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildWorkers } from '../buildWorkers.testing';
import { ComputePool } from '../computePool';

let built = '';
let pool: ComputePool;
beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'endstation-functions-'));
  await buildWorkers(built, 'poolWorker', 'functionWorker');
});
afterEach(() => pool.dispose());
afterAll(() => rm(built, { recursive: true }));

const make = (options: Partial<ConstructorParameters<typeof ComputePool>[0]> = {}) => (pool = new ComputePool({ workers: built, size: 1, ...options }));
const run = (source: string, options: Parameters<ComputePool['run']>[2] = {}) => pool.run('userFunction', { source, input: null, seconds: 60 }, options);
/** Processes of functions that this one has started; only Linux tells. */
async function processes(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(async (pid) => {
    const [line, stat] = await Promise.all(['cmdline', 'stat'].map((name) => readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => '')));
    return line?.includes(join(built, 'functionWorker.cjs')) && !stat?.includes(') Z ') ? [Number(pid)] : [];
  }));
  return found.flat();
}
const until = (holds: () => Promise<boolean>) => expect.poll(holds, { timeout: 20_000 }).toBe(true);

describe('functions of users, in a process of their own', () => {
  it('hands arrays in and out, and keeps the process for the next one', async () => {
    make();
    const y = Float64Array.of(1, 2, 3);
    const result = await pool.run('userFunction', { source: 'return { double: input.y.map((v) => 2 * v), list: [input.y.length, null, "a"] };', input: { y } });
    expect(result).toEqual({ double: Float64Array.of(2, 4, 6), list: [3, null, 'a'] });
    const before = process.platform === 'linux' ? await processes() : [];
    await expect(run('return 7;')).resolves.toBe(7);
    if (process.platform === 'linux') expect(await processes()).toEqual(before);
    await expect(run('return missing;')).rejects.toMatchObject({ code: 'JOB_FAILED', message: expect.stringContaining('line 1: missing is not defined') as string });
    await expect(pool.run('userFunction', { source: 'for (;;);', input: null, seconds: 0.1 })).rejects.toMatchObject({ code: 'JOB_TIME_LIMIT' });
    await expect(run('return 8;')).resolves.toBe(8);
  });

  it('lets no promise that an earlier one left behind fail the next one', async () => {
    make();
    for (let i = 0; i < 5; i += 1) {
      await expect(run('(async () => { throw new Error("later"); })(); return 1;')).resolves.toBe(1);
      await expect(run('return 2;')).resolves.toBe(2);
      await expect(run('return (async () => { throw new Error("async"); })();')).rejects.toMatchObject({ code: 'JOB_FAILED', message: expect.stringContaining('the result is a promise') as string });
      await expect(run('return 3;')).resolves.toBe(3);
    }
  });

  // Objects; arrays of numbers, which are outside of the heap; and those that fill a heap so fast that V8 ends its whole process.
  it.each([
    'const kept = []; for (;;) kept.push({ a: kept.length });',
    'const kept = []; for (;;) kept.push(new Float64Array(1e6).fill(1));',
    'const kept = []; for (;;) kept.push(kept.length ? kept[0].slice() : new Uint8Array(1e7).fill(1));',
    'const kept = []; for (;;) kept.push(new Array(12e6).fill(0));',
    'const kept = new Map(); for (let i = 0; ; i += 1) kept.set(i, i);',
    'return new Float64Array(5e7).fill(1);',
  ])('ends at its memory limit, alone, and names the limit: %s', async (source) => {
    make({ size: 2, memory: 48, arrays: 200 });
    const stop = new AbortController();
    const other = run('for (;;);', { signal: stop.signal });
    const greedy = run(source);
    const next = pool.run('peakStatistics', { x: Float64Array.of(0, 1, 2), y: Float64Array.of(0, 1, 0) });
    await expect(greedy).rejects.toMatchObject({ code: 'MEMORY_LIMIT', message: expect.stringContaining('48 MB of memory, or of 248 MB with its arrays') as string });
    await expect(next).resolves.toMatchObject({ cen: 1 });
    await expect(run('return 9;')).resolves.toBe(9);
    stop.abort();
    await expect(other).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
  });

  it('may use again and again what it lets go', async () => {
    make({ memory: 48, arrays: 200 });
    await expect(run('let sum = 0; for (let i = 0; i < 100; i += 1) sum += new Float64Array(1e6).fill(1)[7]; return sum;')).resolves.toBe(100);
  });

  it.runIf(process.platform === 'linux')('fails alone where its process is killed, and the next one gets another', async () => {
    make();
    let over = false;
    const failed = expect(run('for (;;);').finally(() => { over = true; })).rejects.toMatchObject({ code: 'WORKER_CRASHED' });
    // What has not begun yet is given to another process.
    await until(async () => {
      for (const pid of await processes()) process.kill(pid, 'SIGKILL');
      return over;
    });
    await failed;
    await expect(run('return 1;')).resolves.toBe(1);
    for (const pid of await processes()) process.kill(pid, 'SIGKILL');
    await expect(run('return 2;')).resolves.toBe(2);
  });

  it.runIf(process.platform === 'linux')('ends with its job where that is cancelled, and with the pool', async () => {
    make();
    const stop = new AbortController();
    const job = run('for (;;);', { signal: stop.signal });
    await until(async () => (await processes()).length === 1);
    stop.abort();
    await expect(job).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
    await until(async () => (await processes()).length === 0);
    const last = run('for (;;);');
    const closed = expect(last).rejects.toMatchObject({ code: 'POOL_CLOSED' });
    await until(async () => (await processes()).length === 1);
    await pool.dispose();
    await closed;
    await until(async () => (await processes()).length === 0);
  });
});
