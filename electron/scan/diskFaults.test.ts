// Every operation of a run on the disk fails once, one run each: no point that was told of is lost, a full disk holds the scan, and it goes on.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunDocument } from '@shared/documents';
import { checkPlan, type PlanRequest } from '@shared/plans';
import { profileSchema } from '@shared/profile';
import * as v from 'valibot';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readWholeJournal } from '../data/journal/reader';
import { lockPath } from '../data/runNames';
import { createRunStore, type RunStore } from '../data/runStore';
import { createDevices } from '../devices';
import { MemoryPvs } from '../devices/memoryPvs';
import { emptyQueue, loadQueue, saveQueue } from './queue/queueFile';
import { Resumer } from './resume/resumeRun';
import { ScanService } from './scanService';

/** What goes to the disk, counted; `fails` is asked before each and gives a system error's code where it is to fail. */
const disk = vi.hoisted(() => ({ count: 0, done: [] as string[], fails: null as ((number: number, operation: string) => string | null) | null }));

vi.mock('node:fs', async (original) => {
  const actual = await original<typeof import('node:fs')>();
  const guard = async <T>(operation: string, path: unknown, act: () => Promise<T>, part: () => Promise<unknown> = () => Promise.resolve()): Promise<T> => {
    if (!disk.fails) return act();
    disk.count += 1;
    disk.done.push(`${operation} ${String(path).replace(/.*\//, '')}`);
    const code = disk.fails(disk.count, operation);
    if (code === null) return act();
    await part();
    throw Object.assign(new Error(`${code}: the disk says no, ${operation}`), { code });
  };
  type FileHandle = import('node:fs').promises.FileHandle;
  /** A part of what is written gets there before it fails; a file that fails to close is closed. */
  const guarded = (file: FileHandle, path: unknown): FileHandle => new Proxy(file, {
    get(target, key) {
      const plain = Reflect.get(target, key, target) as unknown;
      if (typeof plain !== 'function') return plain;
      const bound = plain.bind(target) as (...args: unknown[]) => Promise<unknown>;
      if (key === 'write') return (bytes: Uint8Array, from: number, length: number, position: number) => guard('write', path, () => bound(bytes, from, length, position), () => bound(bytes, from, Math.floor(length / 2), position));
      if (key === 'writeFile') return (...args: unknown[]) => guard('writeFile', path, () => bound(...args), () => bound(String(args[0]).slice(0, 5)));
      if (key === 'close') return () => guard('close', path, () => bound(), () => bound());
      return key === 'sync' || key === 'datasync' || key === 'truncate' ? (...args: unknown[]) => guard(key, path, () => bound(...args)) : bound;
    },
  });
  const { promises } = actual;
  return {
    ...actual,
    promises: {
      ...promises,
      open: async (path: string, flags: string) => guarded(await guard('open', path, () => promises.open(path, flags)), path),
      writeFile: (path: string, text: string, options: object) => guard('writeFile', path, () => promises.writeFile(path, text, options)),
      rename: (from: string, to: string) => guard('rename', to, () => promises.rename(from, to)),
      mkdir: (path: string, options: object) => guard('mkdir', path, () => promises.mkdir(path, options)),
      rm: (path: string, options: object) => guard('rm', path, () => promises.rm(path, options)),
    },
  };
});

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  disk.fails = null;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const count = (num: number): PlanRequest => {
  const checked = checkPlan('count', { detectors: ['DET'], num, delay: 0.001 });
  if (!checked.ok) throw new Error('not a plan');
  return checked.request;
};
const twice: PlanRequest = { plan: 'sequence', args: { plans: [count(2), count(2)] } } as unknown as PlanRequest;

interface Bench { readonly service: ScanService; readonly store: RunStore; readonly resumer: Resumer; readonly told: Map<string, number[]> }

/** The scan room with real files in `folder`; `told`: the points of each run that were told of. */
function bench(folder: string): Bench {
  const pv = new MemoryPvs();
  pv.add('DET', 1);
  const profile = v.parse(profileSchema, { name: 'test', devices: [{ name: 'DET', kind: 'counter', pv: 'DET' }] });
  const store = createRunStore({ folder: () => join(folder, 'data'), version: '1', makeNexus: (_journal, target) => Promise.resolve(writeFileSync(target, 'x')) });
  const devices = createDevices({ pv, profile: () => profile });
  const service = new ScanService({ pv, devices, profile: () => profile, sink: store });
  const told = new Map<string, number[]>();
  const runs = new Map<string, string>();
  service.engine.onDocuments((documents) => {
    for (const { name, doc } of documents) {
      if (name === 'start') told.set(doc.uid, []);
      if (name === 'descriptor') runs.set(doc.uid, doc.run_start);
      if (name === 'event') told.get(runs.get(doc.descriptor) ?? '')?.push(doc.seq_num);
    }
  });
  return { service, store, told, resumer: new Resumer({ engine: service.engine, store, pv, devices, profile: () => profile }) };
}

const points = (documents: readonly RunDocument[]): number[] => documents.flatMap((document) => document.name === 'event' && document.doc.data['DET'] !== undefined ? [document.doc.seq_num] : []);

/** All that was told of is in the files, in order and once; the runs that did not end are listed as interrupted. */
async function checkDisk(folder: string, told: Bench['told']): Promise<void> {
  const store = createRunStore({ folder: () => join(folder, 'data'), version: '1', makeNexus: () => Promise.resolve() });
  const all = await store.list();
  for (const [uid, numbers] of told) {
    const run = all.find((summary) => summary.uid === uid);
    expect([uid, run?.exitStatus]).toEqual([uid, expect.stringMatching(/^(success|interrupted|running|abort)$/) as string]);
    const onDisk = points(await readWholeJournal(run?.journal ?? ''));
    expect(onDisk.slice(0, numbers.length)).toEqual(numbers);
    expect(onDisk).toEqual(onDisk.map((_, index) => index + 1));
    expect(run?.points).toBe(onDisk.length);
  }
  // No others; one that has no start because the disk refused it, and its removal too, is empty.
  const journals = readdirSync(join(folder, 'data'), { recursive: true }).map((name) => join(folder, 'data', String(name))).filter((path) => path.endsWith('.journal.jsonl'));
  expect(journals.filter((path) => statSync(path).size > 0)).toHaveLength(all.length);
}

type Fate = 'once' | 'until it rests';

/** Runs the plan; operation number `failing` fails with the code. False where the plan has not so many. */
async function failAt(failing: number, code: string, fate: Fate): Promise<boolean> {
  const folder = newFolder();
  const own = bench(folder);
  const { engine } = own.service;
  disk.count = 0;
  disk.done = [];
  let isBroken = false;
  const reasons = new Set<string>();
  disk.fails = (number) => {
    if (number < failing || (number > failing && !isBroken)) return null;
    isBroken = fate === 'until it rests';
    return code;
  };
  // Somebody makes room and goes on.
  engine.onStatus(({ state, activity }) => {
    if (state !== 'paused' && state !== 'pausing') return;
    reasons.add(activity);
    setImmediate(() => {
      isBroken = false;
      if (engine.state === 'paused' || engine.state === 'pausing') engine.resume();
    });
  });
  try {
    const { outcome } = await own.service.start(twice, {}, 'tester');
    const ended = await outcome;
    const operation = disk.done[failing - 1] ?? 'none';
    expect([operation, ended.exitStatus, ended.error]).toEqual([operation, 'success', null]);
    expect([...own.told.values()]).toEqual([[1, 2], [1, 2]]);
    const reason = code === 'ENOSPC' ? /the disk is full\. Make room/ : /EIO/;
    if (/^(write|datasync) /.test(operation)) expect([operation, [...reasons].some((text) => reason.test(text))]).toEqual([operation, true]);
  } catch (error) {
    // Refused before anything was measured, with the reason; then it can be started.
    if (!(error instanceof Error) || (error as { code?: string }).code !== 'PREFLIGHT') throw error;
    expect(error.message).toMatch(code === 'ENOSPC' ? /No run can be recorded in .*: the disk is full\. Make room/ : /No run can be recorded in .*EIO/);
    expect(own.told.size).toBe(0);
    disk.fails = null;
    await (await own.service.start(twice, {}, 'tester')).outcome;
  }
  const reached = disk.count >= failing;
  disk.fails = null;
  await checkDisk(folder, own.told);
  return reached;
}

describe('each operation on the disk', () => {
  for (const code of ['ENOSPC', 'EIO']) {
    for (const fate of ['once', 'until it rests'] as const) {
      it(`of a run fails with ${code}, ${fate}: nothing is lost, and it goes on`, async () => {
        const operations = new Set<string>();
        // Points that come together are written together, so that runs differ a little in their number.
        for (let failing = 1, beyond = 0; beyond < 3; failing += 1) {
          beyond = await failAt(failing, code, fate) ? 0 : beyond + 1;
          for (const operation of disk.done) operations.add(operation.split(' ')[0] ?? '');
        }
        expect([...operations].sort()).toEqual(expect.arrayContaining(['close', 'datasync', 'mkdir', 'open', 'rm', 'sync', 'write', 'writeFile']));
      }, 60_000);
    }
  }

  it('of a run fails from one of them on for ever: what was told is there, and the run is interrupted and goes on', async () => {
    let reached = true;
    for (let failing = 12; reached; failing += 1) {
      const folder = newFolder();
      const own = bench(folder);
      const { engine } = own.service;
      disk.count = 0;
      disk.fails = (number) => number >= failing ? 'EIO' : null;
      engine.onStatus(({ state }) => {
        if (state === 'paused' || state === 'pausing') setImmediate(() => { if (engine.state === 'paused' || engine.state === 'pausing') engine.abort(''); });
      });
      await own.service.start(count(3), {}, 'tester').then(({ outcome }) => outcome, () => null);
      reached = disk.count >= failing;
      disk.fails = null;
      // Its process is gone, too.
      const [uid] = own.told.keys();
      const [run] = await own.store.list();
      if (!uid || !run) continue;
      if (existsSync(lockPath(run.journal))) writeFileSync(lockPath(run.journal), JSON.stringify({ pid: 2 ** 22 + 1, started: 'x', host: hostname() }));
      await checkDisk(folder, own.told);
      const [after] = await own.store.list();
      if (after?.exitStatus !== 'interrupted') continue;
      const again = bench(folder);
      expect((await (await again.resumer.resume(uid, 'tester')).outcome)).toMatchObject({ exitStatus: 'success', points: 3 });
      expect(points(await readWholeJournal(run.journal))).toEqual([1, 2, 3]);
    }
  }, 60_000);

  it('of a run that goes on fails: it is held, or refused and goes on later', async () => {
    const source = newFolder();
    const first = bench(source);
    const { journal } = await (await first.service.start(count(3), {}, 'tester')).outcome;
    const whole = readFileSync(journal ?? '');
    const lines = whole.toString().split('\n');
    const [{ uid = '' } = {}] = await first.store.list();
    const path = journal ?? '';
    for (const code of ['ENOSPC', 'EIO']) {
      for (let failing = 1, reached = true; reached; failing += 1) {
        // Two points, and the beginning of a third.
        writeFileSync(path, `${lines.slice(0, 4).join('\n')}\n{"crc":"00`);
        rmSync(path.replace('.journal.jsonl', '.nxs'), { force: true });
        writeFileSync(lockPath(path), JSON.stringify({ pid: 2 ** 22 + 1, started: 'x', host: hostname() }));
        const again = bench(source);
        const { engine } = again.service;
        engine.onStatus(({ state }) => {
          if (state === 'paused' || state === 'pausing') setImmediate(() => { if (engine.state === 'paused' || engine.state === 'pausing') engine.resume(); });
        });
        disk.count = 0;
        disk.done = [];
        disk.fails = (number) => number === failing ? code : null;
        const ended = await again.resumer.resume(uid, 'tester').then(({ outcome }) => outcome, (error: unknown) => error as Error);
        reached = disk.count >= failing;
        disk.fails = null;
        if (ended instanceof Error) {
          // Looked for, or opened, in vain: nothing is changed, and the next time it goes on.
          expect(ended.message).toMatch(/No run can be recorded|There is no run|E(IO|NOSPC)/);
          expect(points(await readWholeJournal(path))).toEqual([1, 2]);
          expect(await (await again.resumer.resume(uid, 'tester')).outcome).toMatchObject({ exitStatus: 'success', points: 3 });
          continue;
        }
        expect([disk.done[failing - 1], ended]).toMatchObject([disk.done[failing - 1], { exitStatus: 'success', points: 3 }]);
        const documents = await readWholeJournal(path);
        expect(documents.filter(({ name }) => name === 'stop')).toHaveLength(1);
        expect((await again.store.list())[0]).toMatchObject({ exitStatus: 'success', points: 3 });
      }
    }
  }, 60_000);

  it('of a change of the queue fails: the queue is as it was or as it is to be, never broken', async () => {
    const item = (id: string) => ({ id, request: count(1), title: 'count', metadata: {}, addedBy: 'ada', addedAt: '2026-01-01T00:00:00Z', trouble: null });
    const before = { ...emptyQueue, items: [item('a')] };
    const after = { ...emptyQueue, items: [item('a'), item('b')] };
    for (const code of ['ENOSPC', 'EIO']) {
      for (let failing = 1, reached = true; reached; failing += 1) {
        const file = join(newFolder(), 'queue.json');
        await saveQueue(file, before);
        disk.count = 0;
        disk.fails = (number) => number === failing ? code : null;
        const error: unknown = await saveQueue(file, after).then(() => null, (reason: unknown) => reason);
        reached = disk.count >= failing;
        disk.fails = null;
        expect([failing, (error as { code?: string } | null)?.code]).toEqual([failing, reached ? code : undefined]);
        const { state, problem } = await loadQueue(file);
        expect(problem).toBeNull();
        expect([['a'], ['a', 'b']]).toContainEqual(state.items.map(({ id }) => id));
        await saveQueue(file, after);
        expect((await loadQueue(file)).state.items).toHaveLength(2);
      }
    }
  });
});

describe('a file that is torn at every byte of its last record', () => {
  it('is a run with the points before it, and goes on', async () => {
    const folder = newFolder();
    const own = bench(folder);
    const { journal } = await (await own.service.start(count(3), {}, 'tester')).outcome;
    const path = journal ?? '';
    const whole = readFileSync(path);
    const ends = [...whole.keys()].filter((at) => whole[at] === 10).map((at) => at + 1);
    // The last point, and the end of the run.
    for (const [record, before] of [[3, 2], [4, 3]] as const) {
      const from = ends[record] ?? 0;
      const to = ends[record + 1] ?? 0;
      expect(to - from).toBeGreaterThan(100);
      for (let length = from; length < to; length++) {
        writeFileSync(path, whole);
        truncateSync(path, length);
        rmSync(path.replace('.journal.jsonl', '.nxs'), { force: true });
        writeFileSync(lockPath(path), JSON.stringify({ pid: 2 ** 22 + 1, started: 'x', host: hostname() }));
        const again = bench(folder);
        const [run] = await again.store.list();
        expect([length, run?.exitStatus, run?.points]).toEqual([length, 'interrupted', before]);
        // Going on takes longer; the middle and the ends of a record stand for the rest.
        if (length - from > 2 && to - length > 2 && length % 16 !== 0) continue;
        expect(await (await again.resumer.resume(run?.uid ?? '', 'tester')).outcome).toMatchObject({ exitStatus: 'success', points: 3 });
        const documents = await readWholeJournal(path);
        expect(points(documents)).toEqual([1, 2, 3]);
        expect(documents.at(-1)?.name).toBe('stop');
      }
    }
  }, 60_000);

  it('is a queue that is put aside, not lost and not in the way', async () => {
    const folder = newFolder();
    const file = join(folder, 'queue.json');
    await saveQueue(file, { ...emptyQueue, items: [{ id: 'a', request: count(1), title: 'count', metadata: {}, addedBy: 'ada', addedAt: '2026-01-01T00:00:00Z', trouble: null }] });
    const whole = readFileSync(file);
    // Without its newline it is whole.
    for (let length = 0; length < whole.length - 1; length++) {
      writeFileSync(file, whole.subarray(0, length));
      const { state, problem } = await loadQueue(file);
      expect([length, state.items.length]).toEqual([length, 0]);
      expect(problem).toMatch(/is damaged; the queue begins empty\. It is kept as /);
      const aside = readdirSync(folder).filter((name) => name.includes('damaged'));
      expect(readFileSync(join(folder, aside.sort().at(-1) ?? ''))).toEqual(whole.subarray(0, length));
      for (const name of aside) rmSync(join(folder, name));
    }
    writeFileSync(file, whole.subarray(0, -1));
    expect((await loadQueue(file)).state.items).toHaveLength(1);
  });
});
