// `using` and `await using`, also where the runtime has not got their symbols yet (Node before 18.18).
import type { Disposable } from './api';

export const disposeSymbol: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');
export const asyncDisposeSymbol: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');

/** To be ended by `dispose()`, or by the end of its block (`using`). */
export interface Disposer extends Disposable { [disposeSymbol](): void }

export function disposer(dispose: () => void): Disposer {
  return { dispose, [disposeSymbol]: dispose };
}

/** Things that end with their owner, each of which may be ended before. */
export class OwnedList implements Disposable {
  /** Most owners have one or none. */
  private list: readonly Owned[] = nothing;

  /** `inner` as something to be ended by itself: once, and the list's no more. */
  add(inner: Disposable): Disposer {
    const owned = new Owned(this, inner);
    this.list = this.list.concat(owned);
    return owned;
  }

  /** False: it was not in the list any more. */
  remove(owned: Owned): boolean {
    if (!this.list.includes(owned)) return false;
    this.list = this.list.filter((other) => other !== owned);
    return true;
  }

  dispose(): void {
    for (const owned of this.list) owned.dispose();
  }
}

class Owned implements Disposer {
  constructor(private readonly owner: OwnedList, private readonly inner: Disposable) {}

  dispose(): void {
    if (this.owner.remove(this)) this.inner.dispose();
  }

  [disposeSymbol](): void { this.dispose(); }
}

const nothing: readonly Owned[] = [];
