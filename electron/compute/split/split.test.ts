import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobName, JobOutput } from '@shared/compute';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWorkers } from '../buildWorkers.testing';
import { ComputePool } from '../computePool';
import { jobs, type PoolContext, type PoolInput } from '../jobs/registry';
import { writeNpy } from '../remote/npy';
import { describeNpy } from '../files/npyFile';
import { splitOf } from './splitRules';

const [width, height, frames] = [64, 32, 60];
const data = Float64Array.from({ length: width * height * frames }, (_, i) => 1000 + 300 * Math.sin(i * 0.37) + (i % 7));
const geometry = { distance: 0.1, poni1: 3e-4, poni2: 4e-4, pixel1: 1e-4, pixel2: 1e-4 };
const x = Float64Array.from({ length: 51 }, (_, i) => i * 0.05);
const curves = Float64Array.from({ length: 51 * 200 }, (_, i) => 5 * Math.exp(-(((i % 51) * 0.05 - 1.2 - i * 1e-5) ** 2) * 15) + 0.02 * Math.sin(i));
const stack = { data, width, height };
const inputs: { readonly [J in JobName]?: PoolInput<J> } = {
  stackStatistics: stack, stackRegionSums: { ...stack, regions: [{ x: 1, y: 2, width: 10, height: 11 }, { x: 0, y: 0, width: 1, height: 1 }] },
  stackIntegration: { ...stack, geometry, bins: 20 }, peakFits: { x, y: curves, shape: 'gauss' },
  xrfMap: { spectra: data, channels: 2048, lines: [{ name: 'a', first: 100, last: 120 }], backgroundHalfWidth: 9 },
  correlation: { frames: data, pixels: width * height, maxLag: 12 },
};
const idle: PoolContext = { folder: '', limits: { heap: 1, all: 1 }, progress: () => undefined, cancelled: false };

let built = '';
let pool: ComputePool;
beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'endstation-split-'));
  await buildWorkers(built, 'poolWorker');
  pool = new ComputePool({ workers: built, size: 2 });
});
afterAll(async () => {
  await pool.dispose();
  await rm(built, { recursive: true });
});

/** Every number of two results, to 1e-12 of the first one's. */
function expectSame(found: unknown, wanted: unknown): void {
  const flat = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_key, member: unknown) => (ArrayBuffer.isView(member) ? [...member as Float64Array].map((n) => Number(n.toPrecision(11))) : member)));
  expect(flat(found)).toEqual(flat(wanted));
}
const copy = <T extends object>(input: T): T => Object.fromEntries(Object.entries(input).map(([key, value]) => [key, value instanceof Float64Array ? value.slice() : value as unknown])) as T;

describe('a divided job', () => {
  it.each(Object.keys(inputs) as JobName[])('%s: gives what one worker gives alone, and leaves the input where it was', async (job) => {
    const input = inputs[job] as never;
    expect(splitOf(job, input, 2)?.blocks).toBeGreaterThan(2);
    const alone = (jobs[job] as (given: unknown, context: unknown) => unknown)(copy(input), { progress: () => undefined, cancelled: false });
    const seen: number[] = [];
    expectSame(await pool.run(job, input, { onProgress: (done) => seen.push(done) }), alone);
    expect(seen.at(-1)).toBe(1);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    expect(data).toHaveLength(width * height * frames);
  });

  it('shares memory that is shared, instead of copying it', async () => {
    const shared = new Float64Array(new SharedArrayBuffer(data.byteLength));
    shared.set(data);
    const block = splitOf('stackStatistics', { ...stack, data: shared }, 2)?.block(1).input() as { data: Float64Array };
    expect(block.data.buffer).toBe(shared.buffer);
    expect(block.data.byteOffset).toBeGreaterThan(0);
    expectSame(await pool.run('correlation', { frames: shared, pixels: width * height, maxLag: 5 }), jobs.correlation({ frames: data, pixels: width * height, maxLag: 5 }, idle));
  });

  it('reads a file block by block in the workers', async () => {
    const path = join(built, 'stack.npy');
    await writeNpy(path, data);
    const stored = { ...describeNpy(path), shape: [frames, height, width] };
    const split = splitOf('stackStatistics', { ...stack, data: stored }, 2);
    expect(split?.block(1).input()).toMatchObject({ data: { stored: 'npy', first: 8, shape: [8, height, width] } });
    expectSame(await pool.run('stackStatistics', { ...stack, data: stored }), jobs.stackStatistics(stack, idle));
    await writeFile(path, 'not an array');
    await expect(pool.run('stackStatistics', { ...stack, data: stored })).rejects.toMatchObject({ code: 'JOB_FAILED', message: expect.stringContaining('stack.npy is no array of NumPy') as string });
  });

  it('lets a more urgent job go between its blocks, and ends all of them when it is cancelled', async () => {
    const stop = new AbortController();
    const order: string[] = [];
    const long = pool.run('correlation', { frames: data, pixels: width * height }, { priority: 'background', signal: stop.signal, onProgress: () => order.push('block') });
    const urgent: Promise<JobOutput<'peakStatistics'>> = pool.run('peakStatistics', { x: x.slice(), y: x.slice() }, { priority: 'interactive' });
    await urgent.then(() => order.push('urgent'));
    stop.abort();
    await expect(long).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
    expect(order).toContain('urgent');
    expect(order.filter((one) => one === 'block').length).toBeLessThan(8);
    expect(pool.status).toMatchObject({ queued: 0 });
  });

  it('is done by one worker where dividing it is not worth it', () => {
    expect(splitOf('stackStatistics', { data: data.subarray(0, 2048), width, height }, 2)).toBeNull();
    expect(splitOf('peakFits', { x, y: curves.subarray(0, 510), shape: 'gauss' }, 2)).toBeNull();
  });
});
