// Waiting that can be given up: every wait of a device ends when its signal fires, whatever the hardware does.
import { InterruptedError } from './device';

/** The promise, or `InterruptedError` as soon as the signal fires. A later failure of the promise is not lost noisily. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new InterruptedError(what));
    if (signal.aborted) {
      promise.catch(() => undefined);
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(
      (value) => {
        signal.removeEventListener('abort', onAbort);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', onAbort);
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
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(new InterruptedError(what));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, Math.min(seconds * 1000, 2 ** 31 - 1));
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
