// `using` and `await using`, also where the runtime has not got their symbols yet (Node before 18.18).
import type { Disposable } from './api';

export const disposeSymbol: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');
export const asyncDisposeSymbol: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');

/** To be ended by `dispose()`, or by the end of its block (`using`). */
export interface Disposer extends Disposable { [disposeSymbol](): void }

export function disposer(dispose: () => void): Disposer {
  return { dispose, [disposeSymbol]: dispose };
}
