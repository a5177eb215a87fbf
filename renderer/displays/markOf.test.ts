import type { PvState } from '@shared/pv';
import { expect, it } from 'vitest';
import { markOf } from './widgetSlot';

const state: PvState = { pv: 'A', connection: 'connected', value: 1, severity: 'MINOR', status: 'HIGH', timestamp: null, staleSince: null };

it('raises no alarm before the first value', () => {
  const first: PvState = { ...state, value: null, severity: 'INVALID', status: 'UDF' };
  expect(markOf(first, true)).toBe('connecting');
  expect(markOf({ ...first, error: { code: 'NO_READ_ACCESS', message: 'It can not be read.' } }, true)).toBe('invalid');
});

it('marks a value of before a disconnection as long as no new one came, whatever the border shows', () => {
  expect(markOf(state, true)).toBe('minor');
  expect(markOf(state, false)).toBe('quiet');
  for (const connection of ['disconnected', 'connected'] as const) expect(markOf({ ...state, connection, staleSince: 1 }, false)).toBe('disconnected');
});
