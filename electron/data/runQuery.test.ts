import { describe, expect, it } from 'vitest';
import { matcher } from './runQuery';
import type { RunFacts } from './summary';

const facts: RunFacts = {
  size: 1, modified: 1, points: 3, words: '{"plan_name":"scan","sample":"fe foil"} 2026-11-22t', stop: { exit_status: 'fail', reason: '' },
  start: { uid: 'u', time: 1, scan_id: 1, plan_name: 'scan', motors: ['M1'], detectors: [], sample: 'Fe foil' },
};

describe('a search', () => {
  it.each([
    [{}, true], [{ text: 'FOIL 2026-11' }, true], [{ text: 'foil copper' }, false], [{ plan: 'scan' }, true], [{ plan: 'count' }, false], [{ motor: 'M1' }, true], [{ motor: 'M' }, false],
    [{ sample: 'fe' }, true], [{ sample: 'cu' }, false], [{ status: ['fail'] as const }, true], [{ status: ['success', 'interrupted'] as const }, false], [{ plan: 'scan', sample: 'cu' }, false],
  ])('%j: %s', (query, found) => {
    expect(matcher(query)(facts)).toBe(found);
  });
  it('leaves a run without its end to the lock', () => {
    expect(matcher({ status: ['interrupted'] })({ ...facts, stop: null })).toBe(true);
  });
});
