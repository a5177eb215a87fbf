import { expect, it } from 'vitest';
import { effectScope } from 'vue';
import { Bridge } from '../bridge/bridge';
import { ScriptedTransport } from '../bridge/scriptedTransport';
import { useOpened } from './useOpened';

it('hears each opening until its component is gone', () => {
  const [bridge, transport] = [new Bridge(), new ScriptedTransport()];
  bridge.connect(transport);
  const scope = effectScope();
  let heard = 0;
  scope.run(() => useOpened(() => { heard++; }, bridge));
  for (let turn = 0; turn < 2; turn++) {
    transport.open();
    transport.lose();
  }
  expect(heard).toBe(2);
  scope.stop();
  transport.open();
  expect(heard).toBe(2);
});
