import { checkPlan } from '@shared/plans';
import { expect, it } from 'vitest';
import { requestText } from './requestText';

function textOf(plan: string, args: object): string {
  const checked = checkPlan(plan, args);
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return requestText(checked.request);
}
const scan = { plan: 'scan', args: { detectors: ['SIM:I1'], num: 26, axes: [{ motor: 'SIM:M1', start: 0, stop: 2.5 }] } };

it('says what a plan would do in a line', () => {
  expect(textOf(scan.plan, scan.args)).toBe('SIM:I1 · SIM:M1 0 to 2.5 · 26 points');
  expect(textOf('list_scan', { detectors: ['A', 'B'], axes: [{ motor: 'M', positions: [1, 2, 3, 4, 5] }] })).toBe('A, B · M 5 positions from 1 to 5');
});

it('writes a unit only where it is one', () => {
  expect(textOf('x2x_scan', { detectors: ['A'], axes: [{ motor: 'M' }, { motor: 'N' }], start: -1, stop: 1, num: 3 })).toBe('A · M; N · From -1 · To 1 · 3 points');
  expect(textOf('sleep', { seconds: 3 })).toBe('Time 3 s');
});

it('says what the plans within it would do', () => {
  expect(textOf('loop', { times: 2, plan: scan })).toBe('2 times · scan (SIM:I1 · SIM:M1 0 to 2.5 · 26 points)');
  expect(textOf('sequence', { plans: [scan, { plan: 'sleep', args: { seconds: 3 } }] })).toBe('scan (SIM:I1 · SIM:M1 0 to 2.5 · 26 points), then sleep (Time 3 s)');
});
