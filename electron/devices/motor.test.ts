// What a motor does that does not do what it was told: it stalls, takes too long, runs into a switch.
import { profileSchema } from '@shared/profile';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isMovable, isStoppable, type ActionContext, type Movable } from './device';
import { createDevices } from './index';
import { MemoryPvs } from './memoryPvs';

const context = (signal = new AbortController().signal): ActionContext => ({ signal, writer: { source: 'scan', user: 'tester' }, report: () => undefined });

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

/** A motor whose put-callback never comes by itself. */
async function hanging(options: { speed?: number; acceleration?: number } = {}): Promise<{ pv: MemoryPvs; motor: Movable }> {
  const pv = new MemoryPvs();
  pv.addMotor('M1', { hangs: () => true, low: -10_000, high: 10_000 });
  pv.set('M1.VELO', options.speed ?? 1);
  pv.set('M1.ACCL', options.acceleration ?? 0.1);
  const profile = v.parse(profileSchema, { name: 'test' });
  const found = createDevices({ pv, profile: () => profile }).resolve('M1');
  await vi.advanceTimersByTimeAsync(2000);
  const motor = await found;
  if (!isMovable(motor)) throw new Error('M1 does not move');
  return { pv, motor };
}

/** How the move ended so far. */
function told(moving: Promise<void>): { error: { code: string; message: string } | null; done: boolean } {
  const state: ReturnType<typeof told> = { error: null, done: false };
  moving.then(() => { state.done = true; }, (error: { code: string; message: string }) => { state.error = error; });
  return state;
}

describe('a motor that does not move any more', () => {
  it('has stalled 10 s after its readback changed last', async () => {
    const { pv, motor } = await hanging();
    const move = told(motor.set(100, context()));
    for (let second = 1; second <= 30; second++) {
      await vi.advanceTimersByTimeAsync(1000);
      if (second <= 20) pv.set('M1.RBV', second);
      expect([second, move.error?.code]).toEqual([second, second < 30 ? undefined : 'STALLED']);
    }
    expect(move.error?.message).toBe('M1 has not moved for 10 s: its readback does not change. Check the motor, its amplifier and its brake.');
  });

  it('has not stalled while somebody holds it by SPMG, nor when it goes on', async () => {
    const { pv, motor } = await hanging();
    const move = told(motor.set(100, context()));
    await vi.advanceTimersByTimeAsync(2000);
    pv.set('M1.SPMG', 1);
    await vi.advanceTimersByTimeAsync(60_000);
    pv.set('M1.SPMG', 3);
    await vi.advanceTimersByTimeAsync(9000);
    pv.set('M1.RBV', 100);
    expect([move.error, move.done]).toEqual([null, false]);
  });

  it('does not take too long while it is held', async () => {
    const { pv, motor } = await hanging();
    const move = told(motor.set(1, context()));
    await vi.advanceTimersByTimeAsync(5000);
    pv.set('M1.SPMG', 1);
    await vi.advanceTimersByTimeAsync(3_600_000);
    pv.set('M1.SPMG', 3);
    await vi.advanceTimersByTimeAsync(6700);
    expect(move.error).toBeNull();
    await vi.advanceTimersByTimeAsync(200);
    expect(move.error?.code).toBe('MOVE_TIMEOUT');
  });
});

describe('a motor that takes too long', () => {
  // 10 s and half as much again as distance, speed and acceleration allow.
  it.each([[1, 1, 0.1, 11.8], [100, 1, 0.1, 160.3], [100, 10, 0.1, 25.3], [100, 1, 5, 175], [-40, 0.5, 1, 133]])('%d mm at %d mm/s and %d s to speed: %d s', async (distance, speed, acceleration, limit) => {
    const { pv, motor } = await hanging({ speed, acceleration });
    const move = told(motor.set(distance, context()));
    // It creeps.
    const creeping = setInterval(() => pv.set('M1.RBV', Math.random() * 1e-3), 1000);
    await vi.advanceTimersByTimeAsync(limit * 1000 - 100);
    expect(move.error).toBeNull();
    await vi.advanceTimersByTimeAsync(200);
    clearInterval(creeping);
    expect(move.error).toMatchObject({ code: 'MOVE_TIMEOUT', message: expect.stringMatching(/^M1 did not arrive at -?\d+ mm within \d+ s, which is long for this distance and speed/) as string });
  });
});

describe('a motor that runs into a limit switch', () => {
  it.each([['HLS', 'high', 4], ['LLS', 'low', -4]] as const)('%s', async (field, side, target) => {
    const { pv, motor } = await hanging();
    const move = told(motor.set(target, context()));
    await vi.advanceTimersByTimeAsync(1000);
    pv.set('M1.RBV', target / 2);
    pv.set(`M1.${field}`, 1);
    // The record ends the move where it stands.
    await pv.write('M1.STOP', 1, { source: 'ioc', user: 'record' });
    pv.set('M1.RBV', target / 2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(move.error).toMatchObject({ code: 'NOT_ARRIVED', message: `M1 did not arrive at ${target} mm: it stands at ${target / 2} mm, it reached its ${side} limit switch (${field}). Check the motor, then start again.` });
  });
});

describe('a motor whose put was answered before it was done', () => {
  it('is waited for, although the last update that came says that it rests', async () => {
    const { pv, motor } = await hanging();
    const read = pv.read.bind(pv);
    let isMoving = true;
    // The record knows that it moves, the update of it is still on its way.
    pv.read = async (name) => name === 'M1.DMOV' && isMoving ? { ...await read(name), value: 0, timestamp: { seconds: 1_800_000_000, nanoseconds: 0 } } : read(name);
    const move = told(motor.set(3, context()));
    await vi.advanceTimersByTimeAsync(100);
    await pv.write('M1.STOP', 1, { source: 'ioc', user: 'record' });
    await vi.advanceTimersByTimeAsync(5000);
    expect([move.done, move.error]).toEqual([false, null]);
    isMoving = false;
    pv.set('M1.RBV', 3);
    await vi.advanceTimersByTimeAsync(1500);
    expect([move.done, move.error]).toEqual([true, null]);
  });
});

describe('an abort', () => {
  it('gives the move up at once and leaves the stop to the engine, which is sent', async () => {
    const { pv, motor } = await hanging();
    const controller = new AbortController();
    const move = told(motor.set(5, context(controller.signal)));
    await vi.advanceTimersByTimeAsync(10);
    controller.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(move.error?.code).toBe('INTERRUPTED');
    if (!isStoppable(motor)) throw new Error('a motor stops');
    await motor.stop(context());
    expect(pv.writes.at(-1)).toMatchObject({ pv: 'M1.STOP', value: 1, source: 'stop' });
  });
});
