import type { PvState } from '@shared/pv';
import { describe, expect, it } from 'vitest';
import { parseValue } from './parseValue';

const state = (part: Partial<PvState>): PvState => ({
  pv: 'SIM:X', connection: 'connected', value: 0, severity: 'NO_ALARM', status: '', timestamp: null, staleSince: null, type: 'DOUBLE', count: 1, ...part,
});
const message = (text: string, part: Partial<PvState>) => {
  const parsed = parseValue(text, state(part));
  return parsed.ok ? `accepted ${String(parsed.value)}` : parsed.message;
};

describe('parseValue', () => {
  it('reads numbers as they are written', () => {
    expect(['12.5', ' 1e-3 ', '-0x1', '0x10', 'inf', 'NaN'].map((text) => parseValue(text, state({})))).toEqual([
      { ok: true, value: 12.5 }, { ok: true, value: 0.001 }, expect.objectContaining({ ok: false }), { ok: true, value: 16 }, { ok: true, value: Infinity }, { ok: true, value: NaN },
    ]);
    expect(message('1,5', {})).toContain('not a number');
    expect(message('', {})).toBe('Enter a value.');
  });
  it('keeps to the limits of the record, where it has some', () => {
    expect(message('12.5', { control: { low: -10, high: 10 }, units: 'mm' })).toBe('12.5 mm is outside its limits: enter -10 mm to 10 mm.');
    expect(message('10', { control: { low: -10, high: 10 } })).toBe('accepted 10');
    expect(message('12.5', { control: { low: 0, high: 0 } })).toBe('accepted 12.5');
  });
  it('keeps to whole numbers that the type can hold', () => {
    expect(message('1.5', { type: 'LONG' })).toContain('whole numbers');
    expect(message('40000', { type: 'SHORT' })).toContain('-32768 to 32767');
  });
  it('takes an enum by state or number, and names the states otherwise', () => {
    const mode = { type: 'ENUM', states: ['Closed', 'Open'] } as const;
    expect(message('Open', mode)).toBe('accepted 1');
    expect(message('0', mode)).toBe('accepted 0');
    expect(message('2', mode)).toContain('0 Closed, 1 Open');
    expect(message('', mode)).toContain('none of its states');
  });
  it('takes lists for waveforms, text for long strings', () => {
    expect(parseValue('[1, 2.5 3]', state({ count: 10 }))).toEqual({ ok: true, value: Float64Array.of(1, 2.5, 3) });
    expect(message('1 2 3', { count: 2 })).toContain('at most 2');
    expect(message('1, x', { count: 5 })).toContain('"x"');
    expect(message('sample µm', { type: 'CHAR', count: 100 })).toBe('accepted sample µm');
  });
  it('waits for the type', () => {
    expect(parseValue('1', undefined).ok).toBe(false);
  });
});
