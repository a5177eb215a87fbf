// A plain PV as a detector: each trigger takes a value that is newer than the trigger.
import type { PvState } from '@shared/pv';
import type { Readings } from '@shared/messages';
import type { PvAccess } from '../pv/pvAccess';
import type { ActionContext, Readable, Triggerable } from './device';
import { dataKeyName } from './naming';
import { PvGroup } from './pvGroup';
import { PvHandle } from './pvHandle';

/** Milliseconds: a PV that updates by itself more slowly is asked instead of awaited. */
const longestPeriod = 2500;

/**
 * A value that was measured after this call: of a PV that updates by itself the next update, as the IOC's present value
 * may have been measured while a motor still moved; of any other the answer to a get. Errors: `DisconnectedError`.
 */
export async function freshValue(handle: PvHandle, signal: AbortSignal): Promise<PvState> {
  const { period } = handle;
  if (period !== null && period <= longestPeriod) {
    const update = await handle.next(1.5 * period + 50, signal);
    if (update) return update;
  }
  return handle.get(signal);
}

export class Counter implements Readable, Triggerable {
  readonly hints: readonly string[];
  protected readonly group: PvGroup;
  protected readonly value: PvHandle;
  protected readonly key: string;
  #taken: PvState | null = null;

  constructor(access: PvAccess, readonly name: string, readonly pv: string, readonly kind: 'counter' | 'pv' | 'positioner' = 'counter') {
    this.group = new PvGroup(access);
    this.value = this.group.need(pv);
    this.key = dataKeyName(name);
    this.hints = [this.key];
  }

  get connected(): boolean { return this.group.missing === null; }
  get missing(): string | null { return this.group.missing; }

  connect(options: { timeout: number; signal?: AbortSignal }): Promise<void> {
    return this.group.connect(options);
  }

  describe(): ReturnType<Readable['describe']> {
    return { [this.key]: this.value.dataKey(this.name) };
  }

  async trigger({ signal }: ActionContext): Promise<void> {
    this.#taken = null;
    this.#taken = await freshValue(this.value, signal);
  }

  async read({ signal }: ActionContext): Promise<Readings> {
    const state = this.#taken ?? await this.value.get(signal);
    this.#taken = null;
    return { [this.key]: PvHandle.reading(state) };
  }

  dispose(): void {
    this.group.dispose();
  }
}
