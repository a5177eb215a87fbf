// What this window is connected to: the application, who sits here, and the state of the services, as the status bar shows them.
import type { AppInfo, AppStatus } from '@shared/app';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { bridge } from '../bridge';

export const useSession = defineStore('session', () => {
  const info = shallowRef<AppInfo | null>(null);
  const status = shallowRef<AppStatus | null>(null);
  const connection = bridge.state;
  const lostBecause = bridge.reason;
  /** Nothing may be written from here; views say so and disable what writes. */
  const observer = computed(() => info.value?.observer ?? false);

  bridge.onOpened(() => {
    bridge.call('app.info', {}).then((answer) => { info.value = answer; }, () => undefined);
  });
  // What the services said last is not true any more.
  bridge.onLost(() => { status.value = null; });
  bridge.listen('app.status', {}, (event) => { status.value = event; });

  return { info, status, connection, lostBecause, observer };
});
