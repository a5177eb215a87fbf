import { describe, expect, it } from 'vitest';
import type { PvState } from '@shared/pv';
import { infoLine } from './info';
import { toJson } from './json';
import { bytesText, isoTime, missingLine, pvLine, pvText, withPrecision } from './pvLine';

const state = (change: Partial<PvState>): PvState => ({
  pv: 'X', connection: 'connected', value: 1.5, severity: 'MINOR', status: 'HIGH', timestamp: { seconds: 1_700_000_000, nanoseconds: 1_234 }, staleSince: null,
  type: 'DOUBLE', count: 1, host: '127.0.0.1:5064', ...change,
});

describe('the JSON line', () => {
  it('has the documented keys in their order', () => {
    const line = pvLine(state({ units: 'µm', precision: 3, display: { low: 0, high: 10 }, control: { low: -1, high: Number.NaN } }), 'native');
    expect(toJson(line)).toBe('{"pv":"X","connected":true,"value":1.5,"severity":"MINOR","status":"HIGH","timestamp":"2023-11-14T22:13:20.000001234Z",'
      + '"units":"µm","precision":3,"limits":{"display":[0,10],"control":[-1,"NaN"]},"type":"DOUBLE","count":1,"host":"127.0.0.1:5064"}');
  });

  it('leaves out what the type has not', () => {
    expect(Object.keys(pvLine(state({ timestamp: null }), 'native'))).toEqual(['pv', 'connected', 'value', 'severity', 'status', 'type', 'count', 'host']);
  });

  it.each([[Number.NaN, '"NaN"'], [Infinity, '"Infinity"'], [-Infinity, '"-Infinity"'], [0.1, '0.1']])('says %d as %s', (value, text) => {
    expect(toJson(pvLine(state({ value }), 'native'))).toContain(`"value":${text},`);
  });

  it('says arrays as arrays, NaN in them too', () => {
    expect(toJson(pvLine(state({ value: Float64Array.of(1, Number.NaN) }), 'native'))).toContain('"value":[1,"NaN"]');
    expect(toJson(pvLine(state({ value: new Float64Array(0) }), 'native'))).toContain('"value":[]');
  });

  it('gives an enum its index and states, and its name as string', () => {
    const shutter = state({ type: 'ENUM', value: 1, states: ['Closed', 'Open'] });
    expect(pvLine(shutter, 'native')).toMatchObject({ value: 1, enum: { index: 1, states: ['Closed', 'Open'] } });
    expect(pvLine(shutter, 'string')).toMatchObject({ value: 'Open', enum: { index: 1 } });
    expect(pvLine(state({ ...shutter, value: 5 }), 'string')).toMatchObject({ value: '5', enum: { index: 5 } });
  });

  it('gives a CHAR waveform as text, and a text as number', () => {
    expect(pvLine(state({ value: Uint8Array.of(72, 105, 0, 99) }), 'string')['value']).toBe('Hi');
    expect(toJson(pvLine(state({ value: 'abc', type: 'STRING' }), 'number'))).toContain('"value":"NaN"');
    expect(pvLine(state({ value: '12', type: 'STRING' }), 'number')['value']).toBe(12);
  });

  it('of a PV that is not there has its error', () => {
    expect(toJson(missingLine('X', { code: 'TIMEOUT', message: 'No answer.' }))).toBe('{"pv":"X","connected":false,"error":{"code":"TIMEOUT","message":"No answer."}}');
  });

  it('of info says who serves it and who else answered', () => {
    expect(infoLine({
      pv: 'X', protocol: 'ca', type: 'DOUBLE', count: 1, access: { read: true, write: false }, host: 'h:5064', searchTime: 1.25, duplicates: ['g:5064'], minorVersion: 13,
    })).toEqual({
      pv: 'X', connected: true, protocol: 'ca', type: 'DOUBLE', count: 1, access: { read: true, write: false }, host: 'h:5064',
      circuit: { address: 'h:5064', priority: 0, version: '4.13' }, searchTime: 1.25, alsoAnswered: ['g:5064'],
    });
  });
});

describe('texts', () => {
  it('keeps nanoseconds', () => {
    expect(isoTime({ seconds: 0, nanoseconds: 999_999_999 })).toBe('1970-01-01T00:00:00.999999999Z');
  });

  it.each<[number, number | undefined, string]>([[1.23456, 3, '1.235'], [1e-9, 3, '1.000e-9'], [0, 3, '0.000'], [-0.0004, 2, '-4.00e-4'], [1.5, undefined, '1.5'], [1.5, 0, '2'], [1e300, 3, '1e+300'], [Number.NaN, 3, 'NaN']])(
    'shows %d with precision %s as %s', (value, precision, text) => {
      expect(withPrecision(value, precision)).toBe(text);
    });

  it('shows a line for people', () => {
    expect(pvText(state({ units: 'mm', precision: 2 }), 'native')).toBe('X  1.50 mm  MINOR HIGH  2023-11-14T22:13:20.000001234Z');
    expect(pvText(state({ value: Float64Array.from({ length: 20 }, (_, i) => i) }), 'native')).toContain('[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … 20 elements]');
    expect(pvText(state({ connection: 'disconnected' }), 'native')).toBe('X  disconnected');
  });

  it('reads bytes as UTF-8, else as Latin-1', () => {
    expect(bytesText(Uint8Array.of(0xc2, 0xb5, 0x6d))).toBe('µm');
    expect(bytesText(Uint8Array.of(0xb5, 0x6d, 0))).toBe('µm');
  });
});
