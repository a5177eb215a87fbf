// Waiting that can be given up: every wait of a device ends when its signal fires, whatever the hardware does.
import { InterruptedError } from './device';

const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls it when the signal fires; what it gives takes that back. One listener a signal serves all: adding one for each wait costs more than the wait. */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  let acts = waiting.get(signal);
  if (!acts) {
    const own = new Set<() => void>();
    acts = own;
    waiting.set(signal, own);
    signal.addEventListener('abort', () => { for (const each of [...own]) each(); }, { once: true });
  }
  const all = acts;
  all.add(act);
  return () => { all.delete(act); };
}

/** The promise, or `InterruptedError` as soon as the signal fires. A later failure of the promise is not lost noisily. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      promise.catch(() => undefined);
      reject(new InterruptedError(what));
      return;
    }
    const forget = onAbort(signal, () => reject(new InterruptedError(what)));
    promise.then(
      (value) => {
        forget();
        resolve(value);
      },
      (error: unknown) => {
        forget();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}

/** Errors: `InterruptedError`. */
export function delay(seconds: number, signal: AbortSignal, what = 'Waiting'): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new InterruptedError(what));
      return;
    }
    const forget = onAbort(signal, () => {
      clearTimeout(timer);
      reject(new InterruptedError(what));
    });
    const timer = setTimeout(() => {
      forget();
      resolve();
    }, Math.min(seconds * 1000, 2 ** 31 - 1));
  });
}
