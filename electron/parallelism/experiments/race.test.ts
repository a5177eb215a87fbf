// The rule on figures recorded on two shared cores, 2026-11-22.
import { describe, expect, it } from 'vitest';
import { race } from './race';

function judge(lost: { plain: number; call: number; lock: number }, window = 64, opcodes = 3, more: Record<string, number> = {}) {
  const value = (number: number, unit: string) => ({ value: number, unit });
  return race.judge({
    figures: {
      'cpythonThreads.lostInAll': value(lost.plain, 'of 10000000 updates'), 'cpythonThreads.lostWithCallInAll': value(lost.call, 'of 2000000 updates'),
      'cpythonThreads.lostWithLockInAll': value(lost.lock, 'of 1000000 updates'),
      'cpythonThreads.window': value(window, 'ns'), 'cpythonThreads.opcodes': value(opcodes, 'LOAD_FAST BINARY_OP STORE_GLOBAL'),
      ...Object.fromEntries(Object.entries(more).map(([name, number]) => [name, value(number, 'of 200000000 updates')])),
    },
    cores: 2, errors: {}, missing: {},
  });
}
const verdicts = (judged: ReturnType<typeof judge>) => judged.claims.map(({ claim, verdict }) => [claim, verdict]);

describe('the rule of race', () => {
  it('holds on CPython 3.9, which loses updates of the article\'s statement', () => {
    const judged = judge({ plain: 155_697, call: 113_794, lock: 0 }, 48.6);
    expect(verdicts(judged)).toEqual([[2, 'holds'], [3, 'holds'], [4, 'holds']]);
    expect(judged.reason).toContain('shared_value += inc lost 155,697 of 10,000,000 updates.');
  });
  it('says of CPython 3.11 that the article\'s own statement loses none, and why', () => {
    const judged = judge({ plain: 0, call: 75_422, lock: 0 }, 64, 3, { 'cpythonThreads.switchesInWindow': 0 });
    expect(judged.verdict).toBe('holds');
    expect(judged.claims[0]?.reason).toMatch(/lost 75,422 of 2,000,000 updates.*itself lost none .*since CPython 3\.10/);
  });
  it('gives no reason that was not seen in the opcodes', () => {
    const judged = judge({ plain: 0, call: 75_422, lock: 0 }, 64, 3, { 'cpythonThreads.switchesInWindow': 1 });
    expect(judged.claims[0]?.reason).not.toContain('3.10');
    expect(judged.claims[0]?.reason).toContain('this version may switch there');
  });
  it('fails where no statement loses anything, and a lock then proves nothing', () => {
    expect(verdicts(judge({ plain: 0, call: 0, lock: 0 }))).toEqual([[2, 'fails'], [3, 'holds'], [4, 'not measurable here']]);
  });
  it('fails where a lock does not help, or the window is another', () => {
    expect(verdicts(judge({ plain: 5, call: 5, lock: 1 }))[2]).toEqual([4, 'fails']);
    expect(verdicts(judge({ plain: 5, call: 5, lock: 0 }, 9000))[1]).toEqual([3, 'fails']);
    expect(verdicts(judge({ plain: 5, call: 5, lock: 0 }, 60, 5))[1]).toEqual([3, 'fails']);
  });
  it('writes all of its counts as the window does', () => {
    const judged = judge({ plain: 0, call: 75_422, lock: 0 }, 64, 3, { 'cpythonThreads.switchesInWindow': 0, 'cpythonThreads.turns': 12_345, 'cpython39Threads.lostInAll': 1234 });
    expect([...judged.claims.map(({ reason }) => reason), ...judged.warnings].join(' ')).not.toMatch(/\d{4}/);
  });
  it('warns where threads without a GIL lost nothing, as they did not run together', () => {
    const { warnings } = judge({ plain: 0, call: 7, lock: 0 }, 64, 3, { 'cThreads.lostInAll': 0, 'nodeWorkers.lostInAll': 1_511_417, 'cpythonFreeThreaded.lostInAll': 0 });
    expect(warnings).toHaveLength(2);
    expect(warnings[1]).toContain('CPython without its GIL lost none');
    expect(warnings[0]).toContain('C threads lost none of 200,000,000 updates');
  });
  it('says what to install', () => {
    const judged = race.judge({ figures: {}, cores: 2, errors: {}, missing: { cpythonThreads: 'Install Python.' } });
    expect(judged.verdict).toBe('not measurable here');
    expect(judged.reason).toContain('Install Python.');
  });
});
