import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunStore } from './runStore';
import type { RunStore } from './runStore';
import { saveBeside } from './saveBeside';

let folder: string;
let store: RunStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beside-'));
  store = createRunStore({ folder: () => folder, version: '0', makeNexus: () => Promise.resolve() });
});
afterEach(async () => {
  await store.dispose();
  await rm(folder, { recursive: true, force: true });
});

describe('saveBeside', () => {
  it("writes under the run's own name, and never over another file", async () => {
    const uid = '1b2c3d4e-0000-4000-8000-000000000000';
    const run = await store.open({ name: 'start', doc: { uid, time: 1_700_000_000, scan_id: 7, plan_name: 'scan', plan_args: {}, detectors: [], motors: [], hints: { dimensions: [] } } });
    const first = await saveBeside(store, uid, 'peakFit-120000.json', '{}');
    const second = await saveBeside(store, uid, 'peakFit-120000.json', '{"second": 1}');
    expect(first).toMatch(/00007_scan_1b2c3d4e\.peakFit-120000\.json$/);
    expect(second).toMatch(/00007_scan_1b2c3d4e\.peakFit-120000-2\.json$/);
    expect(await readFile(first, 'utf8')).toBe('{}');
    expect(await store.list()).toHaveLength(1);
    await run.close(1);
  });

  it('writes into the folder of the day without a run, and says which run is not known', async () => {
    expect(await saveBeside(store, null, 'fft-1.csv', 'a')).toMatch(/\d{4}-\d\d-\d\d[/\\]fft-1\.csv$/);
    await expect(saveBeside(store, 'ffffffff', 'x.csv', '')).rejects.toMatchObject({ code: 'NO_RUN' });
  });
});
