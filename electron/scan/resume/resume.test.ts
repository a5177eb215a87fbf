import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event, RunDocument } from '@shared/documents';
import { checkPlan, type PlanRequest } from '@shared/plans';
import { profileSchema, type Profile } from '@shared/profile';
import { interruptionsStream } from '@shared/resume';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { diskFiles, type FileLayer, type JournalHandle } from '../../data/journal/fileLayer';
import { readWholeJournal } from '../../data/journal/reader';
import { encodeRecord } from '../../data/journal/record';
import { lockPath } from '../../data/runNames';
import { createRunStore, type RunStore } from '../../data/runStore';
import { createDevices } from '../../devices';
import { MemoryPvs, type MemoryMotor } from '../../devices/memoryPvs';
import { ScanService } from '../scanService';
import { Resumer } from './resumeRun';

interface Bench { pv: MemoryPvs; m1: MemoryMotor; m2: MemoryMotor; store: RunStore; service: ScanService; resumer: Resumer; folder: string }

const folders: string[] = [];
afterEach(() => { for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true }); });

const peak = (x: number): number => 100 * Math.exp(-((x - 1.234) ** 2) / 0.5);

/** The disk without its waiting: what is on it is not the question here. */
const unsynced = (handle: JournalHandle): JournalHandle => ({ ...handle, sync: () => Promise.resolve() });
const quickFiles: FileLayer = {
  create: async (path) => unsynced(await diskFiles.create(path)), open: async (path) => unsynced(await diskFiles.open(path)), syncFolder: () => Promise.resolve(),
};

/** A beamline in memory, as it is after the application was started again: motors stand where they stood. */
function bench(options: { folder?: string; at?: readonly [number, number]; low?: number; high?: number; seconds?: number; profile?: Partial<Profile>; without?: string } = {}): Bench {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'resume-'));
  folders.push(folder);
  const pv = new MemoryPvs();
  const limits = { low: options.low ?? -100, high: options.high ?? 100, seconds: options.seconds ?? 0 };
  const m1 = pv.addMotor('M1', limits);
  const m2 = pv.addMotor('M2', limits);
  for (const [index, name] of (['M1', 'M2'] as const).entries()) {
    const place = options.at?.[index] ?? 0;
    for (const field of ['VAL', 'RBV']) pv.set(`${name}.${field}`, place);
  }
  // Without times, so that nobody waits for its next update.
  if (options.without !== 'DET') pv.add('DET', peak(options.at?.[0] ?? 0), { units: 'counts', timestamp: null });
  pv.watch('M1.RBV', ({ value }) => { if (pv.peek('DET')?.connection === 'connected') pv.reconnect('DET', { value: peak(Number(value)), timestamp: null }); });
  const profile = v.parse(profileSchema, { name: 'test', ...options.profile });
  const store = createRunStore({ folder: () => folder, version: '1', makeNexus: (_journal, target) => Promise.resolve(writeFileSync(target, 'x')), files: quickFiles });
  const devices = createDevices({ pv, profile: () => profile });
  const service = new ScanService({ pv, devices, profile: () => profile, sink: store });
  return { pv, m1, m2, store, service, folder, resumer: new Resumer({ engine: service.engine, store, pv, devices, profile: () => profile }) };
}

const events = (documents: readonly RunDocument[], stream = 'primary'): Event[] => {
  const uids = documents.flatMap((document) => document.name === 'descriptor' && document.doc.name === stream ? [document.doc.uid] : []);
  return documents.flatMap((document) => document.name === 'event' && uids.includes(document.doc.descriptor) ? [document.doc] : []);
};

/** A whole run, then its journal cut after `points`, with the beginning of the next record, as a crash would leave it. */
async function interrupted(request: PlanRequest, points: number, options: Parameters<typeof bench>[0] = {}): Promise<{ folder: string; uid: string; journal: string; whole: Event[] }> {
  const { service, folder } = bench(options);
  const { uid, outcome } = await service.start(request, { sample: 'iron' }, 'tester');
  const { journal, exitStatus, derived } = await outcome;
  await derived;
  expect(exitStatus).toBe('success');
  const path = journal ?? '';
  const documents = await readWholeJournal(path);
  const text = readFileSync(path, 'utf8').split('\n');
  const cut = documents.findIndex((document) => document.name === 'event' && document.doc.seq_num === points) + 1;
  const keep = points === 0 ? 1 : cut;
  truncateSync(path, Buffer.byteLength(`${text.slice(0, keep).join('\n')}\n`) + 40);
  rmSync(path.replace('.journal.jsonl', '.nxs'));
  writeFileSync(lockPath(path), JSON.stringify({ pid: 2 ** 22 + 1, started: 'x', host: hostname() }));
  return { folder, uid, journal: path, whole: events(documents) };
}

const axes = (...list: [string, number, number][]) => list.map(([motor, start, stop]) => ({ motor, start, stop }));
const requests: Readonly<Record<string, PlanRequest>> = {
  scan: { plan: 'scan', args: { detectors: ['DET'], num: 7, axes: axes(['M1', 0, 3]) } },
  'relative scan': { plan: 'rel_scan', args: { detectors: ['DET'], num: 7, axes: axes(['M1', -1, 2]) } },
  'snaking grid': { plan: 'grid_scan', args: { detectors: ['DET'], snake: true, axes: [{ motor: 'M2', start: 0, stop: 1, num: 2 }, { motor: 'M1', start: 0, stop: 1, num: 4 }] } },
  count: { plan: 'count', args: { detectors: ['DET'], num: 5, delay: 0 } },
  adaptive: {
    plan: 'adaptive_scan', args: { detectors: ['DET'], signal: 'DET', axes: axes(['M1', 0, 3]), min_step: 0.2, max_step: 0.8, target_delta: 30, backstep: true, threshold: 0.8 },
  },
  centroid: { plan: 'tune_centroid', args: { detectors: ['DET'], signal: 'DET', axes: axes(['M1', 0, 3]), min_step: 0.1, num: 5, step_factor: 3, snake: false } },
} as Readonly<Record<string, PlanRequest>>;

describe('a run that is resumed', () => {
  it.each(Object.keys(requests))('has the points of one that was never interrupted: %s', async (name) => {
    const request = requests[name] as PlanRequest;
    const start = 0.5;
    const { whole: { length } } = await interrupted(request, 0, { at: [start, 0] });
    for (const points of new Set([request.plan.endsWith('scan') ? 0 : 1, Math.floor(length / 2), length])) {
      const { folder, uid, journal, whole } = await interrupted(request, points, { at: [start, 0] });
      // Somebody moved the motors meanwhile.
      const again = bench({ folder, at: [-7, 3] });
      const sheet = await again.resumer.sheet(uid);
      expect(sheet.findings.filter(({ level }) => level === 'error')).toEqual([]);
      expect(sheet).toMatchObject({ ok: true, points, run: { exitStatus: 'interrupted' } });
      const { outcome, uid: same } = await again.resumer.resume(uid, 'tester');
      expect(same).toBe(uid);
      const ended = await outcome;
      expect(ended).toMatchObject({ exitStatus: 'success', error: null, points: whole.length, journal });
      const documents = await readWholeJournal(journal);
      const taken = events(documents);
      expect(taken.map(({ seq_num }) => seq_num)).toEqual(whole.map(({ seq_num }) => seq_num));
      expect(taken.map(({ data }) => [data['M1'], data['M2'], data['DET']])).toEqual(whole.map(({ data }) => [data['M1'], data['M2'], data['DET']]).map((row, index) => request.plan === 'count' && index >= points ? [...row.slice(0, 2), peak(-7)] : row));
      expect(events(documents, interruptionsStream).map(({ data }) => data)).toMatchObject([{ interruption: 'resume', after_point: points }]);
      expect(documents.filter(({ name: kind }) => kind === 'start' || kind === 'stop')).toHaveLength(2);
      const [summary] = await again.store.list();
      expect(summary).toMatchObject({ uid, exitStatus: 'success', points: whole.length });
    }
  });

  it('may be interrupted again, and keeps all its gaps', async () => {
    const { folder, uid, journal } = await interrupted(requests['scan'] as PlanRequest, 2);
    const second = bench({ folder, seconds: 0.02 });
    const { outcome } = await second.resumer.resume(uid, 'tester');
    await new Promise<void>((resolve) => { second.service.engine.onDocuments((documents) => { if (events([...documents]).length === 0 && documents.some(({ name }) => name === 'event')) resolve(); }); });
    second.service.engine.abort('over');
    await outcome;
    // Without its end, as if it had been killed.
    const documents = await readWholeJournal(journal);
    const last = Buffer.byteLength(`${readFileSync(journal, 'utf8').trimEnd().split('\n').at(-1) ?? ''}\n`);
    truncateSync(journal, statSync(journal).size - last);
    const third = bench({ folder });
    expect((await third.resumer.sheet(uid)).gaps).toBe(1);
    await (await third.resumer.resume(uid, 'tester')).outcome;
    const all = await readWholeJournal(journal);
    expect(events(all).map(({ seq_num }) => seq_num)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(events(all, interruptionsStream).map(({ seq_num, data }) => [seq_num, data['after_point']])).toEqual([[1, 2], [2, events(documents).length]]);
    expect(all.at(-1)).toMatchObject({ name: 'stop', doc: { num_events: { primary: 7, interruptions: 2 } } });
  });

  it('moves what is elsewhere back first, and nothing else', async () => {
    const { folder, uid } = await interrupted(requests['snaking grid'] as PlanRequest, 5);
    const again = bench({ folder, at: [1, 9] });
    const sheet = await again.resumer.sheet(uid);
    expect(sheet.motors).toMatchObject([{ name: 'M2', journal: 1, now: 9, moves: true, units: 'mm' }, { name: 'M1', journal: 1, now: 1, moves: false }]);
    expect(again.pv.writes).toEqual([]);
    await (await again.resumer.resume(uid, 'tester')).outcome;
    expect(again.m2.moves[0]).toBe(1);
    expect(again.m1.moves[0]).toBeCloseTo(2 / 3);
  });

  it('shows its window what it had, then what comes', async () => {
    const { folder, uid } = await interrupted(requests['scan'] as PlanRequest, 3);
    const again = bench({ folder });
    const seen: RunDocument[] = [];
    again.service.documents((documents) => seen.push(...documents));
    const { pv, store, service, resumer: _ } = again;
    const profile = v.parse(profileSchema, { name: 'test' });
    const resumer = new Resumer({ engine: service.engine, store, pv, devices: createDevices({ pv, profile: () => profile }), profile: () => profile, replayed: (documents) => service.replayed(documents) });
    await (await resumer.resume(uid, 'tester')).outcome;
    expect(events(seen).map(({ seq_num }) => seq_num)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('the sheet', () => {
  const scan = requests['scan'] as PlanRequest;
  const refusal = async (points: number, options: Parameters<typeof bench>[0], request = scan): Promise<string> => {
    const { folder, uid } = await interrupted(request, points);
    const again = bench({ ...options, folder });
    const sheet = await again.resumer.sheet(uid);
    const error: unknown = await again.resumer.resume(uid, 'tester').catch((reason: unknown) => reason);
    expect([sheet.ok, (error as { code?: string }).code, again.pv.writes]).toEqual([false, 'CANNOT_RESUME', []]);
    expect((await again.store.list())[0]?.exitStatus).toBe('interrupted');
    return sheet.findings.map(({ message }) => message).join('\n');
  };

  it('names a device that does not answer', async () => {
    expect(await refusal(3, { without: 'DET' })).toMatch(/DET is not connected.*The run needs it/);
  });
  it('refuses a way back, and a way on, beyond the limits', async () => {
    expect(await refusal(3, { at: [9, 0], high: 0.5 })).toMatch(/M1 can not be brought back to where it was: 1 mm is above its high limit/);
    expect(await refusal(2, { at: [0.5, 0], high: 2 })).toMatch(/M1 can not go where the rest of the run needs it: 3 mm is above/);
  });
  it('refuses the devices of another profile', async () => {
    expect(await refusal(3, { profile: { name: 'other' } })).toMatch(/made with the profile "test", the one in use is "other"/);
  });
  it('refuses a plan that is not that of the run', async () => {
    const { folder, uid, journal } = await interrupted(scan, 4);
    const documents = await readWholeJournal(journal);
    const changed = documents.map((document): RunDocument => document.name === 'start' ? { name: 'start', doc: { ...document.doc, plan_args: { ...document.doc.plan_args, num: 9 } } } : document);
    writeFileSync(journal, Buffer.concat(changed.map(encodeRecord)));
    const sheet = await bench({ folder }).resumer.sheet(uid);
    expect(sheet.ok).toBe(false);
    expect(sheet.findings[0]?.message).toMatch(/At point 2 the plan sends M1 to 0\.375, the journal has 0\.5/);
  });
  it('warns of settings that changed, and says what the crash tore off', async () => {
    const { folder, uid } = await interrupted(scan, 3);
    const again = bench({ folder });
    again.pv.set('M1.VELO', 2);
    const { ok, findings, gap, duration } = await again.resumer.sheet(uid);
    expect(ok).toBe(true);
    expect(findings.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      expect.stringMatching(/^warning: M1_velocity was 1 mm\/s, it is 2 mm\/s now/) as string, expect.stringMatching(/^info: The crash tore off a record \(40 bytes\)/) as string,
    ]);
    expect(gap).toBeGreaterThanOrEqual(0);
    expect(duration).not.toBeNull();
  });
  it('says that the run will wait for the beam, and it does', async () => {
    const { folder, uid } = await interrupted(scan, 3);
    const again = bench({ folder, profile: { suspenders: [{ pv: 'BEAM', low: 10, settle: 0 }] } });
    again.pv.add('BEAM', 0, { units: 'mA' });
    const { ok, findings } = await again.resumer.sheet(uid);
    expect(ok).toBe(true);
    expect(findings[0]?.message).toMatch(/will wait before its next point: BEAM is 0 mA, below 10 mA/);
    const { outcome } = await again.resumer.resume(uid, 'tester');
    while (again.service.engine.state !== 'paused') await new Promise((resolve) => setTimeout(resolve, 2));
    again.pv.set('BEAM', 100);
    expect(await outcome).toMatchObject({ exitStatus: 'success', points: 7 });
  });
  it('is only of a run that is interrupted', async () => {
    const { service, resumer } = bench();
    const { uid, outcome } = await service.start(scan, {}, 'tester');
    await outcome;
    const ended = /can not be resumed or abandoned: it has ended already \(success\)/;
    await expect(resumer.sheet(uid)).rejects.toThrow(ended);
    await expect(resumer.abandon(uid, 'tester')).rejects.toThrow(ended);
  });
});

describe('two programs', () => {
  it('can not both go on with a run', async () => {
    const { folder, uid, journal } = await interrupted(requests['scan'] as PlanRequest, 3);
    const one = bench({ folder, seconds: 0.01 });
    const other = bench({ folder, seconds: 0.01 });
    const results = await Promise.all([one, other].map(async ({ resumer }) => (await resumer.resume(uid, 'tester')).outcome));
    expect(results.map(({ exitStatus }) => exitStatus).sort()).toEqual(['fail', 'success']);
    expect(events(await readWholeJournal(journal)).map(({ seq_num }) => seq_num)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('a run that was a part of more', () => {
  const scan = (stop: number): { plan: string; args: Record<string, unknown> } => ({ plan: 'scan', args: { detectors: ['DET'], num: 4, axes: [{ motor: 'M1', start: 0, stop }] } });
  const asRequest = (plan: string, args: unknown): PlanRequest => {
    const checked = checkPlan(plan, args);
    if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
    return checked.request;
  };
  /** Runs the whole, then cuts the journal of its run number `which` after two points and removes the later ones, as a crash would leave it all. */
  async function cutIn(request: PlanRequest, which: number): Promise<{ folder: string; uid: string; whole: unknown[][] }> {
    const { service, folder, store } = bench({ at: [0.5, 0] });
    const { outcome } = await service.start(request, { sample: 'iron' }, 'tester');
    const { runs = [], exitStatus } = await outcome;
    expect(exitStatus).toBe('success');
    const whole = await Promise.all(runs.map(async ({ journal }) => events(await readWholeJournal(journal)).map(({ data }) => data['M1'])));
    for (const { journal } of runs.slice(which + 1)) rmSync(journal);
    const journal = runs[which]?.journal ?? '';
    const documents = await readWholeJournal(journal);
    const lines = readFileSync(journal, 'utf8').split('\n');
    const keep = documents.findIndex((document) => document.name === 'event' && document.doc.seq_num === 2) + 1;
    truncateSync(journal, Buffer.byteLength(`${lines.slice(0, keep).join('\n')}\n`));
    writeFileSync(lockPath(journal), JSON.stringify({ pid: 2 ** 22 + 1, started: 'x', host: hostname() }));
    const [first] = documents;
    const uid = first?.name === 'start' ? first.doc.uid : '';
    await store.list();
    return { folder, uid, whole };
  }
  /** The places of all runs, in their order. */
  async function places({ store }: Bench): Promise<unknown[][]> {
    const all = await store.list();
    expect(all.map(({ exitStatus }) => exitStatus)).toEqual(all.map(() => 'success'));
    return Promise.all([...all].sort((a, b) => a.scanId - b.scanId).map(async ({ journal }) => events(await readWholeJournal(journal)).map(({ data }) => data['M1'])));
  }

  it.each([
    ['a sequence', asRequest('sequence', { plans: [scan(3), { plan: 'rel_scan', args: { detectors: ['DET'], num: 4, axes: [{ motor: 'M1', start: -1, stop: 1 }] } }, { plan: 'move', args: { axes: [{ motor: 'M2', position: 2 }] } }, scan(6)] }), 1],
    ['a loop', asRequest('loop', { times: 4, delay: 0.01, plan: scan(3) }), 2],
    ['a loop of a sequence', asRequest('loop', { times: 2, plan: { plan: 'sequence', args: { plans: [scan(3), scan(6)] } } }), 1],
  ])('goes on with all that is left of %s', async (_name, request, which) => {
    const { folder, uid, whole } = await cutIn(request, which);
    const again = bench({ folder, at: [-7, 3] });
    const sheet = await again.resumer.sheet(uid);
    expect(sheet).toMatchObject({ ok: true, points: 2, of: 4 });
    expect(sheet.findings.map(({ message }) => message).join()).toMatch(new RegExp(`Then the ${request.plan} goes on: `));
    const { outcome, uid: same } = await again.resumer.resume(uid, 'tester');
    expect(same).toBe(uid);
    const ended = await outcome;
    expect(ended).toMatchObject({ exitStatus: 'success', error: null });
    expect(ended.runs).toHaveLength(whole.length - which);
    expect(await places(again)).toEqual(whole);
    // The later ones know what they are part of too, and carry the metadata.
    const documents = await readWholeJournal(ended.runs?.at(-1)?.journal ?? '');
    expect(documents[0]?.doc).toMatchObject({ sample: 'iron', user: 'tester', plan_whole: { plan: request.plan } });
    if (request.plan === 'sequence') expect(again.m2.moves).toEqual([2]);
  });

  it('is not resumed where a later part can not be run, which is said', async () => {
    const { folder, uid } = await cutIn(asRequest('sequence', { plans: [scan(3), scan(6)] }), 0);
    const again = bench({ folder, high: 4 });
    const { ok, findings } = await again.resumer.sheet(uid);
    expect(ok).toBe(false);
    expect(findings.map(({ message }) => message).join()).toMatch(/Part 2 \(scan\), which comes later: M1 would be moved to 6 mm, above its high limit/);
  });

  it('goes on alone where it is the last one', async () => {
    const { folder, uid, whole } = await cutIn(asRequest('sequence', { plans: [scan(3), scan(6)] }), 1);
    const again = bench({ folder });
    expect((await again.resumer.sheet(uid)).findings.filter(({ level }) => level !== 'warning')).toEqual([]);
    expect((await (await again.resumer.resume(uid, 'tester')).outcome).runs).toHaveLength(1);
    expect(await places(again)).toEqual(whole);
  });

  it('of a script says why that can not go on', async () => {
    const { folder, uid, journal } = await interrupted(requests['scan'] as PlanRequest, 2);
    const rewrite = async (change: object): Promise<void> => {
      const documents = (await readWholeJournal(journal)).map((document): RunDocument => document.name === 'start' ? { name: 'start', doc: { ...document.doc, ...change } } : document);
      writeFileSync(journal, Buffer.concat(documents.map(encodeRecord)));
    };
    await rewrite({ plan_whole: { plan: 'script', args: { name: 'mine.ts' }, part: 0 } });
    const own = await bench({ folder }).resumer.sheet(uid);
    expect([own.ok, own.findings.map(({ message }) => message).join()]).toEqual([true, expect.stringMatching(/opened by the script mine\.ts, which does not go on/) as string]);
    await rewrite({ plan_name: 'mine' });
    const { ok, findings } = await bench({ folder }).resumer.sheet(uid);
    expect([ok, findings[0]?.message]).toEqual([false, expect.stringMatching(/is one of the script mine\.ts, and what a script does between two points is in no journal/) as string]);
  });
});

describe('a run whose remaining points were changed', () => {
  const line = (num: number, stop: number): PlanRequest => ({ plan: 'scan', args: { detectors: ['DET'], num, axes: axes(['M1', 0, stop]) } });
  const relative = (num: number, stop: number): PlanRequest => ({ plan: 'rel_scan', args: { detectors: ['DET'], num, axes: axes(['M1', 0, stop]) } });
  const count = (num: number): PlanRequest => ({ plan: 'count', args: { detectors: ['DET'], num, delay: 0.01 } });

  /** Changed when `at` points were taken, at a checkpoint or in the middle of a move; then cut after each number of points. */
  async function edited(request: PlanRequest, change: PlanRequest, at: number, when: 'now' | 'checkpoint'): Promise<{ folder: string; uid: string; journal: string; whole: Event[]; bytes: Buffer }> {
    const own = bench({ seconds: 0.01, at: [0.5, 0] });
    const { engine } = own.service;
    const { uid, outcome } = await own.service.start(request, {}, 'tester');
    let taken = 0;
    let isChanged = false;
    engine.onDocuments((documents) => {
      taken += documents.filter((document) => document.name === 'event' && document.doc.data['DET'] !== undefined).length;
      if (taken >= at && !isChanged && engine.state === 'running') engine.pause(when);
    });
    engine.onStatus(({ state }) => {
      if (state !== 'paused' || isChanged) return;
      isChanged = true;
      engine.edit(change, undefined, 'tester');
      engine.resume();
    });
    if (at === 0) engine.pause(when);
    const { journal, exitStatus } = await outcome;
    expect([exitStatus, isChanged]).toEqual(['success', true]);
    const path = journal ?? '';
    return { folder: own.folder, uid, journal: path, whole: events(await readWholeJournal(path)), bytes: readFileSync(path) };
  }

  it.each([
    ['a scan, in the middle of a move', line(6, 3), line(9, 8), 3, 'now'], ['a scan, between two points', line(6, 3), line(5, 8), 2, 'checkpoint'],
    ['a relative scan', relative(6, 3), relative(7, 9), 2, 'now'], ['a count', count(6), count(9), 2, 'checkpoint'],
  ] as const)('goes on with the new ones: %s', async (_name, request, change, at, when) => {
    const { folder, uid, journal, whole, bytes } = await edited(request, change, at, when);
    const records = bytes.toString().trimEnd().split('\n');
    const isChange = (record: string): boolean => record.includes('"plan_args":"{');
    const changedAt = records.findIndex(isChange);
    expect(changedAt).toBeGreaterThan(0);
    for (let keep = changedAt + 1; keep < records.length; keep++) {
      writeFileSync(journal, `${records.slice(0, keep).join('\n')}\n`);
      rmSync(journal.replace('.journal.jsonl', '.nxs'), { force: true });
      writeFileSync(lockPath(journal), JSON.stringify({ pid: 2 ** 22 + 1, started: 'x', host: hostname() }));
      const again = bench({ folder, at: [-7, 3] });
      const sheet = await again.resumer.sheet(uid);
      expect(sheet).toMatchObject({ ok: true, of: whole.length });
      const ended = await (await again.resumer.resume(uid, 'tester')).outcome;
      expect(ended).toMatchObject({ exitStatus: 'success', points: whole.length });
      const taken = events(await readWholeJournal(journal));
      expect(taken.map(({ seq_num, data }) => [seq_num, data['M1']])).toEqual(whole.map(({ seq_num, data }) => [seq_num, data['M1']]));
      expect(again.service.engine.status.of).toBe(whole.length);
    }
  });

  it('can be changed again after it was resumed, and no point is taken twice', async () => {
    const { folder, uid, journal } = await interrupted(line(6, 5), 3);
    const again = bench({ folder, seconds: 0.01 });
    const { engine } = again.service;
    const { outcome } = await again.resumer.resume(uid, 'tester');
    engine.pause('checkpoint');
    while (engine.state !== 'paused') await new Promise((resolve) => setTimeout(resolve, 2));
    const done = engine.status.edit?.done ?? 0;
    engine.edit(line(8, 14), undefined, 'tester');
    engine.resume();
    expect(await outcome).toMatchObject({ exitStatus: 'success', points: 8 });
    const places = events(await readWholeJournal(journal)).map(({ seq_num, data }) => [seq_num, data['M1']]);
    expect(places).toEqual(Array.from({ length: 8 }, (_, index) => [index + 1, index < done ? index : 2 * index]));
    expect(done).toBeGreaterThanOrEqual(3);
  });
});

describe('a run that read on the way', () => {
  it('flies on from where its last sample was taken, each place once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'resume-'));
    const fly: PlanRequest = { plan: 'fly', args: { detectors: ['DET'], axes: axes(['M1', 0, 10]), num: 11, speed: 4 } };
    const at = (time: number) => ({ seconds: 1_700_000_100 + Math.floor(time), nanoseconds: Math.round((time % 1) * 1e9) });
    /** The motor passes these places, with a sample at each. */
    async function pass({ pv, m1, service }: Bench, places: readonly number[], moves: number, time: number): Promise<void> {
      while (m1.moves.length < moves) await new Promise((resolve) => setTimeout(resolve, 2));
      for (const [index, place] of places.entries()) {
        pv.reconnect('M1.RBV', { value: place, timestamp: at(time + index) });
        pv.reconnect('DET', { value: 100 + place, timestamp: at(time + index) });
      }
      pv.reconnect('M1.RBV', { value: (places.at(-1) ?? 0) + 0.1, timestamp: at(time + places.length) });
      while (service.engine.status.points < places.length) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const first = bench({ folder, seconds: 0.4 });
    const { uid, outcome } = await first.service.start(fly, {}, 'tester');
    await pass(first, [0, 1, 2, 3, 4], 2, 1);
    first.service.engine.abort('');
    const { journal } = await outcome;
    const path = journal ?? '';
    // Without its end, as a crash leaves it.
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    writeFileSync(path, `${lines.slice(0, -1).join('\n')}\n`);
    writeFileSync(lockPath(path), JSON.stringify({ pid: 2 ** 22 + 1, started: 'x', host: hostname() }));
    const second = bench({ folder, at: [7, 0], seconds: 0.4 });
    second.pv.set('M1.VELO', 4);
    const sheet = await second.resumer.sheet(uid);
    expect(sheet).toMatchObject({ ok: true, points: 5, adaptive: false, motors: [{ name: 'M1', journal: 4, now: 7, moves: true }] });
    expect(sheet.findings).toEqual([{ level: 'info', field: 'M1', message: 'The run had set the speed (VELO) of M1 to 4 mm/s; it was 1 mm/s before. It is put back at the run\'s end.' }]);
    const resumed = await second.resumer.resume(uid, 'tester');
    // Back to its last sample, then on; a sample at the same place and before is none.
    await pass(second, [3, 4, 5, 6, 7], 2, 50).catch(() => undefined);
    expect((await resumed.outcome).exitStatus).toBe('success');
    expect(second.m1.moves).toEqual([4, 10]);
    expect(second.pv.peek('M1.VELO')?.value).toBe(1);
    const taken = events(await readWholeJournal(path));
    expect(taken.slice(0, 8).map(({ seq_num, data }) => [seq_num, data['M1']])).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((place, index) => [index + 1, expect.closeTo(place, 6) as number]));
  });

  it('of a ramp sets out again from where it was, and reads on the way', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'resume-'));
    const ramp: PlanRequest = { plan: 'ramp_plan', args: { detectors: ['DET'], axes: [{ motor: 'M1', stop: 5 }], period: 0.03, take_pre_data: true, monitor: 'M2' } };
    const first = bench({ folder, seconds: 0.3 });
    const { uid, outcome } = await first.service.start(ramp, {}, 'tester');
    while (first.service.engine.status.points < 4) await new Promise((resolve) => setTimeout(resolve, 2));
    first.service.engine.abort('');
    const path = (await outcome).journal ?? '';
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    writeFileSync(path, `${lines.slice(0, -1).join('\n')}\n`);
    writeFileSync(lockPath(path), JSON.stringify({ pid: 2 ** 22 + 1, started: 'x', host: hostname() }));
    const points = events(await readWholeJournal(path)).length;
    const second = bench({ folder, at: [0, 0], seconds: 0.2 });
    expect(await second.resumer.sheet(uid)).toMatchObject({ ok: true, points });
    const ended = await (await second.resumer.resume(uid, 'tester')).outcome;
    expect(ended.exitStatus).toBe('success');
    expect(second.m1.moves).toEqual([5]);
    const documents = await readWholeJournal(path);
    const taken = events(documents);
    expect(taken.length).toBeGreaterThan(points + 2);
    expect(taken.at(-1)?.data['M1']).toBe(5);
    expect(events(documents, 'M2_monitor').length).toBeGreaterThan(1);
  });
});

describe('what a run records besides its points', () => {
  it('is recorded when it goes on, and at its end', async () => {
    const profile = { baseline: ['M2'], monitors: ['BEAM'] };
    const make = (folder?: string): Bench => {
      const own = bench({ ...(folder === undefined ? {} : { folder }), profile });
      own.pv.add('BEAM', 100, { units: 'mA' });
      return own;
    };
    const first = make();
    const { uid, outcome } = await first.service.start(requests['scan'] as PlanRequest, {}, 'tester');
    const path = (await outcome).journal ?? '';
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    for (const cut of [1, 4]) {
      writeFileSync(path, `${lines.slice(0, -cut).join('\n')}\n`);
      writeFileSync(lockPath(path), JSON.stringify({ pid: 2 ** 22 + 1, started: 'x', host: hostname() }));
      const again = make(first.folder);
      expect((await again.resumer.sheet(uid)).ok).toBe(true);
      expect((await (await again.resumer.resume(uid, 'tester')).outcome).exitStatus).toBe('success');
      const documents = await readWholeJournal(path);
      expect(events(documents)).toHaveLength(7);
      expect(events(documents, 'baseline').length).toBeGreaterThanOrEqual(3);
      expect(events(documents, 'BEAM_monitor').length).toBeGreaterThanOrEqual(2);
    }
  });
});
