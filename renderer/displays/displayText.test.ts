import type { FormatName } from '@shared/displays/formats';
import type { PvState } from '@shared/pv';
import { describe, expect, it } from 'vitest';
import { describePv, displayNumber, displayText, numberOf, plainText, textOfBytes } from './displayText';

const state = (part: Partial<PvState>): PvState => ({
  pv: 'SIM:X', connection: 'connected', value: 0, severity: 'NO_ALARM', status: 'NO_ALARM', timestamp: null, staleSince: null, type: 'DOUBLE', ...part,
});

describe('displayNumber', () => {
  const rows: readonly [value: number, format: FormatName, precision: number | undefined, text: string][] = [
    [3.14159, 'default', 3, '3.142'],
    [3.14159, 'decimal', 0, '3'],
    [0.00001234, 'decimal', 3, '1.234e-5'],
    [0, 'decimal', 2, '0.00'],
    [12345.678, 'exponential', 2, '1.23e+4'],
    [12345.678, 'engineering', 2, '12.35e3'],
    [0.00012, 'engineering', 1, '120.0e-6'],
    [255, 'hex', undefined, '0xFF'],
    [255, 'hex', 8, '0x000000FF'],
    [5, 'binary', 4, '0b0101'],
    [12.3456, 'compact', 2, '12.35'],
    [123456, 'compact', 2, '1.23e+5'],
    [0.00001, 'compact', 2, '1.00e-5'],
    [123.456, 'significant', 4, '123.5'],
    [12.5824166, 'sexagesimal', 7, '12:34:56.700'],
    [-0.5, 'sexagesimal', 4, '-0:30:00'],
    [59.99999999, 'sexagesimal', 4, '60:00:00'],
    [Math.PI, 'sexagesimal_hms', 4, '12:00:00'],
    [Math.PI / 2, 'sexagesimal_dms', 4, '90:00:00'],
    [NaN, 'hex', 4, 'NaN'],
    [-Infinity, 'decimal', 2, '-Infinity'],
  ];
  for (const [value, format, precision, text] of rows) {
    it(`${value} as ${format}, ${precision ?? 'no'} digits: ${text}`, () => expect(displayNumber(value, format, precision)).toBe(text));
  }
});

describe('displayText', () => {
  it('takes the precision from the file, else from the IOC, and the unit as the IOC writes it', () => {
    const um = state({ value: 12.3456, precision: 1, units: 'µm' });
    expect(displayText(um, plainText)).toBe('12.3 µm');
    expect(displayText(um, { ...plainText, precision: 3, show_units: false })).toBe('12.346');
    expect(displayText(state({ value: 1e-7, precision: 2, units: '°C' }), plainText)).toBe('1.00e-7 °C');
  });

  it('names the state of an enum, or numbers it where the file asks for a number', () => {
    const mode = state({ type: 'ENUM', value: 1, states: ['Open', 'Closed'], units: 'x' });
    expect(displayText(mode, plainText)).toBe('Closed');
    expect(displayText(mode, { ...plainText, format: 'decimal', show_units: false })).toBe('1');
  });

  it('shows long strings as text, in UTF-8 or Latin-1, up to their end', () => {
    const bytes = new TextEncoder().encode('5 µm at 20 °C');
    expect(displayText(state({ type: 'CHAR', value: Uint8Array.from([...bytes, 0, 65]) }), { ...plainText, format: 'string' })).toBe('5 µm at 20 °C');
    expect(textOfBytes([0x35, 0x20, 0xb5, 0x6d])).toBe('5 µm');
  });

  it('shows arrays with their elements formatted', () => {
    expect(displayText(state({ value: Float64Array.of(1, 2.5), precision: 1, units: 'V' }), plainText)).toBe('[1.0, 2.5] V');
    expect(displayText(state({ value: new Float64Array(1000), precision: 0 }), plainText)).toMatch(/^\[0, 0.*, …\]$/);
    expect(displayText(state({ type: 'STRING', value: ['Fe', 'Co'] }), plainText)).toBe('[Fe, Co]');
  });

  it('is empty before the first value, and then says why in its tooltip', () => {
    expect(displayText(undefined, plainText)).toBe('');
    expect(describePv('SIM:X', undefined)).toBe('SIM:X\nNot connected: searching for it');
    expect(describePv('SIM:X', state({ value: 2, severity: 'MAJOR', status: 'HIHI', connection: 'disconnected', precision: 1, access: { read: true, write: false } })))
      .toBe('SIM:X\n2.0\nDisconnected: this is the last value that was seen\nMAJOR alarm: HIHI\nRead only');
  });

  it('tells bytes as the text that they are, and those of a picture as numbers', () => {
    const bytes = { type: 'CHAR' as const, value: Uint8Array.from([72, 105, 0]), count: 3 };
    expect(describePv('SIM:X', state(bytes))).toContain('\nHi\n');
    expect(describePv('SIM:X', state({ ...bytes, size: [3, 1] }))).toContain('\n[72, 105, 0]\n');
  });

  it('has a number for lights and bars', () => {
    expect([numberOf(state({ value: 3 })), numberOf(state({ value: '4.5' })), numberOf(state({ value: Float64Array.of(7, 8) }))]).toEqual([3, 4.5, 7]);
    expect([numberOf(undefined), numberOf(state({ value: 'x' })), numberOf(state({ value: '' }))]).toEqual([NaN, NaN, NaN]);
  });
});
