import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PvFrame, PvState } from '@shared/pv';
import { deltaOf, FrameFeed } from './frameFeed';

const state = (pv: string, value: number, more: Partial<PvState> = {}): PvState => ({
  pv, connection: 'connected', value, severity: 'NO_ALARM', status: 'NO_ALARM', timestamp: { seconds: value, nanoseconds: 0 }, staleSince: null, units: 'mm', ...more,
});

let listeners: Map<string, Set<(state: PvState) => void>>;
let feed: FrameFeed;
let frames: PvFrame[];
const post = (next: PvState) => { for (const listener of listeners.get(next.pv) ?? []) listener(next); };

beforeEach(() => {
  vi.useFakeTimers();
  listeners = new Map();
  frames = [];
  feed = new FrameFeed((pv, listener) => {
    const set = listeners.get(pv) ?? new Set();
    listeners.set(pv, set.add(listener));
    return { dispose: () => set.delete(listener) };
  });
});
afterEach(() => {
  feed.dispose();
  vi.useRealTimers();
});

describe('frames', () => {
  it('carry the latest value of each PV, and say how many there were', () => {
    feed.listen((frame) => frames.push(frame));
    feed.attach(['A', 'B']);
    post(state('A', 1));
    post(state('A', 2));
    post(state('B', 5));
    vi.advanceTimersByTime(1);
    expect(frames).toEqual([{ deltas: [{ ...state('A', 2), whole: true }, { ...state('B', 5), whole: true }], received: 3 }]);
  });

  it('then only what changed', () => {
    feed.listen((frame) => frames.push(frame));
    feed.attach(['A']);
    post(state('A', 1));
    vi.advanceTimersByTime(20);
    post(state('A', 2));
    vi.advanceTimersByTime(20);
    expect(frames[1]).toEqual({ deltas: [{ pv: 'A', value: 2, timestamp: { seconds: 2, nanoseconds: 0 } }], received: 1 });
  });

  it('come at most 60 times a second, whatever the PVs do', () => {
    feed.listen((frame) => frames.push(frame));
    feed.attach(['A']);
    for (let i = 0; i < 1000; i += 1) {
      post(state('A', i));
      vi.advanceTimersByTime(1);
    }
    expect(frames.length).toBeGreaterThan(50);
    expect(frames.length).toBeLessThanOrEqual(60);
    expect(frames.reduce((sum, frame) => sum + frame.received, 0)).toBeGreaterThan(980);
  });

  it('wait for a window that lags; what it gets then is the latest', () => {
    feed.listen((frame) => frames.push(frame));
    feed.attach(['A']);
    feed.seen(1);
    for (let i = 1; i <= 100; i += 1) {
      post(state('A', i));
      vi.advanceTimersByTime(20);
    }
    expect(frames).toHaveLength(3);
    feed.seen(3);
    vi.advanceTimersByTime(20);
    expect(frames).toHaveLength(4);
    expect(frames[3]).toMatchObject({ deltas: [{ pv: 'A', value: 100 }], received: 97 });
  });

  it('begin with all that is known for a listener that comes late', () => {
    feed.attach(['A']);
    post(state('A', 1));
    vi.advanceTimersByTime(100);
    feed.listen((frame) => frames.push(frame));
    vi.advanceTimersByTime(20);
    expect(frames[0]?.deltas).toEqual([{ ...state('A', 1), whole: true }]);
  });

  it('end for a PV when its last user has left it', () => {
    feed.listen((frame) => frames.push(frame));
    feed.attach(['A']);
    feed.attach(['A']);
    feed.detach(['A']);
    expect(listeners.get('A')?.size).toBe(1);
    feed.detach(['A']);
    expect(listeners.get('A')?.size).toBe(0);
    feed.detach(['A', 'never']);
    vi.advanceTimersByTime(100);
    expect(frames).toEqual([]);
  });
});

describe('a delta', () => {
  it('has no metadata that did not change, though its objects are new', () => {
    const limits = (high: number) => ({ control: { low: 0, high }, states: ['a', 'b'] });
    expect(deltaOf(state('A', 1, limits(5)), state('A', 1, limits(5)))).toBeNull();
    expect(deltaOf(state('A', 1, limits(5)), state('A', 1, limits(6)))).toEqual({ pv: 'A', control: { low: 0, high: 6 } });
  });

  it('is whole when something is gone', () => {
    const { units: _units, ...bare } = state('A', 1);
    expect(deltaOf(state('A', 1), bare)).toEqual({ ...bare, whole: true });
  });

  it('carries an array whenever a new one came, without looking into it', () => {
    const one = state('A', 1, { value: Float64Array.of(1) });
    expect(deltaOf(one, { ...one, value: Float64Array.of(1) })).toHaveProperty('value');
    expect(deltaOf(one, { ...one })).toBeNull();
  });
});
