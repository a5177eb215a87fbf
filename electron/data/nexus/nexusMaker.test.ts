import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunDocument } from '@shared/documents';
import { afterEach, describe, expect, it } from 'vitest';
import { unfinishedPath } from '../../files/writeWhole';
import { nexusPath } from '../runNames';
import { createRunStore, type RunStore } from '../runStore';

const folders: string[] = [];
afterEach(() => { for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true }); });
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'maker-'));
  folders.push(folder);
  return folder;
};

/** A worker that dies half way through its first `deaths` files, as one without memory does, and makes the others. */
function workersThatDie(deaths: number): string {
  const workers = newFolder();
  const count = join(workers, 'deaths');
  writeFileSync(count, '0');
  writeFileSync(join(workers, 'nexusWorker.cjs'), `
    const fs = require('node:fs');
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ id, target, unfinished }) => {
      fs.writeFileSync(unfinished, 'half');
      const died = Number(fs.readFileSync(${JSON.stringify(count)}, 'utf8'));
      if (died < ${deaths}) {
        fs.writeFileSync(${JSON.stringify(count)}, String(died + 1));
        throw new Error('no memory');
      }
      fs.writeFileSync(unfinished, 'whole');
      fs.renameSync(unfinished, target);
      parentPort.postMessage({ id, error: null, result: {} });
    });`);
  return workers;
}

async function ended(store: RunStore): Promise<{ journal: string; nexus: string | null; error: string | undefined }> {
  const uid = randomUUID();
  const start: RunDocument & { name: 'start' } = { name: 'start', doc: { uid, time: 1, scan_id: await store.nextScanId(), plan_name: 'count', plan_args: {}, detectors: [], motors: [], hints: { dimensions: [] } } };
  const run = await store.open(start);
  run.append({ name: 'stop', doc: { uid: 's', run_start: uid, time: 2, exit_status: 'success', reason: '', num_events: {} } });
  await run.close(1000);
  const { nexus, error } = await run.derived;
  return { journal: run.journal, nexus, error: error?.message };
}
const names = (journal: string): string[] => readdirSync(join(journal, '..'));

describe('a worker that dies while it makes a file', () => {
  it('is replaced by another one, and leaves nothing half made', async () => {
    const own = newFolder();
    const store = createRunStore({ folder: () => own, version: '1', workers: workersThatDie(1) });
    const { journal, nexus } = await ended(store);
    expect(nexus).toBe(nexusPath(journal));
    expect(readFileSync(nexus ?? '', 'utf8')).toBe('whole');
    expect(names(journal).filter((name) => name.endsWith('.part'))).toEqual([]);
    await store.dispose();
  });

  it('again, is told to the user with what to do; the run is whole, and its file can be made later', async () => {
    const own = newFolder();
    const told: string[] = [];
    const store = createRunStore({ folder: () => own, version: '1', workers: workersThatDie(2), onProblem: (_id, message) => told.push(message) });
    const { journal, nexus, error } = await ended(store);
    expect(nexus).toBeNull();
    expect(error).toMatch(/^The NeXus file could not be made: the worker failed \(no memory\)\. All points are in the journal .*\. Make the file with Export in Runs/);
    expect(told).toEqual([error]);
    expect(names(journal).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(await store.derive('1')).toBe(nexusPath(journal));
    await store.dispose();
  });
});

describe('files that a program left half made when it died', () => {
  it('are removed, the NeXus files among them made, and that is told; those that may still be written stay', async () => {
    const own = newFolder();
    const quiet = createRunStore({ folder: () => own, version: '1', makeNexus: () => Promise.reject(new Error('killed')) });
    const runs = [await ended(quiet), await ended(quiet)];
    const store = createRunStore({ folder: () => own, version: '1', makeNexus: (_journal, target) => Promise.resolve(writeFileSync(target, 'whole')) });
    const [nexus, late] = runs.map(({ journal }) => unfinishedPath(nexusPath(journal)));
    const csv = unfinishedPath((runs[0]?.journal ?? '').replace('.journal.jsonl', '.csv'));
    const old = Date.now() / 1000 - 3600;
    for (const path of [nexus ?? '', csv, late ?? '']) writeFileSync(path, 'half');
    for (const path of [nexus ?? '', csv]) utimesSync(path, old, old);
    const mine = join(runs[0]?.journal ?? '', '..', 'notes.part');
    // Not of a run, though called like one of ours; and a name that leads to somebody's file.
    const foreign = unfinishedPath(join(mine, '..', 'thesis.pdf'));
    const link = unfinishedPath((runs[0]?.journal ?? '').replace('.journal.jsonl', '.spec'));
    for (const path of [mine, foreign]) {
      writeFileSync(path, 'of a user');
      utimesSync(path, old, old);
    }
    symlinkSync(mine, link);
    const first = nexusPath(runs[0]?.journal ?? '');
    expect(await store.tidy()).toEqual({ told: [`The NeXus file of run 1 was cut short when a program died. It is made: ${first}`], young: 1 });
    expect([existsSync(first), existsSync(nexus ?? ''), existsSync(csv), existsSync(late ?? ''), existsSync(mine), existsSync(foreign), existsSync(link)]).toEqual([true, false, false, true, true, true, true]);
    expect(await store.tidy(Date.now() + 120_000)).toMatchObject({ told: [expect.stringContaining('run 2')], young: 0 });
    expect(await store.tidy(Date.now() + 120_000)).toEqual({ told: [], young: 0 });
    await store.dispose();
  });
});
