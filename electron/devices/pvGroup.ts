// The PVs of one device: those it can't do without, and those that it uses where they are there.
import { DisposableStore, type Disposable } from '@shared/disposable';
import type { PvAccess } from '../pv/pvAccess';
import { PvHandle } from './pvHandle';

export class PvGroup implements Disposable {
  readonly #store = new DisposableStore();
  readonly #needed: PvHandle[] = [];
  readonly #useful: PvHandle[] = [];

  constructor(private readonly access: PvAccess) {}

  need(name: string): PvHandle {
    return this.#add(name, this.#needed);
  }

  use(name: string): PvHandle {
    return this.#add(name, this.#useful);
  }

  #add(name: string, list: PvHandle[]): PvHandle {
    const handle = this.#store.add(new PvHandle(this.access, name));
    list.push(handle);
    return handle;
  }

  get missing(): string | null {
    return this.#needed.find((handle) => !handle.connected)?.name ?? null;
  }

  /** Waits `timeout` seconds for those it needs, and then a moment for the others. */
  async connect(options: { timeout: number; signal?: AbortSignal }): Promise<void> {
    await Promise.all(this.#needed.map((handle) => handle.ready(options.timeout, options.signal)));
    await Promise.all(this.#useful.map((handle) => handle.ready(Math.min(options.timeout, 0.5), options.signal).catch(() => undefined)));
  }

  dispose(): void {
    this.#store.dispose();
  }
}
