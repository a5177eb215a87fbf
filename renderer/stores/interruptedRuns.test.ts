import type { RunSummary } from '@shared/documents';
import { createPinia, setActivePinia } from 'pinia';
import { expect, it } from 'vitest';
import { nextTick } from 'vue';
import { bridge } from '../bridge';
import { ScriptedTransport } from '../bridge/scriptedTransport';
import { useInterruptedRuns } from './interruptedRuns';

const run = { uid: '01234567-89ab-4cde-8f01-23456789abcd', scanId: 7, points: 3 } as unknown as RunSummary;
const other = '11234567-89ab-4cde-8f01-23456789abcd';
const settle = async (): Promise<void> => { for (let turn = 0; turn < 8; turn++) await nextTick(); };

it('an interrupted run: what can not be asked for is not taken for nothing, and an answer of before not for that of now', async () => {
  setActivePinia(createPinia());
  const transport = new ScriptedTransport();
  bridge.connect(transport);
  transport.open();
  const fail = (method: 'runs.list' | 'runs.leftSettings') => transport.frame({ t: 'error', id: transport.of('call', method).at(-1)?.id ?? -1, error: { code: 'BUSY', message: 'Its journal is being read.' } });
  const runs = useInterruptedRuns();
  void runs.load();
  transport.answer('runs.list', [run]);
  await settle();
  void runs.load();
  fail('runs.list');
  await settle();
  expect(runs.list).toEqual([run]);

  void runs.askAbandon(run);
  expect(runs.abandoning).toEqual({ run, left: null });
  fail('runs.leftSettings');
  await settle();
  expect(runs.abandoning).toEqual({ run, left: [], problem: 'Its journal is being read.' });

  runs.ask(run.uid);
  runs.ask(other);
  const [first, second] = transport.of('call', 'runs.resumeSheet').map(({ id }) => id);
  transport.frame({ t: 'result', id: first ?? -1, value: { run } });
  await settle();
  expect([runs.sheet, runs.checking]).toEqual([null, true]);
  transport.frame({ t: 'result', id: second ?? -1, value: { run: { ...run, uid: other } } });
  await settle();
  expect([runs.sheet?.run.uid, runs.checking]).toEqual([other, false]);
});
