// A value that follows another one at the pace of a reader: figures that change faster can not be read.
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';

/** Milliseconds between two changes of what is shown. */
const pace = 100;

/** `whose`: where this changes, it is followed at once. */
export function usePaced<T>(source: () => T, whose: () => unknown): Readonly<ShallowRef<T>> {
  const shown = shallowRef(source()) as ShallowRef<T>;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shownAt = 0;
  function show(): void {
    clearTimeout(timer);
    timer = undefined;
    shownAt = performance.now();
    shown.value = source();
  }
  watch(() => [source(), whose()] as const, ([, owner], [, before]) => {
    const wait = owner === before ? shownAt + pace - performance.now() : 0;
    if (wait <= 0) show();
    else timer ??= setTimeout(show, wait);
  });
  onScopeDispose(() => clearTimeout(timer));
  return shown;
}
