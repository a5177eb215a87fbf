import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataKey } from '@shared/documents';
import { afterAll, describe, expect, it } from 'vitest';
import { openRun } from './runColumn';
import { createRunStore } from './runStore';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const uid = '6f0e1f8a-0000-4000-8000-000000000001';
const key = (dtype: DataKey['dtype'], shape: readonly number[], units: string): DataKey => ({ source: 'ca://x', dtype, shape, units });

describe('openRun', () => {
  it('gives numbers and images of a run with their shape, and says which columns there are', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'endstation-column-'));
    folders.push(folder);
    const store = createRunStore({ folder: () => folder, version: '1', makeNexus: () => Promise.reject(new Error('not here')) });
    const run = await store.open({ name: 'start', doc: { uid, time: 1, scan_id: 7, plan_name: 'count', plan_args: {}, detectors: ['det'], motors: [], hints: { dimensions: [] } } });
    const keys = { m: key('number', [], 'mm'), image: key('array', [2, 2], 'counts'), note: key('string', [], '') };
    run.append({ name: 'descriptor', doc: { uid: 'd', run_start: uid, time: 1, name: 'primary', data_keys: keys, object_keys: {}, configuration: {}, hints: {} } });
    for (const n of [1, 2]) run.append({ name: 'event', doc: { uid: `e${n}`, descriptor: 'd', time: n, seq_num: n, data: { m: n / 2, image: [n, n, n, 9], note: 'x' }, timestamps: {} } });
    await run.close(5000);
    await run.derived;
    const opened = await openRun(store, '7');
    expect(opened).toMatchObject({ uid, scanId: 7, nexus: null });
    expect(await opened.column('m')).toEqual({ values: Float64Array.of(0.5, 1), shape: [2], units: 'mm' });
    expect(await opened.column('image')).toEqual({ values: Float64Array.of(1, 1, 1, 9, 2, 2, 2, 9), shape: [2, 2, 2], units: 'counts' });
    await expect(opened.column('note')).rejects.toThrow('It has: m, image.');
    await expect(openRun(store, '8')).rejects.toMatchObject({ code: 'NO_RUN' });
    await store.dispose();
  });
});
