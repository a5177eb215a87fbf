// An EPICS motor record: a move ends when its put-callback came, DMOV is 1 and the readback is within the dead band.
import type { Disposable } from '@shared/disposable';
import type { Readings } from '@shared/messages';
import type { PvState } from '@shared/pv';
import type { PvAccess } from '../pv/pvAccess';
import { delay } from './abortable';
import { DeviceError, type ActionContext, type Adjustable, type Paced, type Readable, type Setting, type Stoppable, type Subscribable, type Travel } from './device';
import { MotorPvs } from './motorPvs';
import { MoveWatch, stallTime } from './moveWatch';
import { dataKeyName, quantity } from './naming';
import { isLater, PvHandle } from './pvHandle';

export interface MotorOptions {
  /** In its unit; else RDBD, else one step of its precision. */
  readonly tolerance?: number;
  readonly settle?: number;
  readonly limits?: { readonly low: number; readonly high: number };
}

/** Milliseconds that readback and DMOV may come later than the put-callback. */
const lag = 500;
/** Milliseconds after which DMOV is asked for, where no update tells of it. */
const lookEvery = 1000;
const modes = ['Stop', 'Pause'] as const;

export class Motor implements Subscribable, Paced, Adjustable, Stoppable {
  readonly kind = 'motor';
  readonly hints: readonly string[];
  readonly #pvs: MotorPvs;
  readonly #key: string;

  constructor(access: PvAccess, readonly name: string, readonly pv: string, private readonly options: MotorOptions = {}) {
    this.#pvs = new MotorPvs(access, pv);
    this.#key = dataKeyName(name);
    this.hints = [this.#key];
  }

  get connected(): boolean { return this.missing === null; }
  get missing(): string | null { return this.#pvs.group.missing; }

  connect(options: { timeout: number; signal?: AbortSignal }): Promise<void> {
    return this.#pvs.group.connect(options);
  }

  get travel(): Travel {
    const soft = this.#pvs.softLimits;
    const extra = this.options.limits;
    return {
      units: this.#pvs.units, position: this.#pvs.readback.number,
      low: soft || extra ? Math.max(soft?.low ?? -Infinity, extra?.low ?? -Infinity) : null,
      high: soft || extra ? Math.min(soft?.high ?? Infinity, extra?.high ?? Infinity) : null,
      speed: this.#pvs.speed.number, acceleration: this.#pvs.acceleration.number ?? 0, settle: this.options.settle ?? 0,
    };
  }

  get #tolerance(): number {
    const deadband = this.#pvs.deadband.number ?? 0;
    return this.options.tolerance ?? Math.max(deadband, 10 ** -this.#pvs.precision);
  }

  isAt(value: number | string): boolean {
    const now = this.#pvs.readback.number;
    return typeof value === 'number' && now !== null && Math.abs(now - value) <= this.#tolerance * (1 + 1e-9);
  }

  check(value: number | string): void {
    const { units } = this.#pvs;
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new DeviceError('OUT_OF_LIMITS', this.name, `${this.name} was not moved: ${String(value)} is not a position. Enter a number.`);
    }
    const say = (side: string, field: string, limit: number, bound: string, change: string) => new DeviceError('OUT_OF_LIMITS', this.name,
      `${this.name} was not moved: ${quantity(value, units)} is ${side} limit (${field} ${quantity(limit, units)}). Enter at ${bound} ${quantity(limit, '')}, or ${change} the limit in the motor's settings.`);
    const soft = this.#pvs.softLimits;
    if (soft && value > soft.high) throw say('above its high', 'HLM', soft.high, 'most', 'raise');
    if (soft && value < soft.low) throw say('below its low', 'LLM', soft.low, 'least', 'lower');
    const { limits } = this.options;
    if (limits && (value > limits.high || value < limits.low)) {
      throw new DeviceError('OUT_OF_LIMITS', this.name,
        `${this.name} was not moved: ${quantity(value, units)} is outside the profile's limits (${quantity(limits.low, units)} to ${quantity(limits.high, units)}). Enter a position between them, or change the profile.`);
    }
    const mode = this.#pvs.mode.number;
    if (mode !== null && mode in modes) {
      throw new DeviceError('MOTOR_STOPPED', this.name, `${this.name} was not moved: it is held by SPMG "${modes[mode as 0 | 1]}". Set ${this.pv}.SPMG to Go.`);
    }
  }

  async set(value: number | string, context: ActionContext): Promise<void> {
    this.check(value);
    const target = Number(value);
    const { signal, writer, report } = context;
    report(`moving ${this.name} to ${quantity(Number(target.toFixed(this.#pvs.precision)), this.#pvs.units)}`);
    const seconds = this.#timeLimit(target);
    let fail: (error: DeviceError) => void = () => undefined;
    const failed = new Promise<never>((_resolve, reject) => { fail = reject; });
    failed.catch(() => undefined);
    const watch = new MoveWatch(this.#pvs, seconds, {
      stalled: () => fail(new DeviceError('STALLED', this.name, `${this.name} has not moved for ${stallTime} s: its readback does not change. Check the motor, its amplifier and its brake.`)),
      late: () => fail(new DeviceError('MOVE_TIMEOUT', this.name,
        `${this.name} did not arrive at ${quantity(target, this.#pvs.units)} within ${Math.round(seconds)} s, which is long for this distance and speed. Check the motor.`)),
    });
    try {
      await Promise.race([this.#pvs.value.put(target, writer, { wait: true, seconds: 0, signal }), failed]);
    } finally {
      watch.dispose();
    }
    await this.#confirm(target, signal);
    if (this.options.settle) await delay(this.options.settle, signal, `Settling of ${this.name}`);
  }

  /** From distance, VELO and ACCL, with half as much again and 10 s more. */
  #timeLimit(target: number): number {
    const { position, speed, acceleration } = this.travel;
    if (position === null || speed === null || speed <= 0) return 3600;
    return 10 + 1.5 * (Math.abs(target - position) / speed + 2 * acceleration);
  }

  /** The callback says that it ended; the wire says whether it arrived. */
  async #confirm(target: number, signal: AbortSignal): Promise<void> {
    const [done, readback] = await Promise.all([this.#pvs.done.get(signal), this.#pvs.readback.get(signal)]);
    const near = (value: unknown): boolean => typeof value === 'number' && Math.abs(value - target) <= this.#tolerance * (1 + 1e-9);
    if (done.value === 1 && near(readback.value)) return;
    if (done.value !== 1) await this.#untilDone(done, this.#timeLimit(target), signal);
    if (await this.#pvs.readback.until((state) => near(state.value), lag, signal)) return;
    const last = await this.#pvs.readback.get(signal);
    if (near(last.value)) return;
    const where = typeof last.value === 'number' ? quantity(last.value, this.#pvs.units) : 'an unknown place';
    const why = this.#pvs.atHigh.number === 1 ? 'it reached its high limit switch (HLS)'
      : this.#pvs.atLow.number === 1 ? 'it reached its low limit switch (LLS)' : 'it was stopped, or its IOC refused the move';
    throw new DeviceError('NOT_ARRIVED', this.name,
      `${this.name} did not arrive at ${quantity(target, this.#pvs.units)}: it stands at ${where}, ${why}. Check the motor, then start again.`);
  }

  /** By what the record says when asked: the last update that came may be of before the move. */
  async #untilDone(last: PvState, seconds: number, signal: AbortSignal): Promise<void> {
    const end = performance.now() + seconds * 1000;
    for (let state = last; state.value !== 1 && performance.now() < end; state = await this.#pvs.done.get(signal)) {
      const { timestamp } = state;
      await this.#pvs.done.until((now) => now.value === 1 && !isLater(timestamp, now.timestamp), lookEvery, signal);
    }
  }

  subscribe(listener: (readings: Readings) => void): Disposable {
    return this.#pvs.readback.onValue((state) => listener({ [this.#key]: PvHandle.reading(state), [`${this.#key}_setpoint`]: PvHandle.reading(this.#pvs.value.state) }));
  }

  get speed(): number | null { return this.#pvs.speed.number; }

  async setSpeed(speed: number, { writer, signal }: ActionContext): Promise<void> {
    await this.#pvs.speed.put(speed, writer, { wait: true, seconds: 5, signal });
  }

  setting(name: string): Setting | null {
    if (name !== 'speed') return null;
    return { title: 'speed (VELO)', pv: this.#pvs.speed.name, now: this.speed, say: (value) => quantity(value, `${this.#pvs.units}/s`), put: (value, context) => this.setSpeed(value, context) };
  }

  async stop({ writer, signal }: ActionContext): Promise<void> {
    if (!this.#pvs.stop.connected) await this.#pvs.stop.ready(1, signal);
    await this.#pvs.stop.put(1, { ...writer, source: 'stop' }, { wait: false, seconds: 2, signal });
  }

  describe(): ReturnType<Readable['describe']> {
    return { [this.#key]: this.#pvs.readback.dataKey(this.name), [`${this.#key}_setpoint`]: this.#pvs.value.dataKey(this.name) };
  }

  configuration(): ReturnType<NonNullable<Readable['configuration']>> {
    const parts = [['velocity', this.#pvs.speed], ['acceleration_time', this.#pvs.acceleration]] as const;
    // The record gives VELO the units of the position.
    const units = { velocity: `${this.#pvs.units}/s`, acceleration_time: 's' } as const;
    const known = parts.filter(([, handle]) => handle.connected).map(([label, handle]) => [`${this.#key}_${label}`, handle, units[label]] as const);
    return {
      data: Object.fromEntries(known.map(([key, handle]) => [key, PvHandle.reading(handle.state)])),
      keys: Object.fromEntries(known.map(([key, handle, unit]) => [key, { ...handle.dataKey(this.name), units: unit }])),
    };
  }

  async read({ signal }: ActionContext): Promise<Readings> {
    const [readback, setpoint] = await Promise.all([this.#pvs.readback.get(signal), this.#pvs.value.get(signal)]);
    return { [this.#key]: PvHandle.reading(readback), [`${this.#key}_setpoint`]: PvHandle.reading(setpoint) };
  }

  dispose(): void {
    this.#pvs.group.dispose();
  }
}
