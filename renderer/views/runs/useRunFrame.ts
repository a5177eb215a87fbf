// The image or spectrum of one point of a run: asked for one at a time, the latest wish next; the last one stays until the new one is there.
import type { RunFrame } from '@shared/frames';
import { shallowRef, watch } from 'vue';
import { bridge } from '../../bridge';
import type { Bridge } from '../../bridge/bridge';

export interface WantedFrame { readonly uid: string; readonly key: string; readonly point: number }

const isOf = (one: WantedFrame | null, other: WantedFrame): boolean => one?.uid === other.uid && one.key === other.key;
const isSame = (one: WantedFrame | null, other: WantedFrame): boolean => isOf(one, other) && one?.point === other.point;

export function useRunFrame(wanted: () => WantedFrame | null, source: Pick<Bridge, 'call'> = bridge) {
  /** `frame` null: the point has none. */
  const shown = shallowRef<(WantedFrame & { readonly frame: RunFrame | null }) | null>(null);
  const failed = shallowRef<unknown>(null);
  let asking = false;

  async function ask(): Promise<void> {
    if (asking) return;
    asking = true;
    failed.value = null;
    for (let next = wanted(); next && !isSame(shown.value, next); next = wanted()) {
      const asked = next;
      try {
        const frame = await source.call('runs.frame', asked);
        if (isOf(wanted(), asked)) shown.value = { ...asked, frame };
      } catch (error) {
        const now = wanted();
        if (!now || !isSame(now, asked)) continue;
        failed.value = error;
        break;
      }
    }
    asking = false;
  }
  watch(wanted, (next, before) => {
    // Another run's picture is none of this one.
    if (next?.uid !== before?.uid || next?.key !== before?.key) shown.value = null;
    void ask();
  }, { immediate: true });
  return { shown, failed, ask };
}
