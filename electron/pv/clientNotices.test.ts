import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ClientNotices } from './clientNotices';

type Warning = { code: string; message: string; pv?: string };
let warn: (warning: Warning) => void;
let told: [string, string | null][];
let notices: ClientNotices;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  notices = new ClientNotices((id, message) => told.push([id, message]));
  notices.follow({ onWarning: (listener) => { warn = listener; return { dispose: () => { warn = () => undefined; } }; } });
});
afterEach(() => { vi.useRealTimers(); });

it('many warnings of a kind are one notice that counts them', () => {
  for (const pv of ['A', 'B', 'B', 'C']) warn({ code: 'DUPLICATE_PV', message: `${pv} is served twice.`, pv });
  expect(told.at(-1)).toEqual(['ca.DUPLICATE_PV', 'C is served twice. The same of 2 others.']);
  expect(new Set(told.map(([id]) => id)).size).toBe(1);
});

it('a passing event is over after a minute, a lasting one is not', () => {
  warn({ code: 'UNRESPONSIVE', message: 'silent' });
  warn({ code: 'DUPLICATE_PV', message: 'twice', pv: 'A' });
  vi.advanceTimersByTime(59_000);
  expect(told).toHaveLength(2);
  vi.advanceTimersByTime(2000);
  expect(told.slice(2)).toEqual([['ca.UNRESPONSIVE', null]]);
});

it('all are over when the profile changes, and none comes after', () => {
  warn({ code: 'DUPLICATE_PV', message: 'twice', pv: 'A' });
  notices.dispose();
  warn({ code: 'DUPLICATE_PV', message: 'twice', pv: 'B' });
  expect(told.at(-1)).toEqual(['ca.DUPLICATE_PV', null]);
});
