// The image or spectrum of one point of a run: asked for one at a time, the latest wish next; the last one stays until the new one is there.
import type { RunFrame } from '@shared/frames';
import { shallowRef, watch } from 'vue';
import { bridge } from '../../bridge';
import type { Bridge } from '../../bridge/bridge';

export interface WantedFrame { readonly uid: string; readonly key: string; readonly point: number }

const isSame = (one: WantedFrame | null, other: WantedFrame): boolean => one?.uid === other.uid && one.key === other.key && one.point === other.point;

export function useRunFrame(wanted: () => WantedFrame | null, source: Pick<Bridge, 'call'> = bridge) {
  /** `frame` null: the point has none. */
  const shown = shallowRef<(WantedFrame & { readonly frame: RunFrame | null }) | null>(null);
  const failed = shallowRef<unknown>(null);
  let asking = false;

  async function ask(): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      for (let next = wanted(); next && !isSame(shown.value, next); next = wanted()) {
        const frame = await source.call('runs.frame', next);
        shown.value = { ...next, frame };
      }
      failed.value = null;
    } catch (error) {
      failed.value = error;
    } finally {
      asking = false;
    }
  }
  watch(wanted, (next, before) => {
    // Another run's picture is none of this one.
    if (next?.uid !== before?.uid || next?.key !== before?.key) shown.value = null;
    void ask();
  }, { immediate: true });
  return { shown, failed, ask };
}
