// A plain PV as a detector: each trigger takes a value that is newer than the trigger.
import type { Disposable } from '@shared/disposable';
import type { PvState } from '@shared/pv';
import type { Readings } from '@shared/messages';
import type { PvAccess } from '../pv/pvAccess';
import type { ActionContext, Readable, Subscribable, Triggerable } from './device';
import { SelfUpdating, valueAfter } from './freshValue';
import { dataKeyName } from './naming';
import { PvGroup } from './pvGroup';
import { PvHandle } from './pvHandle';
import { scanPeriod } from './scanPeriod';

/** Milliseconds that an interrupt is waited for, at first and where none came the last time; and between two looks. */
const interruptLimit = 2500;
const silentLimit = 250;
const lookEvery = 25;
/** Of a record that is scanned by time: part of its period between two looks. */
const looksPerPeriod = 5;

export class Counter implements Subscribable, Triggerable {
  readonly hints: readonly string[];
  protected readonly group: PvGroup;
  protected readonly value: PvHandle;
  protected readonly key: string;
  #taken: PvState | null = null;
  /** Milliseconds between the record's processings by its SCAN field, asked for once; null where it has none or is not periodic. */
  #scanned: Promise<number | 'interrupt' | null> | null = null;
  #silent = false;
  readonly #unscanned: SelfUpdating;
  readonly #activity: string;

  constructor(private readonly access: PvAccess, readonly name: string, readonly pv: string, readonly kind: 'counter' | 'pv' | 'positioner' = 'counter') {
    this.group = new PvGroup(access);
    this.value = this.group.need(pv);
    this.#unscanned = new SelfUpdating(this.value);
    this.#activity = `reading ${name}`;
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

  /**
   * A record that is scanned by time or by interrupts: its next processing, or, where that does not show, what it holds once it must have
   * been. Where SCAN tells nothing, its updates do.
   */
  async trigger({ signal, report }: ActionContext): Promise<void> {
    this.#taken = null;
    report(this.#activity);
    const scanned = await (this.#scanned ??= scanPeriod(this.access, this.pv));
    this.#taken = scanned === null ? await this.#unscanned.value(signal)
      : scanned === 'interrupt' ? await this.#afterInterrupt(signal)
      : (await valueAfter(this.value, 1.1 * scanned + 50, Math.max(lookEvery, scanned / looksPerPeriod), signal)).state;
  }

  /** Of a record that no interrupt comes to, what it holds. */
  async #afterInterrupt(signal: AbortSignal): Promise<PvState> {
    const { state, isNew } = await valueAfter(this.value, this.#silent ? silentLimit : interruptLimit, lookEvery, signal);
    this.#silent = !isNew;
    return state;
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
