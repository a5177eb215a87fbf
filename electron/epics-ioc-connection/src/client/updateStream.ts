// A bounded buffer between a source that does not wait and a reader that takes its time: it keeps the newest, and counts what it dropped.
import type { Disposable } from '../api';
import { disposeSymbol } from '../disposal';

interface Reader<Item> { resolve(result: IteratorResult<Item, undefined>): void; reject(error: unknown): void }

/** Read it with `for await`; `break`, `return` and `dispose` end the source. */
export class UpdateStream<Item> implements AsyncIterableIterator<Item>, Disposable {
  private items: Item[] = [];
  private readonly readers: Reader<Item>[] = [];
  private over = false;
  private failure: { readonly error: unknown } | null = null;
  private lost = 0;
  private onEnd: (() => void) | null = null;

  /** `capacity`: items that wait for the reader at most. */
  constructor(private readonly capacity: number) {}

  /** Items that the reader was too slow for, since the beginning. */
  get dropped(): number { return this.lost; }
  /** Items that wait for the reader. */
  get waiting(): number { return this.items.length; }
  get ended(): boolean { return this.over; }
  /** Something came, or the end. */
  get arrived(): boolean { return this.over || this.items.length > 0; }

  /** Called once, when the reader or the source has ended it. */
  whenEnded(act: () => void): void {
    if (this.over) act();
    else this.onEnd = act;
  }

  push(item: Item): void {
    if (this.over) return;
    const reader = this.readers.shift();
    if (reader) return reader.resolve({ done: false, value: item });
    this.items.push(item);
    if (this.items.length <= this.capacity) return;
    this.items.shift();
    this.lost += 1;
  }

  /** The source ends: the reader gets what waits, then the end. */
  end(): void { this.finish(); }

  /** The source fails: the reader gets what waits, then the error once. */
  fail(error: unknown): void {
    if (this.over) return;
    this.failure = { error };
    this.finish();
  }

  /** The reader's caller wants no more, now. */
  abort(error: unknown): void {
    this.items = [];
    this.fail(error);
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    if (this.items.length > 0) return Promise.resolve({ done: false, value: this.items.shift() as Item });
    const { failure } = this;
    this.failure = null;
    if (failure) return Promise.reject(failure.error);
    if (this.over) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => { this.readers.push({ resolve, reject }); });
  }

  return(): Promise<IteratorResult<Item, undefined>> {
    this.dispose();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this { return this; }

  dispose(): void {
    this.items = [];
    this.failure = null;
    this.finish();
  }

  [disposeSymbol](): void { this.dispose(); }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    for (const reader of this.readers.splice(0)) {
      const { failure } = this;
      this.failure = null;
      if (failure) reader.reject(failure.error);
      else reader.resolve({ done: true, value: undefined });
    }
    const { onEnd } = this;
    this.onEnd = null;
    onEnd?.();
  }
}
