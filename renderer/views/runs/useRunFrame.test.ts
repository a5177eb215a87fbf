import type { RunFrame } from '@shared/frames';
import { describe, expect, it } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { Bridge } from '../../bridge/bridge';
import { ScriptedTransport } from '../../bridge/scriptedTransport';
import { useRunFrame, type WantedFrame } from './useRunFrame';

const run = '01234567-89ab-4cde-8f01-23456789abcd';
const frame = (value: number): RunFrame => ({ shape: [1, 1], values: Uint16Array.of(value) });

function started(first: WantedFrame | null) {
  const bridge = new Bridge();
  const transport = new ScriptedTransport();
  bridge.connect(transport);
  transport.open();
  const wanted = shallowRef(first);
  const scope = effectScope();
  const own = scope.run(() => useRunFrame(() => wanted.value, bridge));
  if (!own) throw new Error('no scope');
  const settle = async (): Promise<void> => { for (let turn = 0; turn < 8; turn++) await nextTick(); };
  const asked = () => transport.of('call', 'runs.frame').map((call) => (call.args as { point: number }).point);
  return { ...own, wanted, transport, settle, asked };
}

describe('the frame of a run', () => {
  it('is asked for one at a time; of many wishes meanwhile the latest comes next, and the one before stays until then', async () => {
    const { wanted, transport, settle, asked, shown } = started({ uid: run, key: 'image', point: 1 });
    await settle();
    for (const point of [2, 3, 4]) {
      wanted.value = { uid: run, key: 'image', point };
      await settle();
    }
    expect(asked()).toEqual([1]);
    transport.answer('runs.frame', frame(1));
    await settle();
    expect([asked(), shown.value]).toEqual([[1, 4], { uid: run, key: 'image', point: 1, frame: frame(1) }]);
    transport.answer('runs.frame', null);
    await settle();
    expect(shown.value).toMatchObject({ point: 4, frame: null });
    expect(asked()).toEqual([1, 4]);
  });

  it('of another run is not shown in its place; what fails is said, and can be tried again', async () => {
    const { wanted, transport, settle, asked, shown, failed, ask } = started({ uid: run, key: 'image', point: 1 });
    await settle();
    transport.answer('runs.frame', frame(1));
    await settle();
    wanted.value = { uid: run.replace('0', '1'), key: 'image', point: 1 };
    await settle();
    expect(shown.value).toBeNull();
    const id = transport.of('call', 'runs.frame').at(-1)?.id ?? -1;
    transport.frame({ t: 'error', id, error: { code: 'NO_RUN', message: 'There is no such run.' } });
    await settle();
    expect(failed.value).toMatchObject({ code: 'NO_RUN' });
    void ask();
    await settle();
    transport.answer('runs.frame', frame(7));
    await settle();
    expect([failed.value, shown.value?.frame, asked().length]).toEqual([null, frame(7), 3]);
  });

  it('that comes after another run was opened is not shown as that one\'s; nor is its failure', async () => {
    for (const fails of [false, true]) {
      const { wanted, transport, settle, asked, shown, failed } = started({ uid: run, key: 'image', point: 1 });
      await settle();
      const id = transport.of('call', 'runs.frame').at(-1)?.id ?? -1;
      wanted.value = { uid: run.replace('0', '1'), key: 'image', point: 1 };
      await settle();
      if (fails) transport.frame({ t: 'error', id, error: { code: 'NO_RUN', message: 'There is no such run.' } });
      else transport.answer('runs.frame', frame(1));
      await settle();
      expect([asked().length, shown.value, failed.value]).toEqual([2, null, null]);
      transport.answer('runs.frame', frame(2));
      await settle();
      expect(shown.value).toMatchObject({ uid: run.replace('0', '1'), frame: frame(2) });
    }
  });
});
