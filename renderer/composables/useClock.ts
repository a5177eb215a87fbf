// The time now, in steps of a second, while the component can be seen: ages count on without a timer each.
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import { useVisible } from './useVisible';

const now = shallowRef(Date.now());
let users = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void { now.value = Date.now(); }
function use(change: 1 | -1): void {
  users += change;
  if (users === 0) clearInterval(timer);
  if (users === 1 && change === 1) {
    tick();
    timer = setInterval(tick, 1000);
  }
}

/** Unix milliseconds. */
export function useClock(): Readonly<Ref<number>> {
  const visible = useVisible();
  let using = false;
  const set = (wanted: boolean) => {
    if (wanted === using) return;
    using = wanted;
    use(wanted ? 1 : -1);
  };
  watch(visible, set, { immediate: true });
  onScopeDispose(() => set(false));
  return now;
}
