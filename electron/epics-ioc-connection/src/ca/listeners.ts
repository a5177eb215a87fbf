// A list of callbacks, each with a disposer. One that throws does not keep the others from being called.
import { disposer } from '../disposal';
import type { Disposer } from '../disposal';

const nobody: readonly never[] = [];

export class Listeners<Arguments extends readonly unknown[]> {
  private list: readonly ((...args: Arguments) => void)[] = nobody;

  constructor(private readonly onError: (error: unknown) => void) {}

  get size(): number { return this.list.length; }

  add(listener: (...args: Arguments) => void): Disposer {
    // Its own function, so that the same listener may be added twice and disposed one by one.
    let active = true;
    const own = (...args: Arguments): void => { if (active) listener(...args); };
    this.list = this.list.concat(own);
    return disposer(() => {
      active = false;
      this.list = this.list.filter((other) => other !== own);
    });
  }

  emit(...args: Arguments): void {
    if (this.list === nobody) return;
    for (const listener of this.list) {
      try {
        listener(...args);
      } catch (error) {
        this.onError(error);
      }
    }
  }

  clear(): void { this.list = nobody; }
}
