import type { RunData, RunSummary } from '@shared/documents';
import { createPinia, setActivePinia } from 'pinia';
import { expect, it } from 'vitest';
import { nextTick } from 'vue';
import { bridge } from '../bridge';
import { ScriptedTransport } from '../bridge/scriptedTransport';
import { useRuns } from './runs';

const uid = '01234567-89ab-4cde-8f01-23456789abcd';
const summary = (points: number): RunSummary => ({ uid, scanId: 7, plan: 'scan', started: '2026-01-01T00:00:00Z', exitStatus: 'running', points, of: 3, motors: ['M1'], detectors: ['I1'], journal: '/j', nexus: null });
const data = (points: number): RunData => ({
  summary: summary(points), start: { uid, time: 0, scan_id: 7, plan_name: 'scan', plan_args: {}, detectors: ['I1'], motors: ['M1'], hints: { dimensions: [] } } as unknown as RunData['start'],
  dataKeys: {}, columns: {}, time: Float64Array.from({ length: points }, (_, index) => index),
});
const settle = async (): Promise<void> => { for (let turn = 0; turn < 8; turn++) await nextTick(); };

it('the runs of a window keep true while the connection comes and goes', async () => {
  setActivePinia(createPinia());
  const transport = new ScriptedTransport();
  bridge.connect(transport);
  transport.open();
  const runs = useRuns();
  void runs.load();
  transport.answer('runs.list', [summary(1)]);
  runs.select(uid);
  transport.answer('runs.read', data(1));
  await settle();
  expect([runs.list?.length, runs.open?.table.rows]).toEqual([1, 1]);

  // What it measured meanwhile was not heard of.
  transport.lose();
  transport.open();
  await settle();
  expect(transport.of('call', 'runs.read')).toHaveLength(2);
  transport.answer('runs.read', data(3));
  await settle();
  expect(runs.open?.table.rows).toBe(3);

  // A run that can't be asked for is still there.
  transport.event('runs.changed', { uid });
  transport.frame({ t: 'error', id: transport.of('call', 'runs.list').at(-1)?.id ?? -1, error: { code: 'BUSY', message: 'The catalogue is being made.' } });
  await settle();
  expect(runs.list?.length).toBe(1);
});
