// When a positioner has arrived: by "done", by its readback, and after it has settled.
import { profileSchema, type ProfileDevice } from '@shared/profile';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isMovable, type ActionContext, type Movable } from './device';
import { createDevices } from './index';
import { MemoryPvs } from './memoryPvs';

const context = (): ActionContext => ({ signal: new AbortController().signal, writer: { source: 'scan', user: 'tester' }, report: () => undefined });

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

async function made(more: Partial<ProfileDevice>, kind: 'positioner' | 'motor' = 'positioner'): Promise<{ pv: MemoryPvs; device: Movable }> {
  const pv = new MemoryPvs();
  pv.add('SP', 0, { units: 'mm', control: { low: 0, high: 20 } });
  pv.add('RB', 0, { units: 'mm' });
  pv.add('DONE', 1);
  pv.addMotor('M');
  const profile = v.parse(profileSchema, { name: 'test', devices: [{ name: 'gap', kind, pv: kind === 'motor' ? 'M' : 'SP', ...more }] });
  const found = createDevices({ pv, profile: () => profile }).resolve('gap');
  await vi.advanceTimersByTimeAsync(2000);
  const device = await found;
  if (!isMovable(device)) throw new Error('gap does not move');
  return { pv, device };
}

function told(moving: Promise<void>): { end: string } {
  const state = { end: '' };
  moving.then(() => { state.end = 'arrived'; }, (error: { code: string; message: string }) => { state.end = `${error.code}: ${error.message}`; });
  return state;
}

describe('a positioner', () => {
  it('with a tolerance has arrived when its readback is that near, not when its put was answered', async () => {
    const { pv, device } = await made({ readback: 'RB', tolerance: 0.1 });
    const move = told(device.set(5, context()));
    for (const [place, end] of [[2, ''], [4.85, ''], [4.95, 'arrived']] as const) {
      pv.set('RB', place);
      await vi.advanceTimersByTimeAsync(1000);
      expect([place, move.end]).toEqual([place, end]);
    }
    expect([device.isAt(5), device.isAt(5.2), device.travel.position]).toEqual([true, false, 4.95]);
  });

  it('whose readback does not come says so after ten minutes', async () => {
    const { device } = await made({ readback: 'RB', tolerance: 0.1 });
    const move = told(device.set(5, context()));
    await vi.advanceTimersByTimeAsync(599_000);
    expect(move.end).toBe('');
    await vi.advanceTimersByTimeAsync(2000);
    expect(move.end).toMatch(/^NOT_ARRIVED: gap did not arrive: RB is not within 0\.1 of 5 after 600 s\./);
  });

  it('with a "done" waits for it, and says so where it does not come', async () => {
    const { pv, device } = await made({ done: 'DONE' });
    pv.set('DONE', 0);
    const move = told(device.set(5, context()));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(move.end).toBe('');
    pv.set('DONE', 1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(move.end).toBe('arrived');
    pv.set('DONE', 0);
    const late = told(device.set(6, context()));
    await vi.advanceTimersByTimeAsync(602_000);
    expect(late.end).toMatch(/^NOT_ARRIVED: gap did not report that it is done \(DONE\) within 600 s/);
  });

  it('is not set beyond its limits', async () => {
    const { pv, device } = await made({});
    await expect(device.set(21, context())).rejects.toMatchObject({ code: 'OUT_OF_LIMITS', message: 'gap was not set: 21 mm is above its high limit (20 mm). Enter at most 20.' });
    expect(pv.writes).toEqual([]);
  });
});

describe('a device that settles', () => {
  it.each(['positioner', 'motor'] as const)('is waited for after it has arrived: %s', async (kind) => {
    const { device } = await made({ settle: 3 }, kind);
    const move = told(device.set(5, context()));
    await vi.advanceTimersByTimeAsync(2900);
    expect([move.end, device.isAt(5)]).toEqual(['', true]);
    await vi.advanceTimersByTimeAsync(200);
    expect(move.end).toBe('arrived');
  });
});
