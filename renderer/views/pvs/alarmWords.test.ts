import type { PvState } from '@shared/pv';
import { describe, expect, it } from 'vitest';
import { conditionWords, isSearchedFor } from './alarmWords';

const state: PvState = { pv: 'A', connection: 'connected', value: 1, severity: 'NO_ALARM', status: 'NO_ALARM', timestamp: null, staleSince: null };

describe('condition of a PV', () => {
  it('is told in words for each state', () => {
    expect(conditionWords(undefined, 0)).toBe('Searching');
    expect(conditionWords({ ...state, value: null, severity: 'INVALID', status: 'UDF' }, 0)).toBe('Waiting for a value');
    expect(conditionWords(state, 0)).toBe('No alarm');
    expect(conditionWords({ ...state, severity: 'MAJOR', status: 'HIHI' }, 0)).toBe('MAJOR HIHI');
    expect(conditionWords({ ...state, connection: 'invalid' }, 0)).toBe('Not usable');
  });
  it('is found as soon as it is connected, however long its first value takes', () => {
    expect([undefined, { ...state, connection: 'connecting' as const }].map(isSearchedFor)).toEqual([true, true]);
    expect([{ ...state, value: null }, state, { ...state, connection: 'disconnected' as const }].map(isSearchedFor)).toEqual([false, false, false]);
  });
  it('says how old a value without its server is, even when that was without alarm', () => {
    expect(conditionWords({ ...state, connection: 'disconnected', staleSince: 5000 }, 17_400)).toBe('Disconnected 12 s ago');
    expect(conditionWords({ ...state, connection: 'disconnected' }, 17_000)).toBe('Disconnected');
    // Its server is back, and has given no new value yet.
    expect(conditionWords({ ...state, staleSince: 5000 }, 17_400)).toBe('Disconnected 12 s ago');
  });
});
