import type { PvState } from '@shared/pv';
import { describe, expect, it } from 'vitest';
import { parseEntry } from './parseEntry';

const state = (part: Partial<PvState>): PvState => ({
  pv: 'SIM:X', connection: 'connected', value: 0, severity: 'NO_ALARM', status: '', timestamp: null, staleSince: null, type: 'DOUBLE', count: 1, ...part,
});
const mode = state({ type: 'ENUM', states: ['Out', 'In', 'Moving'], value: 0 });

describe('parseEntry', () => {
  it('reads numbers, with their unit too', () => {
    expect(parseEntry(' 12.5 ', state({}))).toBe(12.5);
    expect(parseEntry('12.5 µm', state({ units: 'µm' }))).toBe(12.5);
    expect(parseEntry('0x1F', state({}))).toBe(31);
    expect(parseEntry('-0x10', state({}))).toBe(-16);
    expect(parseEntry('1e-3', state({}))).toBe(0.001);
    expect(parseEntry('NaN', state({}))).toBeNaN();
  });

  it('refuses what is no number, and says how to write one', () => {
    for (const text of ['', 'abc', '12,5', '1 2']) expect(() => parseEntry(text, state({}))).toThrow(/SIM:X: it is not a number/);
  });

  it('reads states by name, in any case, or by number', () => {
    expect([parseEntry('In', mode), parseEntry('moving', mode), parseEntry('0', mode)]).toEqual([1, 2, 0]);
    expect(() => parseEntry('3', mode)).toThrow(/Choose one of: Out, In, Moving/);
    expect(() => parseEntry('Up', mode)).toThrow(/not one of its states/);
  });

  it('reads texts as they are, long ones as bytes', () => {
    expect(parseEntry(' 12 ', state({ type: 'STRING', value: 'x' }))).toBe(' 12 ');
    expect(parseEntry('µ', state({ type: 'CHAR', count: 100, value: new Uint8Array(3) }), 'string')).toEqual([194, 181, 0]);
  });

  it('reads arrays', () => {
    expect(parseEntry('[1, 2.5 3]', state({ count: 3, value: new Float64Array(3) }))).toEqual([1, 2.5, 3]);
    expect(parseEntry('[Fe, Co]', state({ type: 'STRING', count: 2, value: ['a', 'b'] }))).toEqual(['Fe', 'Co']);
    expect(() => parseEntry('1, x', state({ count: 3, value: new Float64Array(3) }))).toThrow(/"x" was not sent/);
  });
});
