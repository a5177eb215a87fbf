import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlanRequest } from '@shared/plans';
import { profileSchema } from '@shared/profile';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { readWholeJournal } from '../../data/journal/reader';
import { lockPath } from '../../data/runNames';
import { createRunStore, type RunStore } from '../../data/runStore';
import { createDevices } from '../../devices';
import { MemoryPvs } from '../../devices/memoryPvs';
import { ScanService } from '../scanService';
import { Resumer } from './resumeRun';

interface Bench { readonly pv: MemoryPvs; readonly store: RunStore; readonly service: ScanService; readonly resumer: Resumer; readonly folder: string; readonly is: { switching: boolean } }

const folders: string[] = [];
afterEach(() => { for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true }); });

function bench(options: { folder?: string; name?: string; seconds?: number } = {}): Bench {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'left-'));
  folders.push(folder);
  const pv = new MemoryPvs();
  pv.addMotor('M1', { seconds: options.seconds ?? 0.2 });
  pv.add('DET', 1, { timestamp: null });
  for (const [name, value] of Object.entries({ Acquire: 0, ArrayCounter_RBV: 1, AcquireTime: 0.01, ArraySizeX_RBV: 2, ArraySizeY_RBV: 1 })) pv.add(`CAM:cam1:${name}`, value);
  pv.add('CAM:cam1:ImageMode', 2, { states: ['Single', 'Multiple', 'Continuous'] });
  pv.add('CAM:image1:ArrayData', Uint16Array.of(1, 2), { timestamp: null });
  const profile = v.parse(profileSchema, { name: options.name ?? 'test', devices: [{ name: 'camera', kind: 'camera', pv: 'CAM' }] });
  const is = { switching: false };
  const store = createRunStore({ folder: () => folder, version: '1', makeNexus: (_journal, target) => Promise.resolve(writeFileSync(target, 'x')) });
  const devices = createDevices({ pv, profile: () => profile });
  const service = new ScanService({ pv, devices, profile: () => profile, sink: store, switching: () => is.switching });
  return { pv, store, service, folder, is, resumer: new Resumer({ engine: service.engine, store, pv, devices, profile: () => profile, switching: () => is.switching }) };
}

const fly = (speed: number, detectors = ['DET']): PlanRequest => ({ plan: 'fly', args: { detectors, axes: [{ motor: 'M1', start: 0, stop: 10 }], speed } });

/** A flight whose program dies while the motor flies, with the speed that it set. */
async function crashed(request: PlanRequest): Promise<{ folder: string; uid: string; journal: string }> {
  const { service, pv, folder } = bench({ seconds: 0.3 });
  pv.set('M1.VELO', 3);
  const { uid, outcome } = await service.start(request, {}, 'tester');
  while (service.engine.file === null || !readFileSync(service.engine.file.journal, 'utf8').includes('"setting":"speed"')) await new Promise((resolve) => setTimeout(resolve, 5));
  const { journal } = service.engine.file;
  const bytes = readFileSync(journal);
  service.engine.halt();
  await (await outcome).derived;
  writeFileSync(journal, bytes);
  rmSync(journal.replace('.journal.jsonl', '.nxs'));
  writeFileSync(lockPath(journal), JSON.stringify({ pid: 2 ** 22 + 1, started: 'x', host: hostname() }));
  return { folder, uid, journal };
}

const speedOf = ({ pv }: Bench): unknown => pv.peek('M1.VELO')?.value;

describe('a speed that a run had set when its program died', () => {
  it('is put back where the run is abandoned, by the gate, and the run says so', async () => {
    const { folder, uid } = await crashed(fly(0.5));
    const again = bench({ folder });
    again.pv.set('M1.VELO', 0.5);
    expect(await again.resumer.left(uid)).toMatchObject([{ device: 'M1', setting: 'speed', before: 3, set: 0.5, now: 0.5, stands: true }]);
    const { run, done, problems } = await again.resumer.abandon(uid, 'tester');
    expect([done, problems]).toEqual([['The speed (VELO) of M1 was put back to 3 mm/s.'], []]);
    expect(run).toMatchObject({ exitStatus: 'abort', reason: 'Abandoned after an interruption. The speed (VELO) of M1 was put back to 3 mm/s.' });
    expect(again.pv.writes).toEqual([{ pv: 'M1.VELO', value: 3, source: 'scan' }]);
    expect(speedOf(again)).toBe(3);
  });

  it('is put back at the end where the run goes on, and told only once', async () => {
    const { folder, uid, journal } = await crashed(fly(0.5));
    const again = bench({ folder, seconds: 0.05 });
    again.pv.set('M1.VELO', 0.5);
    expect((await (await again.resumer.resume(uid, 'tester')).outcome).exitStatus).toBe('success');
    expect(speedOf(again)).toBe(3);
    const documents = await readWholeJournal(journal);
    const stop = documents.findIndex(({ name }) => name === 'stop');
    expect(documents.slice(stop)).toHaveLength(1);
  });

  it('stays as it is where somebody changed it since: after the run, too', async () => {
    const { folder, uid } = await crashed(fly(0.5));
    const again = bench({ folder, seconds: 0.05 });
    again.pv.set('M1.VELO', 7);
    const sheet = await again.resumer.sheet(uid);
    expect(sheet.findings).toEqual([{ level: 'warning', field: 'M1', message: 'The run had set the speed (VELO) of M1 to 0.5 mm/s; it was 3 mm/s before. It is 7 mm/s now, changed since, and stays so.' }]);
    await (await again.resumer.resume(uid, 'tester')).outcome;
    expect(speedOf(again)).toBe(7);
  });

  it('is nothing to tell of where it is what it was before', async () => {
    const { folder, uid } = await crashed(fly(0.5));
    const again = bench({ folder });
    again.pv.set('M1.VELO', 3);
    expect(await again.resumer.left(uid)).toEqual([]);
    expect((await again.resumer.abandon(uid, 'tester')).run.reason).toBe('Abandoned after an interruption.');
    expect(again.pv.writes).toEqual([]);
  });

  it('is not touched with another profile, nor where the motor does not answer: the run is closed, and that is said', async () => {
    const other = bench({ folder: (await crashed(fly(0.5))).folder, name: 'other' });
    other.pv.set('M1.VELO', 0.5);
    const [run] = await other.store.list();
    const closed = await other.resumer.abandon(run?.uid ?? '', 'tester');
    expect([other.pv.writes, closed.run.exitStatus, closed.problems[0]]).toEqual([[], 'abort', expect.stringContaining('It was with the profile "test", the one in use is "other": put it back yourself.') as string]);
    const gone = bench({ folder: (await crashed(fly(0.5))).folder });
    gone.pv.disconnect('M1.RBV');
    const [second] = await gone.store.list();
    expect((await gone.resumer.abandon(second?.uid ?? '', 'tester')).problems[0]).toMatch(/had set the speed of M1 to 0\.5; it was 3 before\. .*not connected.* Put it back yourself/);
  });

  it('is not put back while another scan runs', async () => {
    const { folder, uid } = await crashed(fly(0.5));
    const again = bench({ folder, seconds: 0.3 });
    again.pv.set('M1.VELO', 0.5);
    const { outcome } = await again.service.start({ plan: 'move', args: { axes: [{ motor: 'M1', position: 2 }] } }, {}, 'tester');
    await expect(again.resumer.abandon(uid, 'tester')).rejects.toMatchObject({ code: 'BUSY' });
    await outcome;
    expect((await again.resumer.abandon(uid, 'tester')).done).toHaveLength(1);
  });

  it('is not put back while a scan of another program runs with that motor', async () => {
    const { folder, uid } = await crashed(fly(0.5));
    const again = bench({ folder });
    again.pv.set('M1.VELO', 0.5);
    const other = bench({ folder, seconds: 0.3 });
    const { outcome } = await other.service.start({ plan: 'scan', args: { detectors: ['DET'], num: 3, axes: [{ motor: 'M1', start: 0, stop: 1 }] } }, {}, 'tester');
    while (other.service.engine.file === null) await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(again.resumer.abandon(uid, 'tester')).rejects.toMatchObject({ code: 'BUSY', message: expect.stringMatching(/left a setting of M1 changed, and run 2 is running with that device\. Wait for its end/) as string });
    expect(again.pv.writes).toEqual([]);
    await (await outcome).derived;
    expect((await again.resumer.abandon(uid, 'tester')).done).toHaveLength(1);
  });

  it('is being put back: no scan starts meanwhile, nor does anybody else close the run or go on with it', async () => {
    const { folder, uid } = await crashed(fly(0.5));
    const [again, other] = [bench({ folder, seconds: 0.01 }), bench({ folder })];
    for (const { pv } of [again, other]) pv.set('M1.VELO', 0.5);
    const write = again.pv.write.bind(again.pv);
    let letGo: () => void = () => undefined;
    again.pv.write = async (name, value, ...rest) => {
      if (name === 'M1.VELO' && value === 3) await new Promise<void>((resolve) => { letGo = resolve; });
      return write(name, value, ...rest);
    };
    const nothing = letGo;
    const abandoning = again.resumer.abandon(uid, 'tester');
    while (letGo === nothing) await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(again.service.start(fly(2), {}, 'tester')).rejects.toMatchObject({ code: 'BUSY', message: expect.stringContaining('An interrupted run is being closed') as string });
    await expect(again.resumer.resume(uid, 'tester')).rejects.toMatchObject({ code: 'BUSY' });
    await expect(other.resumer.abandon(uid, 'tester')).rejects.toMatchObject({ code: 'NOT_INTERRUPTED' });
    await expect(other.resumer.resume(uid, 'tester')).rejects.toMatchObject({ code: 'NOT_INTERRUPTED' });
    letGo();
    expect((await abandoning).done).toHaveLength(1);
    expect(other.pv.writes).toEqual([]);
    const started = await again.service.start({ plan: 'move', args: { axes: [{ motor: 'M1', position: 2 }] } }, {}, 'tester');
    expect((await started.outcome).exitStatus).toBe('success');
  });

  it('stays as somebody chose it while the run was being opened to be closed', async () => {
    const { folder, uid } = await crashed(fly(0.5));
    const again = bench({ folder });
    again.pv.set('M1.VELO', 0.5);
    const abandon = again.store.abandon.bind(again.store);
    again.store.abandon = (run, before) => {
      again.pv.set('M1.VELO', 2);
      return abandon(run, before);
    };
    const { done, problems } = await again.resumer.abandon(uid, 'tester');
    expect([done, problems]).toEqual([[], ['The run had set the speed (VELO) of M1 to 0.5 mm/s; it was 3 mm/s before. It is 2 mm/s now, changed since, and stays so.']]);
    expect([again.pv.writes, speedOf(again)]).toEqual([[], 2]);
  });

  it('was put back by a run of a sequence at its own end, before its journal had one', async () => {
    const { service, pv } = bench({ seconds: 0.02 });
    pv.set('M1.VELO', 3);
    const speeds: unknown[] = [];
    service.engine.onDocuments((documents) => { for (const { name } of documents) if (name === 'stop') speeds.push(pv.peek('M1.VELO')?.value); });
    const { outcome } = await service.start({ plan: 'sequence', args: { plans: [fly(0.5), { plan: 'count', args: { detectors: ['DET'], num: 1, delay: 0 } }] } }, {}, 'tester');
    await outcome;
    expect(speeds).toEqual([3, 3]);
  });
});

describe('a camera that a run had taken out of continuous mode', () => {
  it('returns to it, also after a crash', async () => {
    const { folder, uid } = await crashed(fly(0.5, ['DET', 'camera']));
    const again = bench({ folder });
    again.pv.set('M1.VELO', 3);
    again.pv.set('CAM:cam1:ImageMode', 0);
    expect((await again.resumer.left(uid)).map(({ told }) => told)).toEqual(['The run had set the ImageMode of camera to Single; it was Continuous before.']);
    expect((await again.resumer.abandon(uid, 'tester')).done).toEqual(['The ImageMode of camera was put back to Continuous.']);
    expect(again.pv.peek('CAM:cam1:ImageMode')?.value).toBe(2);
  });
});

describe('a profile that is being changed', () => {
  it('lets no run go on', async () => {
    const { folder, uid } = await crashed(fly(0.5));
    const again = bench({ folder });
    again.is.switching = true;
    await expect(again.resumer.resume(uid, 'tester')).rejects.toMatchObject({ code: 'PROFILE_CHANGED' });
    expect(again.service.engine.state).toBe('idle');
  });
});
