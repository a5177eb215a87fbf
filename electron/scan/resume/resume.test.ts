import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event, RunDocument } from '@shared/documents';
import type { PlanRequest } from '@shared/plans';
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
  if (options.without !== 'DET') pv.add('DET', peak(options.at?.[0] ?? 0), { units: 'counts' });
  pv.watch('M1.RBV', ({ value }) => { if (pv.peek('DET')?.connection === 'connected') pv.set('DET', peak(Number(value))); });
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
    await expect(resumer.sheet(uid)).rejects.toThrow(/was not resumed: it has ended already \(success\)/);
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
