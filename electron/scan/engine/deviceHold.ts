// A device that is gone holds the scan until it is back.
import type { DisposableStore } from '@shared/disposable';
import type { DisconnectedError } from '../../devices/device';
import type { Holds } from './holds';
import type { WatchPv } from './suspenders';

/** Milliseconds between a device's return and the scan's going on. */
const returnDelay = 500;

/** Gives the key of the hold. */
export function holdForDevice(error: DisconnectedError, scope: DisposableStore, watchPv: WatchPv, holds: Holds): string {
  const key = `device:${error.pv}`;
  holds.add(key, { message: `${error.message} The scan goes on when it is back.`, now: true });
  let timer: ReturnType<typeof setTimeout> | null = null;
  const watch = scope.add(watchPv(error.pv, (state) => {
    const isBack = state.connection === 'connected' && state.staleSince === null;
    if (isBack && timer === null) {
      timer = setTimeout(() => {
        watch.dispose();
        holds.remove(key);
      }, returnDelay);
    } else if (!isBack && timer !== null) {
      clearTimeout(timer);
      timer = null;
    }
  }));
  return key;
}
