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
    expect(sheet).toMatchObject({ ok: true, findings: [{ level: 'warning', field: 'RING' }] });
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
