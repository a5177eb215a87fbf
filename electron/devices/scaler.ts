// A scaler record: counts for its preset time (CNT, put-callback), then reads every channel that has a name.
import type { DataKey } from '@shared/documents';
import type { Readings } from '@shared/messages';
import type { PvAccess } from '../pv/pvAccess';
import type { ActionContext, Readable, Stoppable, Triggerable } from './device';
import { dataKeyName } from './naming';
import { PvGroup } from './pvGroup';
import { PvHandle } from './pvHandle';

const mostChannels = 64;

export class Scaler implements Readable, Triggerable, Stoppable {
  readonly kind = 'scaler';
  readonly #group: PvGroup;
  readonly #count: PvHandle;
  readonly #time: PvHandle;
  readonly #preset: PvHandle;
  readonly #channelCount: PvHandle;
  readonly #key: string;
  #channels: { readonly key: string; readonly counts: PvHandle }[] | null = null;

  constructor(private readonly access: PvAccess, readonly name: string, readonly pv: string) {
    this.#key = dataKeyName(name);
    this.#group = new PvGroup(access);
    this.#count = this.#group.need(`${pv}.CNT`);
    this.#time = this.#group.need(`${pv}.T`);
    this.#preset = this.#group.use(`${pv}.TP`);
    this.#channelCount = this.#group.use(`${pv}.NCH`);
  }

  get hints(): readonly string[] {
    // S1 counts the scaler's own clock on every scaler that has one.
    const named = (this.#channels ?? []).map((channel) => channel.key);
    return named.length > 1 ? named.slice(1) : named;
  }
  get connected(): boolean { return this.missing === null; }
  /** Not connected before its channels' names are known. */
  get missing(): string | null { return this.#channels === null ? this.#count.name : this.#group.missing; }

  async connect(options: { timeout: number; signal?: AbortSignal }): Promise<void> {
    await this.#group.connect(options);
    this.#channels ??= await this.#findChannels(options);
    await this.#group.connect(options);
  }

  async #findChannels(options: { timeout: number; signal?: AbortSignal }): Promise<{ key: string; counts: PvHandle }[]> {
    const count = Math.min(this.#channelCount.number ?? 16, mostChannels);
    const names = await Promise.all(Array.from({ length: count }, async (_, index) => {
      const state = await this.access.ready(`${this.pv}.NM${index + 1}`, options).catch(() => null);
      return typeof state?.value === 'string' ? state.value.trim() : '';
    }));
    return names.flatMap((label, index) => label === '' ? []
      : [{ key: `${this.#key}_${dataKeyName(label)}`, counts: this.#group.need(`${this.pv}.S${index + 1}`) }]);
  }

  describe(): Readonly<Record<string, DataKey>> {
    return {
      ...Object.fromEntries((this.#channels ?? []).map(({ key, counts }) => [key, counts.dataKey(this.name)])),
      [`${this.#key}_time`]: this.#time.dataKey(this.name),
    };
  }

  configuration(): ReturnType<NonNullable<Readable['configuration']>> {
    const key = `${this.#key}_preset_time`;
    return this.#preset.connected
      ? { data: { [key]: PvHandle.reading(this.#preset.state) }, keys: { [key]: this.#preset.dataKey(this.name) } } : { data: {}, keys: {} };
  }

  async trigger({ signal, writer, report }: ActionContext): Promise<void> {
    const seconds = this.#preset.number;
    report(`counting ${this.name}${seconds === null ? '' : ` for ${seconds} s`}`);
    await this.#count.put(1, writer, { wait: true, seconds: seconds === null ? 0 : 10 + 2 * seconds, signal });
  }

  async read({ signal }: ActionContext): Promise<Readings> {
    const channels = this.#channels ?? [];
    const [time, ...counts] = await Promise.all([this.#time.get(signal), ...channels.map((channel) => channel.counts.get(signal))]);
    return {
      ...Object.fromEntries(channels.flatMap(({ key }, index) => {
        const state = counts[index];
        return state ? [[key, PvHandle.reading(state)]] : [];
      })),
      [`${this.#key}_time`]: PvHandle.reading(time),
    };
  }

  async stop({ writer, signal }: ActionContext): Promise<void> {
    await this.#count.put(0, { ...writer, source: 'stop' }, { wait: false, seconds: 2, signal });
  }

  dispose(): void {
    this.#group.dispose();
  }
}
