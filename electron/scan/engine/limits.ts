// Waiting with a limit, for cleaning up: what hangs must not hang the rest.

/** Resolves when the promise ends, however it ends, or after `milliseconds`; true where it succeeded in time. */
export function within(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = milliseconds === Infinity ? undefined : setTimeout(() => resolve(false), milliseconds);
    const end = (good: boolean) => (): void => {
      clearTimeout(timer);
      resolve(good);
    };
    promise.then(end(true), end(false));
  });
}

/** An aborting signal after `milliseconds`; `end` when it is no longer needed. */
export function limitedSignal(milliseconds: number): { readonly signal: AbortSignal; abort(): void; end(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), milliseconds);
  return { signal: controller.signal, abort: () => controller.abort(), end: () => clearTimeout(timer) };
}
