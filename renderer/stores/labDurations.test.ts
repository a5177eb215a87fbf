import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { experimentsToCome, rememberSeconds, secondsOfAll } from './labDurations';

describe('how long experiments take', () => {
  const kept = new Map<string, string>();
  beforeEach(() => {
    kept.clear();
    vi.stubGlobal('localStorage', { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value) });
  });
  afterEach(() => vi.unstubAllGlobals());

  it('adds what was measured last, quick and full apart, and knows nothing of one that never was', () => {
    rememberSeconds('race', true, 9.04);
    rememberSeconds('hog', true, 4);
    rememberSeconds('hog', true, 5);
    expect(secondsOfAll(['race', 'hog'], true)).toBe(14);
    expect(secondsOfAll([], true)).toBe(0);
    expect(secondsOfAll(['race', 'ui'], true)).toBeNull();
    expect(secondsOfAll(['race'], false)).toBeNull();
    expect(secondsOfAll(null, true)).toBeNull();
  });
  it('begins anew where what was kept can\'t be read', () => {
    kept.set('endstation.lab.seconds', 'not json');
    expect(secondsOfAll(['race'], true)).toBeNull();
  });
  it('knows what comes next where this window asked, or all run', () => {
    const all = ['a', 'b', 'c'];
    expect(experimentsToCome(['c', 'a'], all, 2, 0)).toEqual(['a']);
    expect(experimentsToCome(['all'], all, 3, 1)).toEqual(['c']);
    expect(experimentsToCome(null, all, 3, 2)).toEqual([]);
    expect(experimentsToCome(null, all, 2, 0)).toBeNull();
  });
});
