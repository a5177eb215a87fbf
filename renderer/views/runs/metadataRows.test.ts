import { expect, it } from 'vitest';
import { metadataRows } from './metadataRows';

const start = {
  uid: 'u', time: 0, scan_id: 7, plan_name: 'scan', plan_args: { num: 3, axes: [{ motor: 'SIM:M1', positions: Array.from({ length: 100 }, (_, index) => index) }] },
  detectors: ['SIM:I1'], motors: ['SIM:M1'], hints: { dimensions: [] }, temperature: 21.5, sample: 'iron',
};

it('has every key, given ones before those of the run', () => {
  const keys = metadataRows(start).map(({ key }) => key);
  expect(keys.slice(0, 3)).toEqual(['sample', 'temperature', 'plan_name']);
  expect(keys.at(-1)).toBe('hints');
  expect([...keys].sort()).toEqual(Object.keys(start).sort());
});

it('cuts long lists and says how long they are', () => {
  const text = metadataRows(start).find(({ key }) => key === 'plan_args')?.text ?? '';
  expect(text).toContain('"… 100 in all"');
  expect(text.length).toBeLessThan(400);
});
