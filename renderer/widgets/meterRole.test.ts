import { describe, expect, it } from 'vitest';
import { meterRole } from './meterRole';

describe('a level as it is heard', () => {
  it('is a meter with its number', () => expect(meterRole('SIM:I0', 2, '2 A')).toEqual({ role: 'meter', 'aria-label': 'SIM:I0', 'aria-valuenow': 2, 'aria-valuetext': '2 A' }));
  it('has no number that is none', () => expect(meterRole('SIM:I0', NaN, 'disconnected')).toEqual({ role: 'img', 'aria-label': 'SIM:I0: disconnected' }));
});
