import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunDocument, RunStart } from '@shared/documents';
import { afterEach, describe, expect, it } from 'vitest';
import { exportLines } from './export/exportRun';
import { makeFolder } from '../files/makeFolder';
import { dayFolder, isoTime, lockPath } from './runNames';
import { createRunStore, type RunStore } from './runStore';
import type { StoredRun } from './storedRun';

const folders: string[] = [];
/** Runs whose files are open. */
const going: StoredRun[] = [];
function newStore(options: { folder?: string; makeNexus?: (journal: string, target: string) => Promise<void> } = {}): RunStore {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'runs-'));
  folders.push(folder);
  return createRunStore({ folder: () => folder, version: '1', makeNexus: options.makeNexus ?? ((_journal, target) => Promise.resolve(writeFileSync(target, 'x'))) });
}
afterEach(async () => {
  await Promise.all(going.splice(0).map((run) => run.close(0)));
  for (const folder of folders.splice(0)) rmSync(folder.replace(/\/file\/data$/, ''), { recursive: true, force: true });
});

async function startDocument(store: RunStore, more: Partial<RunStart> = {}): Promise<RunDocument & { name: 'start' }> {
  const doc: RunStart = {
    uid: randomUUID(), time: 1_790_000_000.25, scan_id: await store.nextScanId(), plan_name: 'scan', plan_args: { num: 3 }, detectors: ['I0'], motors: ['M1'],
    num_points: 3, hints: { dimensions: [[['M1'], 'primary']] }, ...more,
  };
  return { name: 'start', doc };
}
function descriptorOf(run: string, stream = 'primary'): RunDocument & { name: 'descriptor' } {
  return {
    name: 'descriptor', doc: {
      uid: `${stream}-${run}`, run_start: run, time: 1, name: stream, object_keys: { I0: ['I0'], M1: ['M1'], T: ['T'] }, configuration: {},
      data_keys: { M1: { source: 'ca://M1', dtype: 'number', shape: [], units: 'mm' }, I0: { source: 'ca://I0', dtype: 'number', shape: [] }, T: { source: 'ca://T', dtype: 'string', shape: [] } },
      hints: { I0: { fields: ['I0'] } },
    },
  };
}
function eventOf(run: string, number: number, stream = 'primary'): RunDocument {
  return {
    name: 'event', doc: {
      uid: `e${number}`, descriptor: `${stream}-${run}`, time: 1_790_000_000 + number, seq_num: number,
      data: { M1: number / 10, I0: number === 2 ? Number.NaN : number * 100, T: `a,"${number}"` }, timestamps: {},
    },
  };
}
function stopOf(run: string, points: number): RunDocument {
  return { name: 'stop', doc: { uid: 's', run_start: run, time: 1_790_000_009, exit_status: 'success', reason: '', num_events: { primary: points } } };
}
/** A run with its points; without `end` it is left as a crash would leave it, but for its lock. */
async function record(store: RunStore, points: number, end = true, more: Partial<RunStart> = {}): Promise<{ uid: string; journal: string }> {
  const start = await startDocument(store, more);
  const { uid } = start.doc;
  const run = await store.open(start);
  going.push(run);
  run.append(descriptorOf(uid));
  for (let number = 1; number <= points; number++) run.append(eventOf(uid, number));
  if (end) run.append(stopOf(uid, points));
  await run.drained();
  if (end) {
    await run.close(1000);
    await run.derived;
  }
  return { uid, journal: run.journal };
}
/** As after the death of the process that wrote it. */
function loseOwner(journal: string): void {
  writeFileSync(lockPath(journal), JSON.stringify({ pid: 2 ** 22 + 1, started: 'x', host: hostname() }));
}

describe('a run', () => {
  it('whose file was removed before its end says where the file should be, and makes no other of it', async () => {
    const store = newStore();
    const run = await store.open(await startDocument(store));
    await run.drained();
    rmSync(run.journal);
    await run.close(1000);
    const { nexus, error } = await run.derived;
    expect([nexus, error?.code]).toEqual([null, 'RUN_MOVED']);
    expect(error?.message).toContain(run.journal);
  });

  it('whose records are longer than what the catalogue looks at is listed with its points', async () => {
    const store = newStore();
    const plan_args = { positions: Array.from({ length: 20_000 }, (_, index) => index / 7) };
    const { journal } = await record(store, 3, false, { plan_args });
    const start = await startDocument(store);
    const run = await store.open(start);
    going.push(run);
    const { uid } = start.doc;
    run.append(descriptorOf(uid));
    for (let number = 1; number <= 4; number++) {
      run.append({ name: 'event', doc: { uid: `e${number}`, descriptor: `primary-${uid}`, time: 1, seq_num: number, data: { I0: Array.from({ length: 60_000 }, () => number) }, timestamps: {} } });
    }
    await run.drained();
    loseOwner(journal);
    loseOwner(run.journal);
    const listed = (await store.list()).map(({ exitStatus, points }) => [exitStatus, points]);
    expect(listed).toEqual([['interrupted', 4], ['interrupted', 3]]);
  });
  it('is listed while it runs and after its end', async () => {
    const store = newStore();
    const running = await record(store, 2, false);
    expect(await store.list()).toMatchObject([{ uid: running.uid, exitStatus: 'running', points: 2, of: 3, nexus: null }]);
    const ended = await record(store, 3);
    const [newest] = await store.list();
    expect(newest).toEqual({
      uid: ended.uid, scanId: 2, plan: 'scan', started: isoTime(1_790_000_000.25), exitStatus: 'success', points: 3, of: 3, motors: ['M1'], detectors: ['I0'],
      journal: ended.journal, nexus: ended.journal.replace('.journal.jsonl', '.nxs'),
    });
    expect(existsSync(lockPath(ended.journal))).toBe(false);
  });
  it('whose process died is interrupted, also when the number of the process is used again', async () => {
    const store = newStore();
    const { journal } = await record(store, 2, false);
    loseOwner(journal);
    expect((await store.list())[0]).toMatchObject({ exitStatus: 'interrupted', points: 2 });
    writeFileSync(lockPath(journal), JSON.stringify({ pid: process.pid, started: 'another start', host: hostname() }));
    expect((await store.list())[0]?.exitStatus).toBe('interrupted');
    rmSync(lockPath(journal));
    expect((await store.list())[0]?.exitStatus).toBe('interrupted');
  });
  it('torn at any byte of its last record is read without it', async () => {
    const store = newStore();
    const { uid, journal } = await record(store, 3);
    const { size } = statSync(journal);
    const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
    const last = Buffer.byteLength(lines[lines.length - 1] ?? '') + 1;
    for (let cut = 1; cut < last; cut += 7) {
      truncateSync(journal, size - cut);
      const { summary, columns } = await store.read(uid);
      expect([summary.exitStatus, summary.points, columns['M1']]).toEqual(['interrupted', 3, Float64Array.of(0.1, 0.2, 0.3)]);
    }
  });
  it('is read as columns; what is no number is NaN', async () => {
    const store = newStore();
    const { uid } = await record(store, 3);
    const { columns, time, dataKeys } = await store.read(uid.slice(0, 8));
    expect(columns).toEqual({ M1: Float64Array.of(0.1, 0.2, 0.3), I0: Float64Array.of(100, Number.NaN, 300), T: ['a,"1"', 'a,"2"', 'a,"3"'] });
    expect([...time]).toEqual([1_790_000_001, 1_790_000_002, 1_790_000_003]);
    expect(dataKeys['M1']?.units).toBe('mm');
  });
  it('counts the points of its primary stream only', async () => {
    const store = newStore();
    const start = await startDocument(store);
    const { uid } = start.doc;
    const run = await store.open(start);
    going.push(run);
    run.append(descriptorOf(uid));
    run.append(eventOf(uid, 1));
    run.append(descriptorOf(uid, 'baseline'));
    for (let number = 1; number <= 600; number++) run.append(eventOf(uid, number, 'baseline'));
    await run.drained();
    loseOwner(run.journal);
    expect(statSync(run.journal).size).toBeGreaterThan(65_536);
    expect((await store.list())[0]?.points).toBe(1);
    expect((await store.abandon(uid)).points).toBe(1);
  });
  it('is found by scan number, by the beginning of its uid, and not by what fits two', async () => {
    const store = newStore();
    const first = await record(store, 1, true, { uid: 'aaaaaaaa-1111-4111-8111-111111111111' });
    const second = await record(store, 1, true, { uid: 'aaaabbbb-1111-4111-8111-111111111111' });
    expect((await store.find('2')).uid).toBe(second.uid);
    expect((await store.find('aaaaaa')).uid).toBe(first.uid);
    await expect(store.find('aaaa')).rejects.toMatchObject({ code: 'NO_RUN', message: expect.stringContaining('2 runs begin') });
    await expect(store.find('zzz')).rejects.toMatchObject({ code: 'NO_RUN' });
  });
  it('is searched by plan, device, metadata and date', async () => {
    const store = newStore();
    const iron = await record(store, 1, true, { sample: 'Iron foil' });
    await record(store, 1, true, { motors: ['M7'] });
    const found = async (text: string): Promise<number[]> => (await store.list({ text })).map((summary) => summary.scanId);
    expect(await found('iron scan')).toEqual([1]);
    expect(await found('m7')).toEqual([2]);
    expect(await found((await store.find(iron.uid)).started.slice(0, 10))).toEqual([2, 1]);
    expect(await found('copper')).toEqual([]);
    expect(await store.list({ limit: 1 })).toHaveLength(1);
  });
  it('can be abandoned once its process is dead, not before and not twice', async () => {
    const store = newStore();
    const { uid, journal } = await record(store, 2, false);
    await expect(store.abandon(uid)).rejects.toMatchObject({ code: 'NOT_INTERRUPTED', message: expect.stringContaining('still running') });
    loseOwner(journal);
    appendFileSync(journal, '{"crc":"0000');
    const summary = await store.abandon(uid);
    expect(summary).toMatchObject({ exitStatus: 'abort', points: 2, reason: 'Abandoned after an interruption.' });
    expect(summary.nexus).not.toBeNull();
    for (const line of readFileSync(journal, 'utf8').trimEnd().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
    await expect(store.abandon(uid)).rejects.toMatchObject({ code: 'NOT_INTERRUPTED', message: expect.stringContaining('ended already') });
  });
  it('whose NeXus file fails keeps its journal and says so', async () => {
    const store = newStore({ makeNexus: () => Promise.reject(new Error('no room')) });
    const start = await startDocument(store);
    const run = await store.open(start);
    run.append(stopOf(start.doc.uid, 0));
    await run.close(1000);
    expect(await run.derived).toMatchObject({ nexus: null, error: { message: 'no room' } });
    expect((await store.list())[0]).toMatchObject({ exitStatus: 'success', nexus: null });
  });
});

describe('the folder', () => {
  it('never gives a number twice, to many at once and when its claims are lost', async () => {
    const store = newStore();
    const other = newStore({ folder: store.folder });
    const numbers = await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 2 ? store : other).nextScanId()));
    expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    const { journal } = await record(store, 1);
    expect(journal).toContain('00041_scan_');
    rmSync(join(store.folder, '.endstation'), { recursive: true });
    expect(await store.nextScanId()).toBe(42);
  });
  it('keeps few claims', async () => {
    const store = newStore();
    for (let index = 0; index < 100; index++) await store.nextScanId();
    expect(readdirSync(join(store.folder, '.endstation', 'scan_ids')).length).toBeLessThan(70);
  });
  it('never overwrites a journal', async () => {
    const store = newStore();
    const start = await startDocument(store);
    const first = await store.open(start);
    await first.drained();
    const before = readFileSync(first.journal);
    const others = await Promise.all([store.open(start), store.open(start)]);
    going.push(first, ...others);
    expect(readFileSync(first.journal)).toEqual(before);
    expect(new Set(others.map(({ journal }) => journal.replace(first.journal.replace('.journal.jsonl', ''), '')))).toEqual(new Set(['_2.journal.jsonl', '_3.journal.jsonl']));
    expect((await store.list())[0]?.exitStatus).toBe('running');
  });

  it('names files by the pattern, says so before, and passes by what is there, also only a file made of a run', async () => {
    let filePattern = '{sample}-{plan}';
    const folder = mkdtempSync(join(tmpdir(), 'runs-'));
    folders.push(folder);
    const store = createRunStore({ folder: () => folder, version: '1', makeNexus: () => Promise.resolve(), filePattern: () => filePattern });
    const day = join(folder, dayFolder(Date.now() / 1000));
    expect(await store.nextFile({ plan_name: 'scan', sample: 'Fe 2' })).toBe(join(day, 'Fe_2-scan'));
    mkdirSync(day, { recursive: true });
    writeFileSync(join(day, 'fe_2-scan.nxs'), 'kept');
    expect(await store.nextFile({ plan_name: 'scan', sample: 'Fe 2' })).toBe(join(day, 'Fe_2-scan_2'));
    const { journal, uid } = await record(store, 2, true, { sample: 'Fe 2', time: Date.now() / 1000 });
    expect(journal).toBe(join(day, 'Fe_2-scan_2.journal.jsonl'));
    expect((await store.find(uid.slice(0, 8))).scanId).toBe(1);
    // The number is in no name: it is known all the same when the claims are lost.
    rmSync(join(folder, '.endstation'), { recursive: true });
    expect(await store.nextScanId()).toBe(2);
    filePattern = '{scan_id}_{uid}';
    expect(await store.nextFile({ plan_name: 'scan' })).toBe(join(day, '00003_{uid}'));
    filePattern = '{nonsense}';
    await expect(store.nextFile({ plan_name: 'scan' })).rejects.toMatchObject({ code: 'FILE_NAME', message: expect.stringContaining('{nonsense}, which there is not') as string });
    await expect(store.open(await startDocument(store))).rejects.toMatchObject({ code: 'FILE_NAME' });
  });
  it('that can not be made is said, at once', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'runs-')), 'file');
    writeFileSync(file, '');
    const store = newStore({ folder: join(file, 'data') });
    expect(await store.problem()).toMatch(/a part of this path is a file/);
    await expect(store.nextScanId()).rejects.toMatchObject({ code: 'DATA_FOLDER' });
    expect(await store.list()).toEqual([]);
  });
  it.runIf(process.platform === 'linux')('in /proc, where recursive mkdir never ends', async () => {
    await expect(makeFolder('/proc/endstation/data')).rejects.toThrow();
  });
  it('remembers what it read of many runs, and sees those that changed', async () => {
    const store = newStore();
    for (let index = 0; index < 51; index++) await record(store, 1);
    expect(await store.list()).toHaveLength(51);
    expect(existsSync(join(store.folder, '.endstation', 'catalogue.json'))).toBe(true);
    const later = newStore({ folder: store.folder });
    await record(later, 3);
    expect((await later.list()).map((summary) => summary.points).slice(0, 2)).toEqual([3, 1]);
    mkdirSync(join(store.folder, 'not-a-day'));
    writeFileSync(join(store.folder, '.endstation', 'catalogue.json'), '{broken');
    expect(await newStore({ folder: store.folder }).list()).toHaveLength(52);
  });
});

describe('exports', () => {
  async function lines(journal: string, format: 'csv' | 'spec' | 'jsonl'): Promise<string[]> {
    const all: string[] = [];
    for await (const line of exportLines(journal, format)) all.push(line);
    return all;
  }
  it('CSV quotes what needs it', async () => {
    const { journal } = await record(newStore(), 2);
    expect(await lines(journal, 'csv')).toEqual(['point,time,M1 (mm),I0,T', `1,${isoTime(1_790_000_001)},0.1,100,"a,""1"""`, `2,${isoTime(1_790_000_002)},0.2,NaN,"a,""2"""`]);
  });
  it('SPEC has the motor first and the counter last', async () => {
    const { journal } = await record(newStore(), 2);
    const all = await lines(journal, 'spec');
    expect(all).toContain('#S 1  scan {"num":3}');
    expect(all.slice(all.indexOf('#N 3'), all.indexOf('#N 3') + 4)).toEqual(['#N 3', '#L M1  Epoch  I0', '0.1 1 100', '0.2 2 1e999']);
  });
  it('JSONL are the documents', async () => {
    const { journal } = await record(newStore(), 2);
    expect((await lines(journal, 'jsonl')).map((line) => (JSON.parse(line) as RunDocument).name)).toEqual(['start', 'descriptor', 'event', 'event', 'stop']);
  });
});
