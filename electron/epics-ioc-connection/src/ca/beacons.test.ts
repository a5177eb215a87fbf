import { describe, expect, it } from 'vitest';
import { BeaconWatch } from './beacons';

describe('CA 13: beacons', () => {
  it('a new server is an anomaly, its regular beacons are none', () => {
    const watch = new BeaconWatch();
    const heard = [0, 15_000, 30_000, 45_000].map((time, id) => watch.heard('a:5064', id, time));
    expect(heard).toEqual([true, false, false, false]);
    expect(watch.heard('b:5064', 7, 45_000)).toBe(true);
  });

  it('an id that begins again is a restart', () => {
    const watch = new BeaconWatch();
    [0, 1, 2].forEach((id) => watch.heard('a:5064', id, id * 1000));
    expect(watch.heard('a:5064', 0, 3000)).toBe(true);
    expect(watch.heard('a:5064', 1, 3020)).toBe(false);
  });

  it('the same beacon by two interfaces, and an id that wraps, are none', () => {
    const watch = new BeaconWatch();
    watch.heard('a:5064', 0xffffffff, 0);
    expect([watch.heard('a:5064', 0xffffffff, 1), watch.heard('a:5064', 0, 15_000)]).toEqual([false, false]);
  });

  it('a long silence is one', () => {
    const watch = new BeaconWatch();
    [0, 1, 2].forEach((id) => watch.heard('a:5064', id, id * 15_000));
    expect(watch.heard('a:5064', 9, 200_000)).toBe(true);
  });

  it('remembers a bounded number of servers', () => {
    const watch = new BeaconWatch(2);
    ['a', 'b', 'c'].forEach((server) => watch.heard(server, 0, 0));
    expect(watch.heard('a', 1, 15_000)).toBe(true);
  });
});
