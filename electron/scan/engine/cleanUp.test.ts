import type { Message, MessageResult } from '@shared/messages';
import { profileSchema } from '@shared/profile';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createDevices } from '../../devices';
import { MemoryPvs } from '../../devices/memoryPvs';
import { Engine } from './engine';
import { MemorySink } from './memorySink';

/** Moves away slowly, and whatever happens back to 0 in two steps, as relative plans do. */
function* thereAndBack(): Generator<Message, void, MessageResult> {
  try {
    yield { command: 'set', device: 'M1', value: 5, group: 'move' };
    yield { command: 'wait', group: 'move' };
  } finally {
    for (const value of [1, 0]) {
      yield { command: 'set', device: 'M1', value, group: 'back' };
      yield { command: 'wait', group: 'back' };
    }
  }
}

function bench(seconds: number, slowToFind = false) {
  const pv = new MemoryPvs();
  const m1 = pv.addMotor('M1', { seconds });
  const profile = v.parse(profileSchema, { name: 'test' });
  const devices = createDevices({ pv, profile: () => profile });
  if (slowToFind) {
    const find = devices.resolve.bind(devices);
    // It does not heed the signal, as a device that was being made for another plan.
    devices.resolve = async (name) => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return find(name);
    };
  }
  const engine = new Engine({
    devices, sink: new MemorySink(), watchPv: (name, listener) => pv.watch(name, listener), suspenders: () => [],
  });
  const { outcome } = engine.start({ plan: thereAndBack(), planName: 'test', title: 'test', points: null, user: 'tester', metadata: {} });
  const moved = async (count: number): Promise<void> => {
    while (m1.moves.length < count) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));
  return { engine, m1, outcome, moved, rest };
}

describe('a plan that moves back at its end', () => {
  it('moves nothing any more after an abort', async () => {
    const { engine, m1, outcome, moved, rest } = bench(0.2);
    await moved(1);
    engine.abort('');
    expect((await outcome).exitStatus).toBe('abort');
    await rest();
    expect(m1.moves).toEqual([5]);
    expect(m1.stops()).toBe(1);
  });
  it('moves nothing any more after STOP', async () => {
    const { engine, m1, outcome, moved, rest } = bench(0.2);
    await moved(1);
    await engine.stopAll('tester');
    await outcome;
    await rest();
    expect(m1.moves).toEqual([5]);
  });
  it('moves back after a stop', async () => {
    const { engine, m1, outcome, moved } = bench(0.05);
    await moved(1);
    engine.stop();
    expect((await outcome).exitStatus).toBe('success');
    expect(m1.moves).toEqual([5, 1, 0]);
    expect(m1.position()).toBe(0);
  });
  it('is stopped on its way back by an abort, and goes no further', async () => {
    const { engine, m1, outcome, moved, rest } = bench(0.2);
    await moved(1);
    engine.stop();
    await moved(2);
    engine.abort('');
    expect((await outcome).exitStatus).toBe('abort');
    expect(m1.stops()).toBe(2);
    await rest();
    expect(m1.moves).toEqual([5, 1]);
  });
  it('whose motor is found only after an abort does not move it', async () => {
    const { engine, m1, outcome, rest } = bench(0.2, true);
    await new Promise((resolve) => setTimeout(resolve, 10));
    engine.abort('');
    await outcome;
    await rest();
    expect(m1.moves).toEqual([]);
  });
});
