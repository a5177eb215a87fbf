// An mca record: erases and counts for its preset time (ERST, put-callback), then gives the spectrum and its total.
import type { DataKey } from '@shared/documents';
import type { Readings } from '@shared/messages';
import type { PvAccess } from '../pv/pvAccess';
import type { ActionContext, Readable, Stoppable, Triggerable } from './device';
import { dataKeyName } from './naming';
import { PvGroup } from './pvGroup';
import { PvHandle } from './pvHandle';

export class Mca implements Readable, Triggerable, Stoppable {
  readonly kind = 'mca';
  readonly hints: readonly string[];
  readonly #group: PvGroup;
  readonly #spectrum: PvHandle;
  readonly #start: PvHandle;
  readonly #stop: PvHandle;
  readonly #preset: PvHandle;
  readonly #key: string;

  constructor(access: PvAccess, readonly name: string, readonly pv: string) {
    this.#key = dataKeyName(name);
    this.hints = [`${this.#key}_total`];
    this.#group = new PvGroup(access);
    this.#spectrum = this.#group.need(`${pv}.VAL`);
    this.#start = this.#group.need(`${pv}.ERST`);
    this.#stop = this.#group.use(`${pv}.STOP`);
    this.#preset = this.#group.use(`${pv}.PRTM`);
  }

  get connected(): boolean { return this.missing === null; }
  get missing(): string | null { return this.#group.missing; }

  connect(options: { timeout: number; signal?: AbortSignal }): Promise<void> {
    return this.#group.connect(options);
  }

  describe(): Readonly<Record<string, DataKey>> {
    const spectrum = this.#spectrum.dataKey(this.name);
    const { dtype_numpy: _type, ...total } = spectrum;
    return { [`${this.#key}_total`]: { ...total, dtype: 'number', shape: [] }, [this.#key]: spectrum };
  }

  async trigger({ signal, writer, report }: ActionContext): Promise<void> {
    const seconds = this.#preset.number;
    report(`counting ${this.name}${seconds ? ` for ${seconds} s` : ''}`);
    await this.#start.put(1, writer, { wait: true, seconds: seconds ? 10 + 3 * seconds : 0, signal });
  }

  async read({ signal }: ActionContext): Promise<Readings> {
    const spectrum = PvHandle.reading(await this.#spectrum.get(signal));
    let total = 0;
    if (ArrayBuffer.isView(spectrum.value)) spectrum.value.forEach((counts) => { total += counts; });
    return { [`${this.#key}_total`]: { ...spectrum, value: total }, [this.#key]: spectrum };
  }

  async stop({ writer, signal }: ActionContext): Promise<void> {
    await this.#stop.put(1, { ...writer, source: 'stop' }, { wait: false, seconds: 2, signal });
  }

  dispose(): void {
    this.#group.dispose();
  }
}
