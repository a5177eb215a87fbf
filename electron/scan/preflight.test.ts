import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { profileSchema } from '@shared/profile';
import type { PlanRequest } from '@shared/plans';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createDevices } from '../devices';
import { MemoryPvs } from '../devices/memoryPvs';
import { MemorySink } from './engine/memorySink';
import { ScanService } from './scanService';

function service(profile: object = {}): { service: ScanService; pv: MemoryPvs; sink: MemorySink } {
  const pv = new MemoryPvs();
  pv.addMotor('M1', { low: -10, high: 10 });
  pv.addMotor('M2');
  pv.add('I0', 1);
  pv.add('READONLY', 1, { access: { read: true, write: false } });
  const sink = new MemorySink();
  const checked = v.parse(profileSchema, { name: 'test', ...profile });
  return { service: new ScanService({ pv, devices: createDevices({ pv, profile: () => checked }), profile: () => checked, sink }), pv, sink };
}
const line = (motor: string, start: number, stop: number, num: number, detectors = ['I0']): PlanRequest => ({ plan: 'scan', args: { detectors, num, axes: [{ motor, start, stop }] } });

describe('preflight', () => {
  it('tells points, path, limits, duration and size', async () => {
    const sheet = await service().service.preflight(line('M1', 0, 5, 11));
    expect(sheet).toMatchObject({ ok: true, points: 11, findings: [], folder: '/memory', axes: [{ motor: 'M1', units: 'mm', from: 0, to: 5, now: 0, low: -10, high: 10 }] });
    expect(sheet.path).toHaveLength(11);
    // 10 steps of 0.5 mm at 1 mm/s with 0.1 s to speed: 0.6 s each; and 0.02 s a point.
    expect(sheet.duration).toBeCloseTo(10 * 0.6 + 11 * 0.02, 6);
    expect(sheet.bytes).toBeGreaterThan(11 * 250);
  });
  it('takes the pace of a count', async () => {
    const sheet = await service().service.preflight({ plan: 'count', args: { detectors: ['I0'], num: 11, delay: 2 } });
    expect(sheet.duration).toBe(20);
  });
  it('carries at most 1,000 rows of a long path, first to last', async () => {
    const sheet = await service().service.preflight(line('M1', 0, 1, 50_001));
    expect(sheet.path.length).toBeLessThanOrEqual(1000);
    expect(sheet.path.length).toBeGreaterThan(900);
  });
  it('names the motor beyond its limits, with the end that is', async () => {
    const sheet = await service().service.preflight(line('M1', 0, 12.5, 11));
    expect(sheet.ok).toBe(false);
    expect(sheet.findings).toEqual([{
      level: 'error', field: 'M1',
      message: "M1 would be moved to 12.5 mm, above its high limit (HLM 10 mm). Enter at most 10, or raise the limit in the motor's settings.",
    }]);
  });
  it('names what is not connected, can not be moved, or is named twice', async () => {
    const { service: scans } = service({ devices: [{ name: 'counter', kind: 'counter', pv: 'I0' }] });
    expect((await scans.preflight(line('NOPE', 0, 1, 3))).findings).toMatchObject([{ field: 'NOPE', level: 'error' }]);
    expect((await scans.preflight(line('counter', 0, 1, 3))).findings[0]?.message).toMatch(/can not be moved/);
    expect((await scans.preflight(line('READONLY', 0, 1, 3))).findings[0]?.message).toMatch(/allows no writing/);
    const twice: PlanRequest = { plan: 'scan', args: { detectors: ['I0'], num: 3, axes: [{ motor: 'M1', start: 0, stop: 1 }, { motor: 'M1', start: 2, stop: 3 }] } };
    expect((await scans.preflight(twice)).findings[0]?.message).toMatch(/named twice/);
  });
  it('warns of a suspender that would hold it', async () => {
    const { service: scans, pv } = service({ suspenders: [{ pv: 'RING', low: 50 }] });
    pv.add('RING', 3, { units: 'mA' });
    const sheet = await scans.preflight(line('M1', 0, 1, 3));
    expect(sheet).toMatchObject({ ok: true, findings: [{ level: 'warning', field: 'RING', message: 'The scan will wait: RING is 3 mA, below 50 mA. It goes on at 50 mA or more.' }] });
  });
  it.each([
    [{ kind: 'floor', low: 50, resume: 80, settle: 10 }, 3, 'It goes on at 80 mA or more, 10 s later.'], [{ kind: 'ceiling', high: 2 }, 3, 'It goes on at 2 mA or less.'],
    [{ low: 1, high: 2 }, 3, 'It goes on between 1 mA and 2 mA.'], [{ kind: 'boolean' }, 1, 'It goes on when it is closed.'], [{ kind: 'boolean', holdsWhen: false }, 0, 'It goes on when it is open.'],
    [{ kind: 'changed', expected: 'open' }, 0, 'It goes on when it is open again.'], [{ kind: 'changed', expected: 1 }, 0, 'It goes on when it is open again.'],
  ])('says when a scan goes on that %o would hold', async (suspender, value, says) => {
    const { service: scans, pv } = service({ suspenders: [{ pv: 'P', ...suspender }] });
    pv.add('P', value, { units: 'mA', states: ['closed', 'open'] });
    expect((await scans.preflight(line('M1', 0, 1, 3))).findings.map(({ message }) => message.slice(message.indexOf('It goes on')))).toEqual([says]);
  });
  it('takes for a point what one took in the run before, with the same detectors', async () => {
    const { service: scans, pv } = service();
    // Asked for at each point.
    const read = pv.read.bind(pv);
    pv.read = async (name) => {
      if (name === 'I0') await new Promise((resolve) => setTimeout(resolve, 60));
      return read(name);
    };
    pv.set('M1.VELO', 1e6);
    pv.set('M1.ACCL', 0);
    const asked = line('M1', 0, 1, 4);
    expect((await scans.preflight(asked)).pointTime).toMatchObject({ overhead: 0.02, measured: false });
    await (await scans.start(asked, {}, 'tester')).outcome;
    const { pointTime, duration } = await scans.preflight(line('M1', 0, 1, 10));
    expect(pointTime?.measured).toBe(true);
    expect(pointTime?.overhead).toBeGreaterThanOrEqual(0.05);
    expect(duration).toBeCloseTo(10 * (pointTime?.overhead ?? 0), 3);
    expect((await scans.preflight(line('M1', 0, 1, 10, ['READONLY']))).pointTime?.measured).toBe(false);
  });
  it('knows after a restart what a point took', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'preflight-'));
    const { pv } = service();
    const profile = v.parse(profileSchema, { name: 'test' });
    const made = (): ScanService => new ScanService({ pv, devices: createDevices({ pv, profile: () => profile }), profile: () => profile, sink: new MemorySink(), overheadsFile: join(folder, 'overheads.json') });
    const first = made();
    await (await first.start(line('M1', 0, 1, 4), {}, 'tester')).outcome;
    await first.settled;
    const { pointTime } = await first.preflight(line('M1', 0, 1, 10));
    expect(pointTime?.measured).toBe(true);
    expect((await made().preflight(line('M1', 0, 1, 10))).pointTime?.overhead).toBe(pointTime?.overhead);
    rmSync(folder, { recursive: true });
  });
  it('refuses a folder that can not be written, but not for a move', async () => {
    const { service: scans, sink } = service();
    sink.full = true;
    expect(await scans.preflight(line('M1', 0, 1, 3))).toMatchObject({ ok: false, findings: [{ field: 'folder' }] });
    expect(await scans.preflight({ plan: 'move', args: { axes: [{ motor: 'M1', position: 1 }] } })).toMatchObject({ ok: true });
  });
  it('of a hundred plans is quick to make, and start says what stands in the way', async () => {
    const { service: scans } = service();
    const sheets = await Promise.all(Array.from({ length: 100 }, (_, index) => scans.preflight(line('M1', 0, index / 5, 101))));
    expect(sheets.filter((sheet) => sheet.ok)).toHaveLength(51);
    await expect(scans.start(line('M1', 0, 99, 3), {}, 'tester')).rejects.toMatchObject({ code: 'PREFLIGHT', message: expect.stringContaining('99 mm, above') });
    expect(scans.engine.state).toBe('idle');
  });
});

describe('a profile that changes while a scan is checked', () => {
  it('keeps the scan from starting on another control system', async () => {
    const pv = new MemoryPvs();
    pv.addMotor('M1', { low: -10, high: 10 });
    pv.add('I0', 1);
    const [one, two] = ['one', 'two'].map((name) => v.parse(profileSchema, { name }));
    let active = one;
    const profile = () => active ?? v.parse(profileSchema, { name: 'none' });
    const scans = new ScanService({ pv, devices: createDevices({ pv, profile }), profile, sink: new MemorySink() });
    const starting = scans.start(line('M1', 0, 1, 3), {}, 'tester');
    active = two;
    await expect(starting).rejects.toMatchObject({ code: 'PROFILE_CHANGED' });
    expect(pv.writes).toEqual([]);
    expect(scans.engine.state).toBe('idle');
  });
});

describe('a profile that is being changed', () => {
  function own(folder: string): { pv: MemoryPvs; scans: ScanService; is: { switching: boolean } } {
    const pv = new MemoryPvs();
    pv.addMotor('M1', { low: -10, high: 10 });
    pv.add('I0', 1);
    const one = v.parse(profileSchema, { name: folder });
    const is = { switching: true };
    return { pv, is, scans: new ScanService({ pv, devices: createDevices({ pv, profile: () => one }), profile: () => one, sink: new MemorySink(), switching: () => is.switching }) };
  }
  it('starts no scan until it is over', async () => {
    const { pv, scans, is } = own('one');
    await expect(scans.start(line('M1', 0, 1, 3), {}, 'tester')).rejects.toMatchObject({ code: 'PROFILE_CHANGED', message: expect.stringContaining('Wait a moment') as string });
    is.switching = false;
    const starting = scans.start(line('M1', 0, 1, 3), {}, 'tester');
    // It begins while the plan is checked.
    is.switching = true;
    await expect(starting).rejects.toMatchObject({ code: 'PROFILE_CHANGED' });
    expect([pv.writes, scans.engine.state]).toEqual([[], 'idle']);
    is.switching = false;
    expect((await (await scans.start(line('M1', 0, 1, 3), {}, 'tester')).outcome).exitStatus).toBe('success');
  });
});

describe('documents for one who comes late', () => {
  it('begin with the start, in order, none twice', async () => {
    const { service: scans, pv } = service();
    pv.addMotor('SLOW', { seconds: 0.01 });
    const { outcome } = await scans.start(line('SLOW', 0, 19, 20), {}, 'tester');
    const heard: string[][] = [[], []];
    await new Promise((resolve) => setTimeout(resolve, 60));
    const listeners = heard.map((list) => scans.documents((documents) => {
      for (const { name, doc } of documents) list.push(name === 'event' ? String(doc.seq_num) : name);
    }));
    await outcome;
    listeners.forEach((listener) => listener.dispose());
    const all = ['start', 'descriptor', ...Array.from({ length: 20 }, (_, index) => String(index + 1)), 'stop'];
    expect(heard).toEqual([all, all]);
  });
});
