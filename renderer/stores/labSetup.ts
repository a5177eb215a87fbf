// The lab's own Python environment: whether it is there, and how far it is while it is made.
import type { LabSetup } from '@shared/lab';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { bridge } from '../bridge';
import { useLab } from './lab';

export const useLabSetup = defineStore('labSetup', () => {
  const lab = useLab();
  const setup = shallowRef<LabSetup | null>(null);
  bridge.listen('lab.setupState', {}, (state) => {
    const made = setup.value?.state === 'making' && state.state === 'ready';
    setup.value = state;
    // Its interpreter is among the runtimes now.
    if (made) void lab.load();
  });
  const begin = () => bridge.call('lab.setup', {});
  const cancel = () => bridge.call('lab.setupCancel', {});

  return { setup, begin, cancel };
});
