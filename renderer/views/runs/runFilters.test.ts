import { expect, it } from 'vitest';
import { contract } from '@shared/contract';
import * as v from 'valibot';
import { countFilters, noFilters, queryOf } from './runFilters';

it('asks for nothing that is empty', () => {
  expect(queryOf(noFilters())).toEqual({ text: '', limit: 50_000 });
  expect(countFilters(noFilters())).toBe(0);
});

it('makes a query that the contract takes', () => {
  const filters = { ...noFilters(), text: ' iron #12 ', plan: 'scan', motor: 'SIM:M1', sample: ' fe ', from: '2026-11-01', to: '2026-11-30', status: ['abort', 'fail'] as ('abort' | 'fail')[] };
  const query = queryOf(filters);
  expect(query).toEqual({ text: 'iron "scan_id":12,', limit: 50_000, plan: 'scan', motor: 'SIM:M1', sample: 'fe', from: '2026-11-01', to: '2026-11-30', status: ['abort', 'fail'] });
  expect(v.safeParse(contract['runs.list'].args, query).success).toBe(true);
  expect(countFilters(filters)).toBe(6);
});

it('takes a # for a number only where it stands before one', () => {
  expect(queryOf({ ...noFilters(), text: '#1 #x a#2' }).text).toBe('"scan_id":1, #x a#2');
});
