// The time in whole seconds, ticking only while somebody shows an age.
import { shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from 'vue';

const now = shallowRef(Date.now());
let watchers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void { now.value = Date.now(); }

/** Unix milliseconds, renewed each second while `needed`. */
export function useNow(needed: MaybeRefOrGetter<boolean>): Readonly<ShallowRef<number>> {
  watch(() => toValue(needed), (on, _before, onCleanup) => {
    if (!on) return;
    tick();
    watchers += 1;
    timer ??= setInterval(tick, 1000);
    onCleanup(() => {
      watchers -= 1;
      if (watchers > 0) return;
      clearInterval(timer);
      timer = undefined;
    });
  }, { immediate: true });
  return now;
}
