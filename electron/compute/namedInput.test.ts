import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJobInput } from '@shared/computeSchemas';
import { buildWorkers } from './buildWorkers.testing';
import { ComputePool } from './computePool';
import { findNamed, type InputReaders } from './namedInput';

let folder = '';
let pool: ComputePool;
const frames = Uint16Array.from({ length: 3 * 4 * 5 }, (_, i) => i);
const readers: InputReaders = {
  file: (path) => join(folder, path),
  pv: () => Promise.resolve({ values: Float64Array.of(1, 2, 4), shape: [3], units: 'mm' }),
  run: () => Promise.resolve({
    uid: '0123abcd', scanId: 42, nexus: null,
    column: () => Promise.resolve({ values: Float64Array.from(frames), shape: [3, 4, 5], units: 'counts' }),
  }),
};

/** As numpy.save writes it. */
async function save(name: string, descr: string, shape: string, values: ArrayBufferView): Promise<void> {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  await writeFile(join(folder, name), Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.from([length & 255, length >> 8]), Buffer.from(`${text.padEnd(length - 1)}\n`), Buffer.from(values.buffer as ArrayBuffer)]));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'endstation-named-'));
  await buildWorkers(folder, 'poolWorker');
  pool = new ComputePool({ workers: folder, size: 1 });
  await save('frames.npy', '<u2', '(3, 4, 5)', frames);
  await save('long.npy', '<i8', '(4,)', BigInt64Array.of(1n, -2n, 3n, 4n));
  await writeFile(join(folder, 'scan.h5'), '\x89HDF\r\n\x1a\n', 'latin1');
  await writeFile(join(folder, 'text.h5'), '1 2 3\n');
  await writeFile(join(folder, 'scan.csv'), '# a scan\nposition, counts\n0, 1\n1, 5\n2, oops\n3, 1\n');
});
afterAll(async () => {
  await pool.dispose();
  await rm(folder, { recursive: true });
});

describe('an input with named arrays', () => {
  it('leaves a file to the worker, takes the part that was asked for, and knows its size', async () => {
    const { input, sources } = await findNamed('stackStatistics', { data: { $file: 'frames.npy', first: 1, count: 2 } }, readers, pool);
    expect(input).toEqual({ width: 5, height: 4, data: { stored: 'npy', path: join(folder, 'frames.npy'), shape: [2, 4, 5], first: 1, itemSize: 2 } });
    expect(sources['data']?.label).toBe(join(folder, 'frames.npy'));
    const found = await pool.run('stackStatistics', readJobInput('stackStatistics', input));
    expect([...found.sum]).toEqual([590, 990]);
  });

  it('reads a column of a text file by its name or number, and 64-bit integers', async () => {
    const named = async (column: string | number) => (await findNamed('peakStatistics', { x: { $file: 'scan.csv', column: 'position' }, y: { $file: 'scan.csv', column } }, readers, pool)).input;
    for (const column of ['counts', 2]) expect((await pool.run('peakStatistics', readJobInput('peakStatistics', await named(column)))).max).toEqual({ x: 1, y: 5 });
    await expect(named('nothing')).rejects.toMatchObject({ message: expect.stringContaining('has no column nothing. It has 2: position, counts') as string });
    const { input } = await findNamed('background', { counts: { $file: 'long.npy' }, halfWidth: 1 }, readers, pool);
    expect(await pool.run('background', readJobInput('background', input))).toHaveLength(4);
  });

  it('takes images of a run, and a PV', async () => {
    const run = await findNamed('correlation', { frames: { $run: '42', column: 'det_image' } }, readers, pool);
    expect(run).toMatchObject({ run: '0123abcd', sources: { frames: { label: 'run #42, det_image', units: 'counts' } }, input: { pixels: 20 } });
    const part = await findNamed('frameStatistics', { data: { $run: '42', column: 'det_image', first: 2, count: 1 } }, readers, pool);
    expect(await pool.run('frameStatistics', readJobInput('frameStatistics', part.input))).toMatchObject({ sum: 990, pixels: 20 });
    expect((await findNamed('userFunction', { source: 'return 1', input: { y: { $pv: 'A:B' } } }, readers, pool)).sources).toEqual({ 'input.y': { label: 'A:B', units: 'mm' } });
  });

  it.each([
    [{ $file: 'frames.npy', first: 2, count: 2 }, /Rows 2 to 3 were asked for; there are 3/],
    [{ $file: 'none.npy' }, /there is no such file/],
    [{ $file: 'none.h5', dataset: '/entry/data' }, /there is no such file/],
    [{ $file: 'image.png' }, /only files that end with .npy, .csv/],
    [{ $file: 'scan.h5' }, /Say which array/],
    [{ $file: 'text.h5' }, /is no HDF5 file/],
    [{ stored: 'text', path: '/etc/hostname', shape: [1], first: 0, itemSize: 8 }, /neither numbers nor a name of some/],
  ])('says what is wrong with %j', async (data, message) => {
    await expect(findNamed('stackStatistics', { data }, readers, pool)).rejects.toMatchObject({ code: 'JOB_FAILED', message: expect.stringMatching(message) as string });
  });
});
