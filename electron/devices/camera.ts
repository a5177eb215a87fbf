// An areaDetector camera: acquires (put-callback on Acquire), then gives the frame's total, mean and number, and the image itself.
import type { DataKey } from '@shared/documents';
import type { Readings } from '@shared/messages';
import type { NumericArray } from '@shared/pv';
import type { PvAccess } from '../pv/pvAccess';
import { DeviceError, type ActionContext, type Adjustable, type Readable, type Setting, type Stageable, type Stoppable, type Triggerable } from './device';
import { dataKeyName } from './naming';
import { numpyType } from './numpyType';
import { PvGroup } from './pvGroup';
import { isLater, PvHandle } from './pvHandle';

/** ImageMode of areaDetector's ADDriver. */
const continuous = 2;
const single = 0;
/** Milliseconds that the image may come after the end of its acquisition. */
const imageLimit = 5000;

export class Camera implements Readable, Triggerable, Stoppable, Stageable, Adjustable {
  readonly kind = 'camera';
  readonly hints: readonly string[];
  readonly #group: PvGroup;
  readonly #acquire: PvHandle;
  readonly #counter: PvHandle;
  readonly #image: PvHandle;
  readonly #mode: PvHandle;
  readonly #exposure: PvHandle;
  readonly #width: PvHandle;
  readonly #height: PvHandle;
  readonly #key: string;
  #modeBefore: number | null = null;

  /** `pv`: the detector's prefix, e.g. `SIM:DET1`; its pictures come by pvAccess with `pva://SIM:DET1`, or from the PV `image`. */
  constructor(access: PvAccess, readonly name: string, readonly pv: string, image?: string) {
    const byPva = pv.startsWith('pva://');
    const prefix = pv.replace(/^(ca|pva):\/\//, '').replace(/:$/, '').replace(/:cam\d+$/, '');
    this.#key = dataKeyName(name);
    this.hints = [`${this.#key}_total`];
    this.#group = new PvGroup(access);
    this.#acquire = this.#group.need(`${prefix}:cam1:Acquire`);
    this.#counter = this.#group.need(`${prefix}:cam1:ArrayCounter_RBV`);
    this.#image = this.#group.need(image ?? (byPva ? `pva://${prefix}:Pva1:Image` : `${prefix}:image1:ArrayData`));
    this.#mode = this.#group.use(`${prefix}:cam1:ImageMode`);
    this.#exposure = this.#group.use(`${prefix}:cam1:AcquireTime`);
    this.#width = this.#group.use(`${prefix}:cam1:ArraySizeX_RBV`);
    this.#height = this.#group.use(`${prefix}:cam1:ArraySizeY_RBV`);
  }

  get connected(): boolean { return this.missing === null; }
  get missing(): string | null { return this.#group.missing; }

  connect(options: { timeout: number; signal?: AbortSignal }): Promise<void> {
    return this.#group.connect(options);
  }

  describe(): Readonly<Record<string, DataKey>> {
    const number = (handle: PvHandle, dtype: 'number' | 'integer', units: string): DataKey => ({ source: handle.name.includes('://') ? handle.name : `ca://${handle.name}`, dtype, shape: [], units, object_name: this.name });
    return {
      [`${this.#key}_total`]: number(this.#image, 'number', 'counts'), [`${this.#key}_mean`]: number(this.#image, 'number', 'counts'),
      [`${this.#key}_frame`]: number(this.#counter, 'integer', ''),
      [`${this.#key}_image`]: { ...number(this.#image, 'number', 'counts'), dtype: 'array', ...this.#frame() },
    };
  }

  /** Rows first, where the camera's sizes are those of the image. */
  #frame(): Pick<DataKey, 'shape' | 'dtype_numpy'> {
    const { value } = this.#image.state;
    const pixels = ArrayBuffer.isView(value) ? value : new Uint8Array();
    const [width, height] = [this.#width.number ?? 0, this.#height.number ?? 0];
    return { shape: width * height === pixels.length ? [height, width] : [pixels.length], dtype_numpy: numpyType(pixels) };
  }

  configuration(): ReturnType<NonNullable<Readable['configuration']>> {
    const key = `${this.#key}_acquire_time`;
    return this.#exposure.connected
      ? { data: { [key]: PvHandle.reading(this.#exposure.state) }, keys: { [key]: this.#exposure.dataKey(this.name) } } : { data: {}, keys: {} };
  }

  /** A camera in continuous mode never completes an acquisition. */
  async stage({ signal, writer }: ActionContext): Promise<void> {
    const mode = this.#mode.number;
    // What a scan left unfinished is put back by the next one, unless somebody chose another mode since.
    if (mode !== single && mode !== null) this.#modeBefore = null;
    if (mode !== continuous) return;
    this.#modeBefore = continuous;
    if (this.#acquire.number === 1) await this.#acquire.put(0, writer, { wait: false, seconds: 5, signal });
    await this.#mode.put(single, writer, { wait: true, seconds: 5, signal });
  }

  async unstage({ signal, writer }: ActionContext): Promise<void> {
    if (this.#modeBefore === null) return;
    await this.#mode.put(this.#modeBefore, writer, { wait: false, seconds: 5, signal });
    this.#modeBefore = null;
  }

  get changed(): NonNullable<Stageable['changed']> {
    return this.#modeBefore === null ? [] : [{ setting: 'image_mode', before: this.#modeBefore, set: single }];
  }

  setting(name: string): Setting | null {
    if (name !== 'image_mode') return null;
    return {
      title: 'ImageMode', pv: this.#mode.name, now: this.#mode.number, say: (value) => this.#mode.state.states?.[value] ?? String(value),
      put: (value, { signal, writer }) => this.#mode.put(value, writer, { wait: false, seconds: 5, signal }),
    };
  }

  async trigger({ signal, writer, report }: ActionContext): Promise<void> {
    const seconds = this.#exposure.number;
    report(`acquiring with ${this.name}${seconds === null ? '' : ` for ${seconds} s`}`);
    // By the server's word: the last update that came here may be older than the image that is there.
    const { timestamp } = await this.#image.get(signal, 1);
    await this.#acquire.put(1, writer, { wait: true, seconds: seconds === null ? 0 : 30 + 3 * seconds, signal });
    // The plugin may still be at work when the camera is done; one that is switched off keeps the image of before.
    if (timestamp === null || await this.#image.until((state) => isLater(state.timestamp, timestamp), imageLimit, signal)) return;
    throw new DeviceError('NO_IMAGE', this.name,
      `${this.name} gave no new image: ${this.#image.name} did not change within ${imageLimit / 1000} s of the acquisition. Enable the detector's image plugin (EnableCallbacks), and check what it gets its images from.`);
  }

  async read({ signal }: ActionContext): Promise<Readings> {
    const [image, counter] = await Promise.all([this.#image.get(signal), this.#counter.get(signal)]);
    const { value } = image;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new DeviceError('NO_IMAGE', this.name, `${this.name} gave no image: ${this.#image.name} is no array of numbers. Enable the detector's image plugin (EnableCallbacks).`);
    }
    const pixels = value as NumericArray;
    let total = 0;
    for (let index = 0; index < pixels.length; index++) total += pixels[index] ?? 0;
    const { timestamp } = PvHandle.reading({ ...image, value: null });
    return {
      [`${this.#key}_total`]: { value: total, timestamp }, [`${this.#key}_mean`]: { value: pixels.length > 0 ? total / pixels.length : 0, timestamp },
      [`${this.#key}_frame`]: PvHandle.reading(counter), [`${this.#key}_image`]: { value: pixels, timestamp },
    };
  }

  async stop({ writer, signal }: ActionContext): Promise<void> {
    await this.#acquire.put(0, { ...writer, source: 'stop' }, { wait: false, seconds: 2, signal });
  }

  dispose(): void {
    this.#group.dispose();
  }
}
