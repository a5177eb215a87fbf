// A plain PV as a detector: each trigger takes a value that is newer than the trigger.
import type { Disposable } from '@shared/disposable';
import type { PvState } from '@shared/pv';
import type { Readings } from '@shared/messages';
import type { PvAccess } from '../pv/pvAccess';
import type { ActionContext, Readable, Subscribable, Triggerable } from './device';
import { dataKeyName } from './naming';
import { PvGroup } from './pvGroup';
import { PvHandle } from './pvHandle';
import { scanPeriod } from './scanPeriod';

/** Milliseconds: a PV that updates by itself more slowly is asked instead of awaited. */
const longestPeriod = 2500;

/**
 * A value that was measured after this call. Of a record that is scanned by time: its next update, or, where that never comes
 * because the value did not change, what it holds once it must have been processed again. Of a PV whose period is not known
 * from its record but from its updates: the next one, as the present value may have been measured while a motor still moved.
 * Of any other the answer to a get. Errors: `DisconnectedError`.
 */
async function freshValue(handle: PvHandle, scanned: number | null, signal: AbortSignal): Promise<PvState> {
  if (scanned !== null) return await handle.next(1.1 * scanned + 50, signal) ?? handle.get(signal);
  const { period } = handle;
  if (period !== null && period <= longestPeriod) {
    const update = await handle.next(1.5 * period + 50, signal);
    if (update) return update;
  }
  return handle.get(signal);
}

/** Milliseconds that an interrupt is waited for, at first and where none came the last time; and between two looks. */
const interruptLimit = 2500;
const silentLimit = 250;
const lookEvery = 25;

/**
 * A value of an interrupt that came after this call. Each processing gives the record a new time stamp, also one whose value stays within
 * the dead band and so posts nothing: the record is asked until its time stamp is another. Of one that nothing comes from, what it holds.
 */
async function valueAfterInterrupt(handle: PvHandle, milliseconds: number, signal: AbortSignal): Promise<{ state: PvState; came: boolean }> {
  const before = PvHandle.time(await handle.get(signal), 0);
  const end = performance.now() + milliseconds;
  for (;;) {
    const update = await handle.next(lookEvery, signal);
    const state = update ?? await handle.get(signal);
    if (PvHandle.time(state, 0) !== before) return { state, came: true };
    if (performance.now() >= end) return { state, came: false };
  }
}

export class Counter implements Subscribable, Triggerable {
  readonly hints: readonly string[];
  protected readonly group: PvGroup;
  protected readonly value: PvHandle;
  protected readonly key: string;
  #taken: PvState | null = null;
  /** Milliseconds between the record's processings by its SCAN field, asked for once; null where it has none or is not periodic. */
  #scanned: Promise<number | 'interrupt' | null> | null = null;
  #silent = false;

  constructor(private readonly access: PvAccess, readonly name: string, readonly pv: string, readonly kind: 'counter' | 'pv' | 'positioner' = 'counter') {
    this.group = new PvGroup(access);
    this.value = this.group.need(pv);
    this.key = dataKeyName(name);
    this.hints = [this.key];
  }

  get connected(): boolean { return this.group.missing === null; }
  get missing(): string | null { return this.group.missing; }

  async connect(options: { timeout: number; signal?: AbortSignal }): Promise<void> {
    await this.group.connect(options);
    await (this.#scanned ??= scanPeriod(this.access, this.pv));
  }

  describe(): ReturnType<Readable['describe']> {
    return { [this.key]: this.value.dataKey(this.name) };
  }

  async trigger({ signal }: ActionContext): Promise<void> {
    this.#taken = null;
    const scanned = await (this.#scanned ??= scanPeriod(this.access, this.pv));
    if (scanned !== 'interrupt') {
      this.#taken = await freshValue(this.value, scanned, signal);
      return;
    }
    const { state, came } = await valueAfterInterrupt(this.value, this.#silent ? silentLimit : interruptLimit, signal);
    this.#silent = !came;
    this.#taken = state;
  }

  async read({ signal }: ActionContext): Promise<Readings> {
    const state = this.#taken ?? await this.value.get(signal);
    this.#taken = null;
    return { [this.key]: PvHandle.reading(state) };
  }

  subscribe(listener: (readings: Readings) => void): Disposable {
    return this.value.onValue((state) => listener({ [this.key]: PvHandle.reading(state) }));
  }

  dispose(): void {
    this.group.dispose();
  }
}
