import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Limits, PvState, WritableValue } from '@shared/pv';
import { checkWrite } from './writeGate';

const base: PvState = {
  pv: 'X', connection: 'connected', value: 0, severity: 'NO_ALARM', status: 'NO_ALARM', timestamp: null, staleSince: null,
  type: 'DOUBLE', access: { read: true, write: true },
};
function check(state: Partial<PvState>, value: WritableValue, options: { capacity?: number; limits?: Limits } = {}) {
  return checkWrite({ state: { ...base, ...state }, capacity: options.capacity ?? 1, profile: 'hall 3', ...(options.limits ? { limits: options.limits } : {}) }, value);
}
const shutter = ['Closed', 'Open', 'Fault'];

describe('what the gate lets through', () => {
  it.each<[string, Partial<PvState>, WritableValue, number, WritableValue]>([
    ['a number', {}, 1.5, 1, 1.5],
    ['a number as text', {}, ' -1.5e3 ', 1, -1500],
    ['NaN where there are no limits', {}, 'nan', 1, Number.NaN],
    ['a boolean', { type: 'LONG' }, true, 1, 1],
    ['a step that is whole but for rounding', { type: 'LONG' }, 2.9999999996, 1, 3],
    ['a state by name', { type: 'ENUM', states: shutter }, 'Open', 1, 'Open'],
    ['an index, turned to its name', { type: 'ENUM', states: shutter }, 1, 1, 'Open'],
    ['an index as text', { type: 'ENUM', states: shutter }, '2', 1, 'Fault'],
    ['a name that is a number, before the index', { type: 'ENUM', states: ['1', '2', '4'] }, '2', 1, '2'],
    ['an index where names are not unique', { type: 'ENUM', states: ['', 'On', 'On'] }, 2, 1, 2],
    ['a number where there are no states', { type: 'ENUM', states: [] }, 7, 1, 7],
    ['a text', { type: 'STRING' }, 'µm', 1, 'µm'],
    ['a number to a text', { type: 'STRING' }, 12, 1, '12'],
    ['a text to a CHAR waveform', { type: 'CHAR' }, 'hello', 100, 'hello'],
    ['an array of one to a scalar', {}, [3], 1, 3],
    ['texts of numbers to a waveform', {}, ['1', '2.5'], 10, [1, 2.5]],
    ['a limit itself', { control: { low: -10, high: 10 } }, 10, 1, 10],
    ['a FLOAT limit in double', { type: 'FLOAT', control: { low: Math.fround(0.1), high: 10 } }, 0.1, 1, 0.1],
    ['anything where limits are unset (low is high)', { control: { low: 0, high: 0 } }, 99, 1, 99],
  ])('%s', (_name, state, value, capacity, sent) => {
    expect(check(state, value, { capacity })).toEqual({ ok: true, value: sent });
  });

  it('a large array as it is, not a copy', () => {
    const values = new Float64Array(1000);
    const result = check({}, values, { capacity: 1000 });
    expect(result.ok && result.value).toBe(values);
  });
});

describe('what the gate refuses', () => {
  it.each<[string, Partial<PvState>, WritableValue, number, string, string]>([
    ['a disconnected PV', { connection: 'disconnected' }, 1, 1, 'DISCONNECTED', 'X was not written: its server does not answer, nothing was sent. Write again when it is back.'],
    ['a read-only PV', { access: { read: true, write: false } }, 1, 1, 'READ_ONLY', 'X was not written: its IOC lets you read it only. Ask who runs the IOC for write access.'],
    ['a text to a number', { units: 'mm' }, 'abc', 1, 'WRONG_TYPE', 'X was not written: "abc" is not a number. Enter a number in mm.'],
    ['nothing to a number', {}, '', 1, 'WRONG_TYPE', 'X was not written: "" is not a number. Enter a number.'],
    ['half a step', { type: 'LONG' }, 1.5, 1, 'WRONG_TYPE', 'X was not written: it takes whole numbers, not 1.5. Enter a whole number.'],
    ['more than a SHORT', { type: 'SHORT' }, 40_000, 1, 'WRONG_TYPE', 'X was not written: its type SHORT holds -32768 to 32767, not 40000. Enter a number in that range.'],
    ['NaN to a LONG', { type: 'LONG' }, Number.NaN, 1, 'WRONG_TYPE', 'X was not written: it takes whole numbers, not NaN. Enter a whole number.'],
    ['a state it has not', { type: 'ENUM', states: shutter }, 'Ajar', 1, 'UNKNOWN_STATE', 'X was not written: it has no state "Ajar". States: "Closed", "Open", "Fault". Enter one of them.'],
    ['an index beyond the states', { type: 'ENUM', states: shutter }, 3, 1, 'UNKNOWN_STATE', 'X was not written: it has no state number 3. States: "Closed", "Open", "Fault". Enter one of them.'],
    ['above the limit', { units: 'mm', control: { low: -10, high: 10 } }, 12.5, 1, 'OUT_OF_LIMITS',
      'X was not written: 12.5 mm is above the high limit of the PV (10 mm). Enter at most 10, or change the limit in the IOC.'],
    ['below the limit', { control: { low: -10, high: 10 } }, '-10.5', 1, 'OUT_OF_LIMITS',
      'X was not written: -10.5 is below the low limit of the PV (-10). Enter at least -10, or change the limit in the IOC.'],
    ['NaN within limits', { control: { low: -10, high: 10 } }, Number.NaN, 1, 'OUT_OF_LIMITS', 'X was not written: NaN is not within the limits of the PV (-10 to 10). Enter a number.'],
    ['40 bytes of text', { type: 'STRING' }, 'µ'.repeat(20), 1, 'WRONG_TYPE', 'X was not written: it holds 39 bytes of text, not 40. Shorten the text.'],
    ['more text than a waveform holds', { type: 'CHAR' }, 'hello', 5, 'WRONG_TYPE', 'X was not written: it holds 4 bytes of text, not 5. Shorten the text.'],
    ['two values to a scalar', {}, [1, 2], 1, 'WRONG_TYPE', 'X was not written: it holds one value, not 2. Write fewer.'],
    ['an empty array to a scalar', {}, [], 1, 'WRONG_TYPE', 'X was not written: it holds one value, and an empty array has none. Enter a value.'],
    ['a word among numbers', {}, ['1', 'b'], 9, 'WRONG_TYPE', 'X was not written: element 2, "b", is not a number. Enter numbers.'],
  ])('%s', (_name, state, value, capacity, code, message) => {
    expect(check(state, value, { capacity })).toEqual({ ok: false, code, message });
  });

  it('what the profile does not allow, array elements too', () => {
    const limits = { low: 0, high: 5 };
    expect(check({ units: 'V' }, 6, { limits })).toMatchObject({ code: 'OUT_OF_LIMITS', message: expect.stringContaining('of the profile "hall 3" (5 V)') as string });
    const states = { type: 'ENUM' as const, states: shutter };
    const open = { low: 1, high: 1 };
    for (const value of ['Closed', 0, '0', ' Closed ']) {
      expect(check(states, value, { limits: open })).toMatchObject({ code: 'OUT_OF_LIMITS', message: 'X was not written: state 0, "Closed", is outside the limits of the profile "hall 3" (1 to 1). Enter "Open", or change the profile\'s limits.' });
    }
    expect([check(states, 'Open', { limits: open }), check(states, 1, { limits: open })]).toEqual([{ ok: true, value: 'Open' }, { ok: true, value: 'Open' }]);
    expect(check(states, [1, 2], { limits: open, capacity: 2 })).toMatchObject({ code: 'OUT_OF_LIMITS', message: expect.stringContaining('element 2: state 2') as string });
    expect(check({}, [1, 2, -1], { limits, capacity: 5 })).toMatchObject({ code: 'OUT_OF_LIMITS', message: expect.stringContaining('element 3') as string });
  });

  it('every number outside the control limits, and none inside', () => {
    fc.assert(fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b, value) => {
      fc.pre(a !== b);
      const control = { low: Math.min(a, b), high: Math.max(a, b) };
      expect(check({ control }, value).ok).toBe(value >= control.low && value <= control.high);
    }));
  });
});
