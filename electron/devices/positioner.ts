// Any PV that can be written, as something to scan: set-point, and where there are such a readback and a "done" PV.
import type { Disposable } from '@shared/disposable';
import type { Readings } from '@shared/messages';
import type { PvAccess } from '../pv/pvAccess';
import { abortable, delay } from './abortable';
import { Counter } from './counter';
import { DeviceError, type ActionContext, type Movable, type Readable, type Stoppable, type Travel } from './device';
import { quantity } from './naming';
import { isLater, PvHandle } from './pvHandle';

export interface PositionerOptions {
  readonly kind: 'positioner' | 'pv';
  readonly readback?: string;
  /** Not 0: it has arrived. */
  readonly done?: string;
  /** 1 written to it stops the device. */
  readonly stop?: string;
  /** In its unit: how near the readback must come. */
  readonly tolerance?: number;
  /** Seconds after a move. */
  readonly settle?: number;
  /** The profile's own limits. */
  readonly limits?: { readonly low: number; readonly high: number };
}

/** Seconds for the readback to come within the tolerance, and for "done". */
const arrivalLimit = 600;
/** Milliseconds after which "done" is asked for, where no update tells of it. */
const lookEvery = 1000;

export class Positioner extends Counter implements Movable, Stoppable {
  readonly #readback: PvHandle | null;
  readonly #done: PvHandle | null;
  readonly #stop: PvHandle | null;
  #moving = 0;

  constructor(access: PvAccess, name: string, pv: string, private readonly options: PositionerOptions) {
    super(access, name, pv, options.kind);
    this.#readback = options.readback === undefined ? null : this.group.need(options.readback);
    this.#stop = options.stop === undefined ? null : this.group.use(options.stop);
    this.#done = options.done === undefined ? null : this.group.need(options.done);
  }

  get travel(): Travel {
    const { control, units } = this.value.state;
    const own = control && control.low < control.high ? control : null;
    const extra = this.options.limits;
    return {
      units: units ?? '', position: (this.#readback ?? this.value).number,
      low: own || extra ? Math.max(own?.low ?? -Infinity, extra?.low ?? -Infinity) : null,
      high: own || extra ? Math.min(own?.high ?? Infinity, extra?.high ?? Infinity) : null,
      speed: null, acceleration: 0, settle: this.options.settle ?? 0,
    };
  }

  check(value: number | string): void {
    const { access, units = '' } = this.value.state;
    if (access && !access.write) {
      throw new DeviceError('NO_WRITE_ACCESS', this.name, `${this.name} can not be set: its IOC allows no writing to ${this.pv} from here. Choose another device, or ask for access.`);
    }
    if (typeof value !== 'number') return;
    const { low, high } = this.travel;
    const problem = high !== null && value > high ? { side: 'above its high', limit: high, bound: 'most' }
      : low !== null && value < low ? { side: 'below its low', limit: low, bound: 'least' } : null;
    if (problem) {
      throw new DeviceError('OUT_OF_LIMITS', this.name,
        `${this.name} was not set: ${quantity(value, units)} is ${problem.side} limit (${quantity(problem.limit, units)}). Enter at ${problem.bound} ${quantity(problem.limit, '')}.`);
    }
  }

  isAt(value: number | string): boolean {
    const { state } = this.#readback ?? this.value;
    if (state.connection !== 'connected') return false;
    if (typeof value === 'number' && typeof state.value === 'number') {
      return Math.abs(state.value - value) <= (this.options.tolerance ?? Math.max(1e-9, Math.abs(value) * 1e-6));
    }
    return state.value === value || (typeof state.value === 'number' && state.states?.[state.value] === value);
  }

  async set(value: number | string, { signal, writer, report }: ActionContext): Promise<void> {
    this.check(value);
    const { units = '' } = this.value.state;
    report(`setting ${this.name} to ${typeof value === 'number' ? quantity(value, units) : value}`);
    this.#moving += 1;
    try {
      await this.value.put(value, writer, { wait: true, seconds: 0, signal });
      await this.#arrive(value, signal);
    } finally {
      this.#moving -= 1;
    }
    if (this.options.settle) await delay(this.options.settle, signal, `Settling of ${this.name}`);
  }

  /** It has a PV for it, or is on its way and somebody must be told that it has none. */
  get stops(): boolean { return this.#stop !== null || this.#moving > 0; }

  /** Errors: `NO_STOP` for a device on its way that has no PV to stop it. */
  async stop({ writer, signal }: ActionContext): Promise<void> {
    const stop = this.#stop;
    if (!stop) throw new DeviceError('NO_STOP', this.name, `${this.name} can not be stopped: the profile names no PV for it. Add its "stop" to the profile.`);
    if (!stop.connected) await stop.ready(1, signal);
    await stop.put(1, { ...writer, source: 'stop' }, { wait: false, seconds: 2, signal });
  }

  async #arrive(value: number | string, signal: AbortSignal): Promise<void> {
    if (this.#done) await this.#untilDone(this.#done, signal);
    if (!this.#readback || this.options.tolerance === undefined) return;
    const arrived = await abortable(this.#readback.until(() => this.isAt(value), arrivalLimit * 1000, signal), signal, `Moving ${this.name}`);
    if (!arrived) {
      throw new DeviceError('NOT_ARRIVED', this.name,
        `${this.name} did not arrive: ${this.#readback.name} is not within ${this.options.tolerance} of ${String(value)} after ${arrivalLimit} s. Check the device, or widen the tolerance in the profile.`);
    }
  }

  /** By what its server says when asked: the last update that came may be of before the move. */
  async #untilDone(done: PvHandle, signal: AbortSignal): Promise<void> {
    const end = performance.now() + arrivalLimit * 1000;
    for (let state = await done.get(signal); state.value === 0; state = await done.get(signal)) {
      if (performance.now() >= end) throw new DeviceError('NOT_ARRIVED', this.name, `${this.name} did not report that it is done (${done.name}) within ${arrivalLimit} s. Check the device.`);
      const { timestamp } = state;
      await done.until((now) => now.value !== 0 && !isLater(timestamp, now.timestamp), lookEvery, signal);
    }
  }

  override describe(): ReturnType<Readable['describe']> {
    if (!this.#readback) return super.describe();
    return { [this.key]: this.#readback.dataKey(this.name), [`${this.key}_setpoint`]: this.value.dataKey(this.name) };
  }

  override subscribe(listener: (readings: Readings) => void): Disposable {
    const readback = this.#readback;
    if (!readback) return super.subscribe(listener);
    return readback.onValue((state) => listener({ [this.key]: PvHandle.reading(state), [`${this.key}_setpoint`]: PvHandle.reading(this.value.state) }));
  }

  override async trigger(context: ActionContext): Promise<void> {
    if (!this.#readback) await super.trigger(context);
  }

  override async read(context: ActionContext): Promise<Readings> {
    if (!this.#readback) return super.read(context);
    const [readback, setpoint] = await Promise.all([this.#readback.get(context.signal), this.value.get(context.signal)]);
    return { [this.key]: PvHandle.reading(readback), [`${this.key}_setpoint`]: PvHandle.reading(setpoint) };
  }
}
