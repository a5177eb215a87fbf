import type { ComputeTask } from '@shared/computeTasks';
import { describe, expect, it } from 'vitest';
import { secondsLeft, taskDetail, taskGroups } from './taskProgress';

const task = (change: Partial<ComputeTask>): ComputeTask => ({ id: 'a', job: 'fft', on: 'threads', state: 'running', progress: 0.25, queuedAt: 1000, startedAt: 1000, seconds: null, sources: {}, run: null, ...change });

describe('how a job is getting on', () => {
  it('says how long it still takes from what is done, once enough is', () => {
    expect(secondsLeft(task({}), 6000)).toBeCloseTo(15, 9);
    for (const other of [task({ progress: null }), task({ progress: 0.01 }), task({ state: 'done' }), task({ startedAt: null })]) expect(secondsLeft(other, 6000)).toBeNull();
  });
  it('puts it into words', () => {
    expect(taskDetail(task({}), [], 6000)).toBe('runs · 25 % · 5.0 s · 00:15 left');
    expect(taskDetail(task({ state: 'done', seconds: 0.0123, progress: 1 }), [], 6000)).toBe('done · 0.012 s');
    expect(taskDetail(task({ state: 'failed', seconds: 75, on: 'mpi' }), [], 0)).toBe('failed · 01:15 · mpi');
    const waiting = [task({ state: 'queued', startedAt: null, progress: null, queuedAt: 3 }), task({ state: 'queued', queuedAt: 2 }), task({ queuedAt: 1 })];
    expect(taskDetail(waiting[0] ?? task({}), waiting, 0)).toBe('waits · 1 before it');
  });
  it('groups them, the next that waits first', () => {
    const tasks = [task({ id: 'c', state: 'queued' }), task({ id: 'b', state: 'queued' }), task({ id: 'a', state: 'failed' })];
    expect(taskGroups(tasks).map(({ title, tasks: own }) => [title, own.map(({ id }) => id)])).toEqual([['Waiting', ['b', 'c']], ['Done', ['a']]]);
    expect(taskGroups([])).toEqual([]);
  });
});
