// A PV's live state in a component: let go when the component goes, when its name changes, and while its tab is hidden.
import type { PvState } from '@shared/pv';
import { computed, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue';
import { pvs, writePv, type WatchedPv } from '../stores/pvs';
import { useVisible } from './useVisible';

/** undefined: no name, or nothing heard of it yet. */
export function usePv(name: MaybeRefOrGetter<string>): Readonly<Ref<PvState | undefined>> {
  const watched = shallowRef<WatchedPv>();
  const visible = useVisible();
  watch([() => toValue(name).trim(), visible] as const, ([pv, shown], _before, onCleanup) => {
    if (!pv || !shown) return;
    const own = pvs.watch(pv);
    watched.value = own;
    onCleanup(() => {
      own.dispose();
      if (watched.value === own) watched.value = undefined;
    });
  }, { immediate: true });
  return computed(() => watched.value?.state.value);
}

export { writePv };
