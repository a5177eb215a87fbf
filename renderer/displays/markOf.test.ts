import type { PvState } from '@shared/pv';
import { expect, it } from 'vitest';
import { markOf } from './widgetSlot';

const state: PvState = { pv: 'A', connection: 'connected', value: 1, severity: 'MINOR', status: 'HIGH', timestamp: null, staleSince: null };

it('marks a value of before a disconnection as long as no new one came, whatever the border shows', () => {
  expect(markOf(state, true)).toBe('minor');
  expect(markOf(state, false)).toBe('quiet');
  for (const connection of ['disconnected', 'connected'] as const) expect(markOf({ ...state, connection, staleSince: 1 }, false)).toBe('disconnected');
});
