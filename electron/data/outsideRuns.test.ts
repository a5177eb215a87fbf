// Two stores on one folder, as two programs have them.
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunDocument } from '@shared/documents';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { watchRuns } from './outsideRuns';
import { createRunStore, type RunStore } from './runStore';
import type { StoredRun } from './storedRun';

const folder = mkdtempSync(join(tmpdir(), 'outside-'));
const going: StoredRun[] = [];
const newStore = () => createRunStore({ folder: () => folder, version: '1', makeNexus: () => Promise.resolve() });
async function begin(store: RunStore): Promise<{ uid: string; end(): Promise<unknown> }> {
  const uid = randomUUID();
  const run = await store.open({ name: 'start', doc: { uid, time: Date.now() / 1000, scan_id: await store.nextScanId(), plan_name: 'count', plan_args: {}, detectors: [], motors: [], hints: { dimensions: [] } } });
  going.push(run);
  const stop: RunDocument = { name: 'stop', doc: { uid: 's', run_start: uid, time: 1, exit_status: 'success', reason: '', num_events: {} } };
  return { uid, end: () => { run.append(stop); return run.close(1000); } };
}
const looks = () => new Promise((resolve) => { setTimeout(resolve, 150); });
/** From after its first look. */
async function watched(store: RunStore) {
  const told: string[] = [];
  const list = vi.spyOn(store, 'list');
  const watching = watchRuns(store, ({ uid }) => told.push(uid), 20);
  await vi.waitFor(() => expect(list).toHaveBeenCalled());
  await list.mock.results[0]?.value;
  return { told, list, watching };
}
afterEach(async () => {
  await Promise.all(going.splice(0).map((run) => run.close(0)));
  rmSync(folder, { recursive: true, force: true });
});

describe('runs of other programs', () => {
  it('are told of when they begin and when they end, those of before not; nothing after it was disposed of', async () => {
    const [ours, theirs] = [newStore(), newStore()];
    await (await begin(theirs)).end();
    const { told, watching } = await watched(ours);
    const run = await begin(theirs);
    await vi.waitFor(() => expect(told).toContain(run.uid), 5000);
    expect(new Set(told)).toEqual(new Set([run.uid]));
    told.length = 0;
    await run.end();
    await vi.waitFor(() => expect(told).toContain(run.uid), 5000);
    expect(new Set(told)).toEqual(new Set([run.uid]));
    watching.dispose();
    told.length = 0;
    const last = await begin(theirs);
    await last.end();
    await vi.waitFor(async () => expect((await ours.list()).length).toBe(3));
    await looks();
    expect(told).toEqual([]);
  });

  it('leave out those that the store tells of itself', async () => {
    const store = newStore();
    await (await begin(newStore())).end();
    const { told, list, watching } = await watched(store);
    const run = await begin(store);
    await looks();
    await run.end();
    await looks();
    watching.dispose();
    expect(list.mock.calls.length).toBeGreaterThan(2);
    expect(told).toEqual([]);
  });

  it('of an older day are told of while they run', async () => {
    const [ours, theirs] = [newStore(), newStore()];
    const run = await begin(theirs);
    // The newest day is another one, from now on.
    mkdirSync(join(folder, '2099-01-01'));
    const told: string[] = [];
    const list = vi.spyOn(ours, 'list');
    // Begun before midnight: the first look was at its day.
    const watching = watchRuns({ changed: ours.changed, get folder() { return folder; }, list: (query) => ours.list(list.mock.calls.length === 0 ? {} : query) }, ({ uid }) => told.push(uid), 20);
    await vi.waitFor(() => expect(list).toHaveBeenCalled());
    await list.mock.results[0]?.value;
    await run.end();
    await vi.waitFor(() => expect(told).toContain(run.uid), 5000);
    watching.dispose();
  });

  it('are not read again while nothing changes', async () => {
    const store = newStore();
    await (await begin(store)).end();
    const list = vi.spyOn(store, 'list');
    const watching = watchRuns(store, () => undefined, 10);
    // Once at first, once more as the first look saw a change.
    await vi.waitFor(() => expect(list.mock.calls.length).toBe(2));
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    watching.dispose();
    expect(list.mock.calls.length).toBe(2);
  });
});
