// Suspenders of the profile: hold the scan while a PV is outside its band, and let it go `settle` seconds after it came back.
import { DisposableStore, type Disposable } from '@shared/disposable';
import type { Profile } from '@shared/profile';
import type { PvState } from '@shared/pv';
import { quantity } from '../../devices/naming';
import type { Holds } from './holds';

type Suspender = Profile['suspenders'][number];
export type WatchPv = (pv: string, listener: (state: PvState) => void) => Disposable;

/** Why it holds, null where all is well. */
export function reasonToSuspend({ pv, low, high }: Suspender, state: PvState): string | null {
  if (state.connection !== 'connected') return `${pv} is not connected.`;
  if (state.staleSince !== null) return `${pv} gave no new value yet.`;
  if (typeof state.value !== 'number' || Number.isNaN(state.value)) return `${pv} is no number.`;
  const units = state.units ?? '';
  if (low !== undefined && state.value < low) return `${pv} is ${quantity(state.value, units)}, below ${quantity(low, units)}.`;
  if (high !== undefined && state.value > high) return `${pv} is ${quantity(state.value, units)}, above ${quantity(high, units)}.`;
  return null;
}

/** Watches until disposed of. */
export function suspend(suspenders: readonly Suspender[], watch: WatchPv, holds: Holds): Disposable {
  const store = new DisposableStore();
  for (const [index, suspender] of suspenders.entries()) {
    const key = `suspender:${index}`;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const cancel = (): void => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    };
    store.add(watch(suspender.pv, (state) => {
      const reason = reasonToSuspend(suspender, state);
      if (reason !== null) {
        cancel();
        holds.add(key, { message: `Waiting: ${reason}`, now: true });
      } else if (holds.has(key) && timer === null) {
        timer = setTimeout(() => {
          timer = null;
          holds.remove(key);
        }, suspender.settle * 1000);
      }
    }));
    store.add({ dispose: cancel });
  }
  return store;
}
