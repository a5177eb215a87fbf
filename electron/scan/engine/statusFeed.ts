// Tells viewers how it stands, at most ten times a second, and the last state always.
import { Emitter, type Disposable } from '@shared/disposable';
import type { EngineStatus } from '@shared/scan';

const interval = 100;

export class StatusFeed implements Disposable {
  readonly #emitter = new Emitter<EngineStatus>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #last = -Infinity;

  constructor(private readonly status: () => EngineStatus) {}

  readonly on = (listener: (status: EngineStatus) => void): Disposable => this.#emitter.on(listener);

  /** Something changed. */
  touch(): void {
    if (this.#timer !== null || this.#emitter.size === 0) return;
    const wait = this.#last + interval - performance.now();
    if (wait <= 0) this.#emit();
    else this.#timer = setTimeout(() => this.#emit(), wait);
  }

  #emit(): void {
    this.#timer = null;
    this.#last = performance.now();
    this.#emitter.emit(this.status());
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}
